/**
 * Private keys of fixtures: made anew where they are played, so that none is in the repository.
 *
 * Shape  a credential's field may say `generated:rsa` (2,048 bits) or `generated:ec` (P-256); the
 *        engine gets a key in PEM (PKCS #8)
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { CredentialFields } from '#shared/account/credential.ts';

const makers: Readonly<Record<string, () => KeyObject>> = {
  'generated:rsa': () => generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey,
  'generated:ec': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
};

/** An RSA key takes a tenth of a second. */
const made = new Map<string, string>();

export function withGeneratedKeys(fields: CredentialFields): CredentialFields {
  const entries = Object.entries(fields).map(([name, value]) => [name, keyFor(value)] as const);
  return Object.fromEntries(entries);
}

function keyFor(value: string): string {
  const make = makers[value];
  if (!make) return value;
  const key = made.get(value) ?? make().export({ type: 'pkcs8', format: 'pem' }).toString();
  made.set(value, key);
  return key;
}
