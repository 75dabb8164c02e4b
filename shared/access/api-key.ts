/**
 * API keys: what a caller proves itself with. Shown once; only a hash is kept.
 *
 * The secret is 256 bits of chance, so that a fast hash is enough: there is nothing to guess.
 *
 * Shape   `mr_<id>_<secret>`: the id finds the item, the secret (43 characters base64url)
 *         is compared with its SHA-256 in constant time
 */
import { hash as digest, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { type ApiKeyId, brandId, type EnvironmentId } from '../kernel/id.ts';
import type { Random } from '../kernel/random.ts';

export const apiKeyScope = z.enum([
  'read',
  'write',
  'proxy',
  'sync',
  'admin',
  'audit',
  'break_glass',
]);
export type ApiKeyScope = z.output<typeof apiKeyScope>;

export interface ApiKey {
  readonly id: ApiKeyId;
  readonly environmentId: EnvironmentId;
  readonly scopes: readonly ApiKeyScope[];
  readonly name?: string;
  readonly createdAtMs: number;
}

const PREFIX = 'mr';
const SECRET_BYTES = 32;
const KEY_TEXT = /^mr_(key_[0-9A-Z]{26})_([A-Za-z0-9_-]{43})$/;

export interface PresentedKey {
  readonly id: ApiKeyId;
  readonly secretHash: Buffer;
}

/** The key as its caller sees it, once, and the hash to keep. */
export function makeKeyText(
  id: ApiKeyId,
  random: Random,
): { readonly text: string; readonly secretHash: Buffer } {
  const secret = random.bytes(SECRET_BYTES).toString('base64url');
  return { text: `${PREFIX}_${id}_${secret}`, secretHash: hash(secret) };
}

/** Undefined where `text` is no key of ours. */
export function readKeyText(text: string): PresentedKey | undefined {
  const [, id, secret] = KEY_TEXT.exec(text) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  return { id: brandId<'key'>(id), secretHash: hash(secret) };
}

export function sameSecret(presented: PresentedKey, storedHash: Uint8Array): boolean {
  return (
    storedHash.length === presented.secretHash.length &&
    timingSafeEqual(presented.secretHash, storedHash)
  );
}

function hash(secret: string): Buffer {
  return digest('sha256', secret, 'buffer');
}
