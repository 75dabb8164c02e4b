/**
 * Signs a JWT with a key of the account's or of the OAuth client's.
 *
 * Units   `nowMs`: milliseconds since the epoch; `iat` and `exp` are seconds
 * Errors  {@link RefreshRefusedError} where the key is none for the algorithm: only whoever gave it
 *         can give another; MissingValueError, MissingInputError
 * Source  RFC 7519 (JWT), RFC 7518 (algorithms), RFC 8037 (EdDSA)
 */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Mint } from '../../integration/auth/plan.ts';
import type { Scope } from '../../integration/template/scope.ts';
import { isJsonObject, type Json } from '../../kernel/json.ts';
import { mapRecord } from '../../kernel/map-record.ts';
import { RefreshRefusedError } from './token-response.ts';

export async function mintJwt(
  mint: Mint,
  scope: Scope,
  nowMs: number,
  more: Readonly<Record<string, Json>> = {},
): Promise<string> {
  const issuedAtS = Math.floor(nowMs / 1_000);
  const claims = mapRecord(mint.claims, (claim) => claim(scope));
  const payload = {
    iat: issuedAtS,
    exp: issuedAtS + Math.floor(mint.ttlMs / 1_000),
    ...more,
    ...Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined)),
  };
  const header = { ...mapRecord(mint.header, (text) => text.render(scope)), alg: mint.alg };
  const keyText = mint.key.render(scope);
  try {
    return await new SignJWT(payload).setProtectedHeader(header).sign(keyOf(mint, keyText));
  } catch {
    // What the libraries say of a key may quote it.
    throw new RefreshRefusedError('the key cannot sign', { reason: 'signing_key_invalid' });
  }
}

function keyOf({ alg, keyEncoding }: Mint, text: string): KeyObject | Uint8Array {
  if (alg.startsWith('HS')) return Buffer.from(text, keyEncoding);
  const jwk = text.trimStart().startsWith('{') ? asObject(text) : undefined;
  if (jwk) return createPrivateKey({ key: { ...jwk }, format: 'jwk' });
  // A PEM that came through an environment variable or a form has lost its line ends.
  const pem = keyEncoding === 'utf8' ? text : Buffer.from(text, keyEncoding).toString();
  return createPrivateKey(pem.replaceAll('\\n', '\n'));
}

function asObject(text: string) {
  const parsed: unknown = JSON.parse(text);
  return isJsonObject(parsed) ? parsed : undefined;
}
