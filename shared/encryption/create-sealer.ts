/**
 * The envelope: each value is sealed under a data key of its own, and the data key is wrapped
 * by its owner's key.
 *
 * From the data key HKDF derives an encryption key and a commitment. AES-GCM alone does not
 * commit to its key: a ciphertext can be made that opens under two. The commitment is checked
 * first, in constant time. `keyId` and `wrappedDek` stay outside the authenticated data, so that
 * a re-wrap changes them and not one byte of the ciphertext.
 *
 * Errors  EnvelopeTamperedError, KeyRevokedError, KeyUnavailableError
 * Source  RFC 5869 (HKDF); Albertini et al., "How to Abuse and Fix Authenticated Encryption
 *         Without Key Commitment" (2022)
 */
import { hkdfSync, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { Random } from '../kernel/random.ts';
import { boundTo, decrypt, encrypt } from './aead.ts';
import { EnvelopeTamperedError, KEY_BYTES, type KeyRing } from './key-ring.ts';
import type { SealContext, SealedEnvelope, Sealer } from './sealer.ts';

const DERIVATION = 'millrace envelope v1: encryption key, commitment';

const bytes = z.instanceof(Uint8Array);
const sealedEnvelope = z.object({
  v: z.literal(1),
  keyId: z.string().min(1),
  wrappedDek: bytes,
  iv: bytes,
  tag: bytes,
  commitment: bytes,
  ciphertext: bytes,
});

export interface SealerDeps {
  readonly keyRing: KeyRing;
  readonly random: Random;
}

export function createSealer({ keyRing, random }: SealerDeps): Sealer {
  return {
    async seal(plaintext, context): Promise<SealedEnvelope> {
      const { dek, keyId, wrappedDek } = await keyRing.createDek(context);
      return withDerived(dek, (key, commitment) => ({
        v: 1 as const,
        keyId,
        wrappedDek,
        commitment: Buffer.from(commitment),
        ...encrypt(key, plaintext, boundTo(context), random),
      }));
    },

    async open(sealed: unknown, context: SealContext): Promise<Buffer> {
      const parsed = sealedEnvelope.safeParse(sealed);
      if (!parsed.success) throw new EnvelopeTamperedError('a sealed value has another shape');
      const envelope = parsed.data;
      const dek = await keyRing.openDek(envelope, context);
      return withDerived(dek, (key, commitment) => {
        if (!sameBytes(commitment, envelope.commitment)) {
          throw new EnvelopeTamperedError('a sealed value commits to another key');
        }
        return decrypt(key, envelope, boundTo(context));
      });
    },
  };
}

/** Derives what a data key is for, and leaves no key behind in memory. */
function withDerived<Result>(
  dek: Buffer,
  work: (key: Uint8Array, commitment: Uint8Array) => Result,
): Result {
  // The data key is random and used once, so that HKDF needs no salt.
  const derived = new Uint8Array(hkdfSync('sha512', dek, '', DERIVATION, 2 * KEY_BYTES));
  try {
    return work(derived.subarray(0, KEY_BYTES), derived.subarray(KEY_BYTES));
  } finally {
    dek.fill(0);
    derived.fill(0);
  }
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
