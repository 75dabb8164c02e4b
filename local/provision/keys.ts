/** KMS keys, remembered by their ids, and aliases. */
import {
  AlreadyExistsException,
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  type KeyMetadata,
  NotFoundException,
  UpdateAliasCommand,
} from '@aws-sdk/client-kms';
import * as z from 'zod';
import { TemplateError } from '../template/template-error.ts';
import type { Creator } from './creator.ts';
import { propertiesOf } from './stack.ts';

const ignored = z.unknown().optional();
const keySchema = z.strictObject({
  Description: z.string().optional(),
  KeySpec: z.literal('SYMMETRIC_DEFAULT').optional(),
  KeyUsage: z.literal('ENCRYPT_DECRYPT').optional(),
  MultiRegion: z.boolean().optional(),
  EnableKeyRotation: ignored,
  // Its principals are the template's roles, which exist nowhere but in the embedded AWS, and
  // there a role's own policies decide.
  KeyPolicy: ignored,
  PendingWindowInDays: ignored,
  RotationPeriodInDays: ignored,
  Tags: ignored,
});

const aliasSchema = z.strictObject({ AliasName: z.string(), TargetKeyId: z.string() });

export const createKey: Creator = async (resource, { clients, identity }) => {
  const { Description, MultiRegion } = propertiesOf(resource, keySchema);
  const remembered = identity.keyId(resource.logicalId);
  const describe = async (keyId: string): Promise<KeyMetadata | undefined> => {
    try {
      return (await clients.kms.send(new DescribeKeyCommand({ KeyId: keyId }))).KeyMetadata;
    } catch (error) {
      if (error instanceof NotFoundException) return undefined;
      throw error;
    }
  };
  const existing = remembered === undefined ? undefined : await describe(remembered);
  if (existing?.KeyId !== undefined) return physicalKey(existing.KeyId, existing.Arn);
  if (remembered !== undefined) {
    // A new key would make everything sealed under the old one unreadable, without a word.
    throw new TemplateError('a key that the data directory relies on is gone from the endpoint', {
      logicalId: resource.logicalId,
    });
  }
  const created = await clients.kms.send(
    new CreateKeyCommand({
      ...(Description !== undefined && { Description }),
      ...(MultiRegion !== undefined && { MultiRegion }),
    }),
  );
  const { KeyId = '', Arn } = created.KeyMetadata ?? {};
  identity.rememberKey(resource.logicalId, KeyId);
  return physicalKey(KeyId, Arn);
};

export const createKeyAlias: Creator = async (resource, { clients }) => {
  const { AliasName, TargetKeyId } = propertiesOf(resource, aliasSchema);
  try {
    await clients.kms.send(new CreateAliasCommand({ AliasName, TargetKeyId }));
  } catch (error) {
    if (!(error instanceof AlreadyExistsException)) throw error;
    await clients.kms.send(new UpdateAliasCommand({ AliasName, TargetKeyId }));
  }
  return { ref: AliasName, attributes: {} };
};

function physicalKey(keyId: string, arn: string | undefined) {
  return { ref: keyId, attributes: { Arn: arn ?? keyId, KeyId: keyId } };
}
