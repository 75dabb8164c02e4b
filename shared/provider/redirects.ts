/**
 * Redirects that the engine follows: of a read, within the origin that was called, because a
 * credential goes along. Whatever else is a redirect is an answer, and for the engine a wrong one.
 *
 * Source  RFC 9110 §15.4
 */
import { loggedFreeUrl } from '../http/redact.ts';
import { urlWordsOf } from '../integration/document/url-words.ts';
import type { ProviderCall } from './exchange.ts';

export const MAX_REDIRECTS = 3;

const FOLLOWED = new Set([301, 302, 307, 308]);

/** The same call at the place that the answer points to; undefined where it is not followed. */
export function redirectedCall<Call extends ProviderCall>(
  call: Call,
  status: number,
  location: string | undefined,
): Call | undefined {
  const { request, integration } = call;
  if (request.method !== 'GET' || !FOLLOWED.has(status) || location === undefined) return undefined;
  const url = sameOriginUrl(location, request.url);
  if (!url) return undefined;
  const loggedUrl = loggedFreeUrl(url, request.basePath ?? '', urlWordsOf(integration));
  return { ...call, request: { ...request, url, loggedUrl } };
}

/** Where `location` points as seen from `from`; undefined where that is another origin, or no URL. */
export function sameOriginUrl(location: string, from: URL): URL | undefined {
  if (!URL.canParse(location, from.href)) return undefined;
  const url = new URL(location, from);
  if (url.origin !== from.origin || url.username !== '' || url.password !== '') return undefined;
  url.hash = '';
  return url;
}
