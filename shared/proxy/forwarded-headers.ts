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

/** Ours, the caller's own credentials, and what tells the provider who the caller is. */
const NOT_FORWARDED = new Set([
  'authorization',
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
]);
const NOT_FORWARDED_PREFIXES = ['x-forwarded-', 'x-amz', 'cloudfront-', 'cf-', 'sec-'];

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

/** What of a caller's headers goes to the provider. Names must be in lower case. */
export function forwardedHeaders(headers: Headers): Record<string, string> {
  const listed = listedInConnection(headers);
  return pick(
    headers,
    (name) =>
      !HOP_BY_HOP.has(name) &&
      !listed.has(name) &&
      !NOT_FORWARDED.has(name) &&
      !NOT_FORWARDED_PREFIXES.some((prefix) => name.startsWith(prefix)),
  );
}

/** What of a provider's headers goes back to the caller. */
export function returnedHeaders(headers: Headers): Record<string, string> {
  const listed = listedInConnection(headers);
  return pick(
    headers,
    (name) => !HOP_BY_HOP.has(name) && !listed.has(name) && !NOT_RETURNED.has(name),
  );
}

/** A header that Connection names is for this hop alone. */
function listedInConnection(headers: Headers): ReadonlySet<string> {
  const names = (headers['connection'] ?? '').split(',');
  return new Set(names.map((name) => name.trim().toLowerCase()));
}

function pick(headers: Headers, keep: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => keep(name)));
}
