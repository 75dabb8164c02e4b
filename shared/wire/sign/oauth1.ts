/**
 * OAuth 1.0a signatures, with a token (three legs, or TBA) or without (two legs).
 *
 * Source  RFC 5849 §3.4 (signature), §3.5.1 (Authorization header), §3.6 (percent encoding);
 *         HMAC-SHA256 as providers of token-based authentication use it
 */
import { createHmac } from 'node:crypto';
import type { Moment } from './outgoing.ts';

export interface OAuth1Keys {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly token?: string | undefined;
  readonly tokenSecret?: string | undefined;
  readonly method: 'HMAC-SHA1' | 'HMAC-SHA256' | 'PLAINTEXT';
  readonly realm?: string | undefined;
}

export interface OAuth1Request {
  readonly method: string;
  readonly url: URL;
  /** Text of a body whose type is that of a form: its parameters are signed. */
  readonly form?: string | undefined;
}

export type Parameter = readonly [name: string, value: string];

/** Value of the Authorization header. */
export function oauth1Header(request: OAuth1Request, keys: OAuth1Keys, moment: Moment): string {
  const protocol: readonly Parameter[] = [
    ['oauth_consumer_key', keys.consumerKey],
    ...(keys.token === undefined ? [] : [['oauth_token', keys.token] as const]),
    ['oauth_signature_method', keys.method],
    ['oauth_timestamp', String(Math.floor(moment.nowMs / 1_000))],
    ['oauth_nonce', moment.nonce],
    ['oauth_version', '1.0'],
  ];
  const signature = oauth1Signature(baseString(request, protocol), keys);
  const shown: readonly Parameter[] = [...protocol, ['oauth_signature', signature]];
  const texts = shown.map(([name, value]) => `${name}="${percentEncode(value)}"`);
  // RFC 2617: the realm is a quoted string, not percent-encoded.
  const realm = keys.realm === undefined ? [] : [`realm="${quotable(keys.realm)}"`];
  return `OAuth ${[...realm, ...texts].join(', ')}`;
}

/** RFC 5849 §3.4.2, §3.4.4. */
export function oauth1Signature(
  base: string,
  { method, consumerSecret, tokenSecret = '' }: OAuth1Keys,
): string {
  const key = `${percentEncode(consumerSecret)}&${percentEncode(tokenSecret)}`;
  switch (method) {
    case 'PLAINTEXT':
      return key;
    case 'HMAC-SHA1':
      return createHmac('sha1', key).update(base).digest('base64');
    case 'HMAC-SHA256':
      return createHmac('sha256', key).update(base).digest('base64');
  }
}

/** RFC 5849 §3.4.1. */
export function baseString(
  { method, url, form }: OAuth1Request,
  protocol: readonly Parameter[],
): string {
  const parameters = [
    ...new URLSearchParams(url.search),
    ...protocol,
    ...(form === undefined ? [] : new URLSearchParams(form)),
  ];
  // §3.4.1.2: WHATWG URLs have lower case and no default port already.
  const address = `${url.protocol}//${url.host}${url.pathname}`;
  return [method.toUpperCase(), address, normalised(parameters)].map(percentEncode).join('&');
}

/** RFC 5849 §3.4.1.3.2: encoded first, then sorted by name and value. */
function normalised(parameters: readonly Parameter[]): string {
  return parameters
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .toSorted(([a, x], [b, y]) => order(a, b) || order(x, y))
    .map((pair) => pair.join('='))
    .join('&');
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** RFC 3986 unreserved characters stay, all others do not. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function quotable(text: string): string {
  return text.replaceAll(/[\\"]/g, '\\$&');
}
