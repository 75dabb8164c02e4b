/**
 * Where an answer of the proxy may point.
 *
 * Nothing is followed here. A redirect to a place below the base URL is told as the place below our
 * own proxy, so that a caller who follows it comes back to us; any other goes back as the provider
 * wrote it: the caller follows it, or not, without the provider's credential.
 *
 * A provider that repeats its request in such a header repeats the credential, where that travels
 * in the query: it is taken out.
 *
 * Source  RFC 9110 §10.2.2 (Location), §4.2.4
 */
import type { Credential } from '../account/credential.ts';
import { sameOriginUrl } from '../provider/redirects.ts';

type Headers = Readonly<Record<string, string>>;

/** Headers that hold URLs. */
const POINTING = ['location', 'content-location', 'link', 'refresh'] as const;
/** Shorter ones are no secret, and would be found by chance. */
const MIN_SECRET_CHARACTERS = 6;

export interface CalledPlace {
  /** As it was called, without the credential. */
  readonly url: URL;
  /** Of the base URL, without a slash at its end. */
  readonly basePath: string;
  /** Parameters of ours that the caller must repeat: which account it is. */
  readonly ownQuery?: string | undefined;
}

/** `location` as our caller is to see it. */
export function returnedLocation(location: string, place: CalledPlace): string {
  const target = sameOriginUrl(location, place.url);
  if (!target?.pathname.startsWith(`${place.basePath}/`)) return location;
  // Relative, because our own path may have a prefix that we do not know of.
  const called = place.url.pathname.slice(place.basePath.length + 1);
  const up = '../'.repeat(called.split('/').length - 1);
  const path = target.pathname.slice(place.basePath.length + 1);
  const query = [target.search.slice(1), place.ownQuery].filter(Boolean).join('&');
  return `./${up}${path}${query === '' ? '' : `?${query}`}`;
}

/** @param names of the query's parameters that hold the credential */
export function withoutCredential(
  headers: Headers,
  names: readonly string[],
  credential: Credential | undefined,
): Headers {
  if (names.length === 0 || !POINTING.some((name) => headers[name] !== undefined)) return headers;
  const parameter = new RegExp(
    `(?<=[?&;])(?:${names.map(pattern).join('|')})=[^&#>;,"\\s]*&?`,
    'gi',
  );
  const cleaned: Record<string, string> = { ...headers };
  for (const name of POINTING) {
    const text = cleaned[name]?.replaceAll(parameter, '').replaceAll(/[?&](?=$|[>#;,"\s])/g, '');
    if (text === undefined) continue;
    if (holdsSecret(text, credential)) delete cleaned[name];
    else cleaned[name] = text;
  }
  return cleaned;
}

/** Named or written otherwise than we did, it may still be there. */
function holdsSecret(text: string, credential: Credential | undefined): boolean {
  const values = Object.values(credential?.fields.reveal() ?? {});
  return values.some(
    (value) =>
      value.length >= MIN_SECRET_CHARACTERS &&
      (text.includes(value) || text.includes(encodeURIComponent(value))),
  );
}

/** A name as it may stand in a URL, as text of a regular expression. */
function pattern(name: string): string {
  const forms = new Set([name, encodeURIComponent(name)]);
  return [...forms].map((form) => form.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|');
}
