/**
 * The id of a record that an idempotent write made, sealed under the caller's own Idempotency-Key: it
 * is a provider's and may name a person, and nobody else is ever to read it. The key itself is not
 * stored, only its digest is.
 *
 * Shape   base64url of ciphertext and tag; `attempt` is unique, so that no key stream is used twice
 * Errors  the cipher's own where key or attempt are others
 * Source  RFC 5869 (HKDF); AES-256-GCM, NIST SP 800-38D
 */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

export function sealId(id: string, key: string, attempt: string): string {
  const { secret, iv } = derive(key, attempt);
  const cipher = createCipheriv(CIPHER, secret, iv);
  const sealed = [cipher.update(id, 'utf8'), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat(sealed).toString('base64url');
}

export function openId(sealed: string, key: string, attempt: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  const { secret, iv } = derive(key, attempt);
  const decipher = createDecipheriv(CIPHER, secret, iv, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const id = [decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()];
  return Buffer.concat(id).toString('utf8');
}

function derive(key: string, attempt: string): { readonly secret: Buffer; readonly iv: Buffer } {
  const bytes = Buffer.from(
    hkdfSync('sha256', key, attempt, 'millrace idempotent id', KEY_BYTES + IV_BYTES),
  );
  return { secret: bytes.subarray(0, KEY_BYTES), iv: bytes.subarray(KEY_BYTES) };
}
