/**
 * What may be written of a URL and of a provider's words: names and shapes, no values.
 */

/** The words that an integration writes into URLs itself: whatever else is in one may be a value. */
export interface UrlWords {
  readonly segments: ReadonlySet<string>;
  readonly parameters: ReadonlySet<string>;
}

/**
 * A URL that the engine built, for a log line: query values become `{}`.
 *
 * @param declared the path as the integration writes it, `/tickets/{{id}}.json`, below the base
 *   URL's own
 * @param isName whether the name of a parameter may be one; a caller's own may hold a value
 */
export function loggedUrl(
  url: URL,
  declared: { basePath: string; path: string },
  isName: (name: string) => boolean = () => true,
): string {
  const path = declared.path.replaceAll(/\{\{\s*(?:\w+\.)*(\w+)\s*\}\}/g, '{$1}');
  const query = loggedQuery(url, (name) => WORDISH.test(name) && isName(name));
  return url.origin + declared.basePath + path + query;
}

/**
 * A URL that a caller or a provider made up, for a log line. A name in lower case looks like any
 * word, so only words that the integration uses itself are kept, and versions.
 */
export function loggedFreeUrl(url: URL, basePath: string, words: UrlWords): string {
  const isBelow = `${url.pathname}/`.startsWith(`${basePath}/`);
  const path = (isBelow ? url.pathname.slice(basePath.length) : url.pathname)
    .split('/')
    .map((part) => (part === '' || VERSION.test(part) || words.segments.has(part) ? part : '{}'))
    .join('/');
  const query = loggedQuery(url, (name) => words.parameters.has(name));
  return url.origin + (isBelow ? basePath : '') + path + query;
}

function loggedQuery(url: URL, isKnown: (name: string) => boolean): string {
  if (url.search === '') return '';
  const names = new Set([...url.searchParams.keys()].map((name) => (isKnown(name) ? name : '{}')));
  return names.size === 0 ? '' : `?${[...names].map((name) => `${name}={}`).join('&')}`;
}

const VERSION = /^v\d{1,2}$/;
/** A query parameter's name, `page[size]` and `$filter` included; anything odder may be a value. */
const WORDISH = /^[\w$.:[\]-]{1,64}$/;

const ADDRESS = /[^\s@<>"']{1,64}@[^\s@<>"']{1,255}/g;
const DIGITS = /\+?\d[\d ().-]{6,}\d/g;
const LONG_TOKEN = /[A-Za-z0-9_-]{24,}/g;
const LONGEST = 200;

/** A provider's error message, cut and without what looks like personal data or a secret. */
export function scrubMessage(text: string): string {
  const clean = text
    .slice(0, 4 * LONGEST)
    .replaceAll(ADDRESS, '{email}')
    .replaceAll(DIGITS, '{number}')
    .replaceAll(LONG_TOKEN, '{token}')
    .replaceAll(/\p{Cc}+/gu, ' ');
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST - 1)}…` : clean;
}
