/** How a subscription is stored: its item, and its sealed secrets with the times they live. */
import * as z from 'zod';
import { subscriptionKey } from '../../aws/keys.ts';
import type { NewItem, StoredItem } from '../../aws/table.ts';
import type { SealedEnvelope } from '../../encryption/sealer.ts';
import { brandId } from '../../kernel/id.ts';
import type { Subscription } from './subscription.ts';

/** A signing secret at rest. The newest has no end. */
export interface SealedSecret {
  readonly [member: string]: SealedEnvelope | number | undefined;
  readonly sealed: SealedEnvelope;
  readonly createdAtMs: number;
  /** Stops signing then; set when a newer one takes over. */
  readonly expiresAtMs?: number;
}

export interface StoredSubscription {
  readonly subscription: Subscription;
  /** Newest first. */
  readonly secrets: readonly SealedSecret[];
}

const bytes = z.instanceof(Uint8Array);
const envelope = z
  .object({
    v: z.literal(1),
    keyId: z.string(),
    wrappedDek: bytes,
    iv: bytes,
    tag: bytes,
    commitment: bytes,
    ciphertext: bytes,
  })
  .catchall(z.union([z.string(), z.number(), bytes]));

const item = z.object({
  id: z.string(),
  environmentId: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  description: z.string().optional(),
  status: z.enum(['enabled', 'disabled']),
  disabledReason: z.enum(['gone', 'failing', 'requested']).optional(),
  firstFailureAtMs: z.number().optional(),
  failures: z.number().default(0),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
  version: z.number(),
  secrets: z.array(
    z.object({ sealed: envelope, createdAtMs: z.number(), expiresAtMs: z.number().optional() }),
  ),
});

export function readSubscription(stored: StoredItem): StoredSubscription {
  const { secrets, id, environmentId, ...rest } = item.parse(stored);
  const { description, disabledReason, firstFailureAtMs, ...always } = rest;
  return {
    subscription: {
      ...always,
      id: brandId(id),
      environmentId: brandId(environmentId),
      ...(description === undefined ? {} : { description }),
      ...(disabledReason === undefined ? {} : { disabledReason }),
      ...(firstFailureAtMs === undefined ? {} : { firstFailureAtMs }),
    },
    secrets: secrets.map(({ sealed, createdAtMs, expiresAtMs }) => ({
      sealed,
      createdAtMs,
      ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    })),
  };
}

export function subscriptionItem({ subscription, secrets }: StoredSubscription): NewItem {
  return {
    ...subscriptionKey(subscription.environmentId, subscription.id),
    ...subscription,
    secrets,
  };
}
