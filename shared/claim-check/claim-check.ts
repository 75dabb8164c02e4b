/**
 * Claim checks: a payload waits as ciphertext in a bucket, and its key travels only in the
 * ticket, in a queue. Neither is of use alone, so that the queue's retention is the payload's:
 * when the message is deleted or lapses, nobody can read the object any more, minutes before a
 * bucket could delete it by itself.
 *
 * Shape   object key `c/<yyyymmddHHMM of expiry, UTC>/<random>`; AES-256-GCM under a random key
 *         per claim, bound to object key and expiry
 * Units   `*Ms`: milliseconds; `*AtMs`: since the Unix epoch
 * Errors  {@link ClaimGoneError}; EnvelopeTamperedError
 */
import * as z from 'zod';
import { decrypt, encrypt } from '../encryption/aead.ts';
import { KEY_BYTES } from '../encryption/key-ring.ts';
import type { Clock } from '../kernel/clock.ts';
import { CallerError } from '../kernel/errors.ts';
import { canonicalJson } from '../kernel/json.ts';
import type { Random } from '../kernel/random.ts';
import { Transient } from '../kernel/transient.ts';
import { expiryPrefix } from './expiry-prefix.ts';
import type { PayloadStore } from './payload-store.ts';

const base64Url = z.string().regex(/^[A-Za-z0-9_-]+$/);

/** Goes into a queue message, and nowhere else: it holds the key. */
export const claimTicket = z.strictObject({
  v: z.literal(1),
  object_key: z.string().min(1),
  key: base64Url,
  iv: base64Url,
  tag: base64Url,
  expires_at_ms: z.int().positive(),
});
export type ClaimTicket = Readonly<z.output<typeof claimTicket>>;

/** The payload was delivered, or its time is over. */
export class ClaimGoneError extends CallerError {
  override readonly name = 'ClaimGoneError';
  readonly code = 'claim_gone';
  readonly status = 410;
}

export interface ClaimCheck {
  checkIn(payload: Transient<Uint8Array>): Promise<ClaimTicket>;
  /** @throws ClaimGoneError */
  redeem(ticket: ClaimTicket): Promise<Transient<Buffer>>;
  /** Deletes the payload. May be repeated. */
  discard(ticket: ClaimTicket): Promise<void>;
}

export interface ClaimCheckDeps {
  readonly payloads: PayloadStore;
  readonly clock: Clock;
  readonly random: Random;
  /** How long a claim may be redeemed. */
  readonly ttlMs: number;
}

const NAME_BYTES = 16;

export function createClaimCheck({ payloads, clock, random, ttlMs }: ClaimCheckDeps): ClaimCheck {
  return {
    async checkIn(payload) {
      const expiresAtMs = clock.now() + ttlMs;
      const name = random.bytes(NAME_BYTES).toString('base64url');
      const objectKey = `${expiryPrefix(expiresAtMs)}${name}`;
      const key = random.bytes(KEY_BYTES);
      const box = encrypt(key, payload.reveal(), boundTo(objectKey, expiresAtMs), random);
      const ticket: ClaimTicket = {
        v: 1,
        object_key: objectKey,
        key: key.toString('base64url'),
        iv: Buffer.from(box.iv).toString('base64url'),
        tag: Buffer.from(box.tag).toString('base64url'),
        expires_at_ms: expiresAtMs,
      };
      key.fill(0);
      await payloads.put(objectKey, box.ciphertext);
      return ticket;
    },

    async redeem(ticket) {
      if (clock.now() >= ticket.expires_at_ms) throw new ClaimGoneError('the claim has expired');
      const ciphertext = await payloads.get(ticket.object_key);
      if (!ciphertext) throw new ClaimGoneError('the payload is no longer there');
      const key = Buffer.from(ticket.key, 'base64url');
      const iv = Buffer.from(ticket.iv, 'base64url');
      const tag = Buffer.from(ticket.tag, 'base64url');
      try {
        const bound = boundTo(ticket.object_key, ticket.expires_at_ms);
        return Transient.of(decrypt(key, { iv, tag, ciphertext }, bound));
      } finally {
        key.fill(0);
      }
    },

    discard: (ticket) => payloads.delete([ticket.object_key]),
  };
}

function boundTo(objectKey: string, expiresAtMs: number): Buffer {
  return Buffer.from(canonicalJson({ v: 1, objectKey, expiresAtMs }));
}
