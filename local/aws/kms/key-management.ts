/** The operations of KMS that make, describe, change and retire keys. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../aws-message.ts';
import type { KeyRing } from './key-ring.ts';
import type { Key, Tag } from './key-store.ts';
import { type Operation, operation } from './operation.ts';

const DAY_MS = 86_400_000;
const KEY_BYTES = 32;
const DEFAULT_ROTATION_DAYS = 365;
const byKey = z.object({ KeyId: z.string().min(1) });
const tags = z.array(z.object({ TagKey: z.string(), TagValue: z.string() }));

const createKeyInput = z.object({
  Description: z.string().default(''),
  KeyUsage: z.literal('ENCRYPT_DECRYPT').optional(),
  KeySpec: z.literal('SYMMETRIC_DEFAULT').optional(),
  MultiRegion: z.boolean().default(false),
  Policy: z.string().optional(),
  Tags: tags.default([]),
});

export function keyOperations(
  ring: KeyRing,
  accountId: string,
): Readonly<Record<string, Operation>> {
  const describe = (key: Key) => ({
    AWSAccountId: accountId,
    KeyId: key.keyId,
    Arn: ring.keyArn(key),
    CreationDate: key.createdAtMs / 1000,
    Enabled: key.state === 'Enabled',
    Description: key.description,
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: key.state,
    ...(key.deletionAtMs === undefined ? {} : { DeletionDate: key.deletionAtMs / 1000 }),
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: key.multiRegion,
  });
  return {
    CreateKey: operation(createKeyInput, (input) => ({
      KeyMetadata: describe(createKey(ring, input)),
    })),
    DescribeKey: operation(byKey, (input) => ({ KeyMetadata: describe(ring.find(input.KeyId)) })),
    ListKeys: operation(z.object({}), () => ({
      Keys: [...ring.store.keys.values()].map((key) => ({
        KeyId: key.keyId,
        KeyArn: ring.keyArn(key),
      })),
      Truncated: false,
    })),
    EnableKey: operation(byKey, (input) => setState(ring, input.KeyId, 'Enabled')),
    DisableKey: operation(byKey, (input) => setState(ring, input.KeyId, 'Disabled')),
    ScheduleKeyDeletion: operation(
      byKey.extend({ PendingWindowInDays: z.int().min(7).max(30).default(30) }),
      (input) => {
        const key = notPending(ring, input.KeyId);
        key.deletionAtMs = ring.clock.now() + input.PendingWindowInDays * DAY_MS;
        key.state = 'PendingDeletion';
        ring.store.save();
        return {
          KeyId: ring.keyArn(key),
          DeletionDate: key.deletionAtMs / 1000,
          KeyState: key.state,
          PendingWindowInDays: input.PendingWindowInDays,
        };
      },
    ),
    CancelKeyDeletion: operation(byKey, (input) => {
      const key = ring.find(input.KeyId);
      key.deletionAtMs = undefined;
      key.state = 'Disabled';
      ring.store.save();
      return { KeyId: ring.keyArn(key) };
    }),
  };
}

export function keyPropertyOperations(
  ring: KeyRing,
  accountId: string,
): Readonly<Record<string, Operation>> {
  return {
    EnableKeyRotation: operation(
      byKey.extend({
        RotationPeriodInDays: z.int().min(90).max(2560).default(DEFAULT_ROTATION_DAYS),
      }),
      (input) => setRotation(ring, input.KeyId, input.RotationPeriodInDays),
    ),
    DisableKeyRotation: operation(byKey, (input) => setRotation(ring, input.KeyId, undefined)),
    GetKeyRotationStatus: operation(byKey, (input) => {
      const key = ring.find(input.KeyId);
      const days = key.rotationDays;
      return {
        KeyId: key.keyId,
        KeyRotationEnabled: days !== undefined,
        ...(days === undefined ? {} : { RotationPeriodInDays: days }),
      };
    }),
    RotateKeyOnDemand: operation(byKey, (input) => {
      const key = ring.usable(input.KeyId);
      ring.rotate(key);
      return { KeyId: key.keyId };
    }),
    GetKeyPolicy: operation(byKey, (input) => ({
      Policy: ring.find(input.KeyId).policy ?? defaultPolicy(accountId),
      PolicyName: 'default',
    })),
    PutKeyPolicy: operation(byKey.extend({ Policy: z.string() }), (input) => {
      ring.find(input.KeyId).policy = input.Policy;
      ring.store.save();
      return {};
    }),
    ListResourceTags: operation(byKey, (input) => ({
      Tags: ring.find(input.KeyId).tags,
      Truncated: false,
    })),
    TagResource: operation(byKey.extend({ Tags: tags }), (input) => {
      const given = new Set(input.Tags.map((tag) => tag.TagKey));
      return setTags(ring, input.KeyId, (present) => [
        ...present.filter((tag) => !given.has(tag.TagKey)),
        ...input.Tags,
      ]);
    }),
    UntagResource: operation(byKey.extend({ TagKeys: z.array(z.string()) }), (input) =>
      setTags(ring, input.KeyId, (present) =>
        present.filter((tag) => !input.TagKeys.includes(tag.TagKey)),
      ),
    ),
  };
}

function createKey(ring: KeyRing, input: z.output<typeof createKeyInput>): Key {
  const nowMs = ring.clock.now();
  const key: Key = {
    keyId: randomUUID(),
    description: input.Description,
    state: 'Enabled',
    createdAtMs: nowMs,
    rotatedAtMs: nowMs,
    multiRegion: input.MultiRegion,
    policy: input.Policy,
    tags: input.Tags,
    material: [ring.random.bytes(KEY_BYTES)],
  };
  ring.store.keys.set(key.keyId, key);
  ring.store.save();
  return key;
}

function setState(ring: KeyRing, keyId: string, state: 'Enabled' | 'Disabled'): object {
  notPending(ring, keyId).state = state;
  ring.store.save();
  return {};
}

function setRotation(ring: KeyRing, keyId: string, days: number | undefined): object {
  ring.usable(keyId).rotationDays = days;
  ring.store.save();
  return {};
}

function setTags(ring: KeyRing, keyId: string, change: (tags: readonly Tag[]) => Tag[]): object {
  const key = ring.find(keyId);
  key.tags = change(key.tags);
  ring.store.save();
  return {};
}

function notPending(ring: KeyRing, keyId: string): Key {
  const key = ring.find(keyId);
  if (key.state === 'PendingDeletion') {
    throw new AwsError('KMSInvalidStateException', `${ring.keyArn(key)} is pending deletion.`);
  }
  return key;
}

function defaultPolicy(accountId: string): string {
  const Principal = { AWS: `arn:aws:iam::${accountId}:root` };
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal,
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  });
}
