/**
 * Ids carry their kind as a prefix and sort by the time they were made (ULID).
 *
 * Shape   `<kind>_<10 characters of time><16 characters of chance>`, Crockford base 32
 * Source  the ULID specification (ulid/spec)
 */
import { createHash } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

declare const kindOf: unique symbol;
/** A string that is known to be an id of this kind. */
export type Id<Kind extends string> = string & { readonly [kindOf]: Kind };

export type EnvironmentId = Id<'env'>;
export type AccountId = Id<'ia'>;
export type JobId = Id<'job'>;
export type RunId = Id<'run'>;
export type EventId = Id<'evt'>;
export type SubscriptionId = Id<'sub'>;
export type ApiKeyId = Id<'key'>;
/** The operator's own string for its customer. */
export type TenantId = Id<'tenant'>;

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_CHARACTERS = 10;
const CHANCE_CHARACTERS = 16;

export interface IdFactory {
  make<Kind extends string>(kind: Kind): Id<Kind>;
}

export function createIdFactory(clock: Clock, random: Random): IdFactory {
  return {
    make<Kind extends string>(kind: Kind): Id<Kind> {
      return brandId<Kind>(`${kind}_${timePart(clock.now())}${chancePart(random)}`);
    },
  };
}

/** An id that is the same for the same parts: a redelivery carries the id of the delivery. */
export function deterministicId<Kind extends string>(
  kind: Kind,
  parts: readonly (string | number)[],
): Id<Kind> {
  // JSON keeps ['a','b'] and ['ab'] apart.
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  let text = '';
  for (const byte of digest.subarray(0, 26)) text += ALPHABET[byte & 31];
  return brandId<Kind>(`${kind}_${text}`);
}

/** Brands a string that a schema or a store has vouched for. */
export function brandId<Kind extends string>(text: string): Id<Kind> {
  return text as Id<Kind>;
}

function timePart(nowMs: number): string {
  let rest = nowMs;
  let text = '';
  for (let index = 0; index < TIME_CHARACTERS; index += 1) {
    text = ALPHABET[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

function chancePart(random: Random): string {
  let text = '';
  for (const byte of random.bytes(CHANCE_CHARACTERS)) text += ALPHABET[byte & 31];
  return text;
}
