/**
 * Which headers cross the proxy, in each direction.
 *
 * Source  RFC 9110 §7.6.1 (Connection and the hop-by-hop headers)
 */

type Headers = Readonly<Record<string, string>>;

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Ours, the caller's own credentials, and what tells the provider who the caller is. The length is
 * that of what is sent, which may not be that of what our front received.
 */
const NOT_FORWARDED = new Set([
  'authorization',
  'content-length',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'origin',
  'referer',
  'via',
  'x-api-key',
  'x-integrated-account-id',
  'x-request-id',
  'x-timeout-ms',
]);
const NOT_FORWARDED_PREFIXES = /^(?:x-forwarded-|x-amz|cloudfront-|cf-|sec-)/;

/** Sessions with the provider, and policies for browsers that would then hold for our host. */
const NOT_RETURNED = new Set([
  'alt-svc',
  'clear-site-data',
  'content-security-policy',
  'public-key-pins',
  'set-cookie',
  'set-cookie2',
  'strict-transport-security',
  'www-authenticate',
  'x-request-id',
]);

const NEVER_FORWARDED = new Set([...HOP_BY_HOP, ...NOT_FORWARDED]);
const NEVER_RETURNED = new Set([...HOP_BY_HOP, ...NOT_RETURNED]);

/** What of a caller's headers goes to the provider. Names must be in lower case. */
export function forwardedHeaders(headers: Headers): Record<string, string> {
  return pick(headers, (name) => !NEVER_FORWARDED.has(name) && !NOT_FORWARDED_PREFIXES.test(name));
}

/** What of a provider's headers goes back to the caller. */
export function returnedHeaders(headers: Headers): Record<string, string> {
  return pick(headers, (name) => !NEVER_RETURNED.has(name));
}

/** On the path of every call, so it makes no lists on the way. */
function pick(headers: Headers, keep: (name: string) => boolean): Record<string, string> {
  const listed = listedInConnection(headers['connection']);
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (keep(name) && !listed?.has(name)) kept[name] = value;
  }
  return kept;
}

/** A header that Connection names is for this hop alone. Mostly it names none. */
function listedInConnection(connection: string | undefined): ReadonlySet<string> | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') {
    return undefined;
  }
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
}
