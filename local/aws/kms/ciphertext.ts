/**
 * What the local KMS hands out as CiphertextBlob.
 *
 * Shape   1 byte format, 1 byte number of the key material, 16 bytes key id, then the sealed text:
 *         12 bytes nonce, 16 bytes tag, AES-256-GCM ciphertext
 *         The encryption context is additional authenticated data: canonical JSON, keys sorted.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { canonicalJson } from '#shared/kernel/json.ts';
import type { Random } from '#shared/kernel/random.ts';

export type EncryptionContext = Readonly<Record<string, string>>;

export interface CiphertextHeader {
  readonly keyId: string;
  readonly materialNumber: number;
  readonly sealed: Buffer;
}

const FORMAT = 1;
const HEADER_BYTES = 18;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export function seal(
  key: Buffer,
  plaintext: Buffer,
  authenticated: Buffer,
  random: Random,
): Buffer {
  const nonce = random.bytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(authenticated);
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** @throws Error where key, text or authenticated data are not those of the seal */
export function open(key: Buffer, sealed: Buffer, authenticated: Buffer): Buffer {
  const tagEnd = NONCE_BYTES + TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(authenticated).setAuthTag(sealed.subarray(NONCE_BYTES, tagEnd));
  return Buffer.concat([decipher.update(sealed.subarray(tagEnd)), decipher.final()]);
}

export function authenticatedData(context: EncryptionContext): Buffer {
  return Buffer.from(canonicalJson(context));
}

export function encodeCiphertext(header: CiphertextHeader): Buffer {
  const id = Buffer.from(header.keyId.replaceAll('-', ''), 'hex');
  return Buffer.concat([Buffer.from([FORMAT, header.materialNumber]), id, header.sealed]);
}

/** Undefined where the bytes cannot be a ciphertext of ours. */
export function decodeCiphertext(blob: Buffer): CiphertextHeader | undefined {
  if (blob.length < HEADER_BYTES + NONCE_BYTES + TAG_BYTES || blob[0] !== FORMAT) return undefined;
  const keyId = blob
    .subarray(2, HEADER_BYTES)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { keyId, materialNumber: blob[1] ?? 0, sealed: blob.subarray(HEADER_BYTES) };
}
