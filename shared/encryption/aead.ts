/**
 * AES-256-GCM with a random 96-bit IV, and the canonical spelling of what a ciphertext is bound to.
 *
 * Errors  {@link EnvelopeTamperedError}
 * Source  NIST SP 800-38D §8.2.2: at most 2³² messages under one key with random IVs
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { canonicalJson } from '../kernel/json.ts';
import type { Random } from '../kernel/random.ts';
import { EnvelopeTamperedError } from './key-ring.ts';
import type { SealContext } from './sealer.ts';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

export interface AeadBox {
  readonly iv: Uint8Array;
  readonly tag: Uint8Array;
  readonly ciphertext: Uint8Array;
}

export function encrypt(
  key: Uint8Array,
  plaintext: Uint8Array,
  aad: Buffer,
  random: Random,
): AeadBox {
  const iv = random.bytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES }).setAAD(aad);
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return { iv, tag: cipher.getAuthTag(), ciphertext };
}

/** @throws EnvelopeTamperedError if one bit of the box, the key or `aad` is not as it was */
export function decrypt(key: Uint8Array, box: AeadBox, aad: Buffer): Buffer {
  try {
    const decipher = createDecipheriv(ALGORITHM, key, box.iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(aad).setAuthTag(box.tag);
    const head = decipher.update(box.ciphertext);
    const tail = decipher.final();
    return tail.length === 0 ? head : Buffer.concat([head, tail]);
  } catch (error) {
    throw new EnvelopeTamperedError('a sealed value does not open', {}, { cause: error });
  }
}

/** One buffer: IV, tag, ciphertext. */
export function packBox({ iv, tag, ciphertext }: AeadBox): Buffer {
  return Buffer.concat([iv, tag, ciphertext]);
}

/** The inverse of {@link packBox}; too short a buffer fails when it is opened. */
export function unpackBox(packed: Uint8Array): AeadBox {
  return {
    iv: packed.subarray(0, IV_BYTES),
    tag: packed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES),
    ciphertext: packed.subarray(IV_BYTES + TAG_BYTES),
  };
}

/** Additional authenticated data: the context, and what else a box is bound to. */
export function boundTo(
  context: SealContext,
  further: Readonly<Record<string, string>> = {},
): Buffer {
  const { environmentId, ownerId, purpose, subject } = context;
  return Buffer.from(canonicalJson({ v: 1, environmentId, ownerId, purpose, subject, ...further }));
}
