/**
 * WSSE: a UsernameToken in a header, whose digest shows that the sender knows the secret.
 *
 * Shape   `hex`: the digest's hexadecimal text in Base64, as servers want it whose own language
 *         gives hashes as text
 * Source  WS-Security UsernameToken Profile 1.0 §3.1; its use over HTTP: M. Pilgrim, "Atom
 *         Authentication" (2003)
 */
import { createHash } from 'node:crypto';
import type { Moment } from './outgoing.ts';

export interface WsseKeys {
  readonly username: string;
  readonly secret: string;
  readonly digest: 'binary' | 'hex';
}

export function wsseHeaders(
  { username, secret, digest }: WsseKeys,
  { nowMs, nonce }: Moment,
): Readonly<Record<string, string>> {
  // Whole seconds: some servers read no fraction.
  const created = `${new Date(nowMs).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length)}Z`;
  const hash = createHash('sha1').update(`${nonce}${created}${secret}`);
  const password =
    digest === 'binary'
      ? hash.digest('base64')
      : Buffer.from(hash.digest('hex')).toString('base64');
  const parts = [
    ['Username', username],
    ['PasswordDigest', password],
    ['Nonce', nonce],
    ['Created', created],
  ] as const;
  const token = parts.map(([name, value]) => `${name}="${quotable(value)}"`).join(', ');
  return {
    authorization: 'WSSE profile="UsernameToken"',
    'x-wsse': `UsernameToken ${token}`,
  };
}

function quotable(text: string): string {
  return text.replaceAll(/[\\"]/g, '\\$&');
}
