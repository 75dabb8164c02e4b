/**
 * Which route a path means. A literal segment beats a parameter, a parameter beats a rest.
 *
 * Errors  NotFoundError, {@link MethodNotSupportedError}
 */
import { CallerError, NotFoundError } from '../kernel/errors.ts';
import type { Endpoint } from './endpoint.ts';

export class MethodNotSupportedError extends CallerError {
  override readonly name = 'MethodNotSupportedError';
  readonly code = 'method_not_supported';
  readonly status = 405;
  /** What the path does support, for the `Allow` header. */
  readonly allowed: readonly string[];

  constructor(allowed: readonly string[]) {
    super('the method is not supported here');
    this.allowed = allowed;
  }
}

export interface Match<Item> {
  readonly item: Item;
  readonly params: Readonly<Record<string, string>>;
}

interface Pattern<Item> {
  readonly item: Item;
  readonly method: string;
  readonly segments: readonly string[];
}

type Matcher<Item> = (method: string, path: string) => Match<Item>;

/** @throws NotFoundError, MethodNotSupportedError (from the matcher) */
export function createMatcher<Item extends { readonly endpoint: Endpoint }>(
  items: readonly Item[],
): Matcher<Item> {
  const patterns = items
    .map(
      (item): Pattern<Item> => ({
        item,
        method: item.endpoint.method,
        segments: item.endpoint.path.split('/'),
      }),
    )
    .toSorted(byPrecision);
  return (method, path) => {
    const segments = path.split('/');
    const here = patterns.flatMap((pattern) => {
      const params = paramsOf(pattern.segments, segments);
      return params ? [{ pattern, params }] : [];
    });
    const hit = here.find(({ pattern }) => pattern.method === 'ANY' || pattern.method === method);
    if (hit) return { item: hit.pattern.item, params: hit.params };
    if (here.length === 0) throw new NotFoundError('there is no such route');
    throw new MethodNotSupportedError([...new Set(here.map(({ pattern }) => pattern.method))]);
  };
}

function byPrecision(a: Pattern<unknown>, b: Pattern<unknown>): number {
  return rank(a.segments).localeCompare(rank(b.segments));
}

function rank(segments: readonly string[]): string {
  return segments
    .map((segment) => (isRest(segment) ? '2' : isParameter(segment) ? '1' : '0'))
    .join('');
}

function paramsOf(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const actual = segments[index];
    if (isRest(expected)) {
      params[expected.slice(1, -2)] = segments.slice(index).join('/');
      return params;
    }
    if (actual === undefined) return undefined;
    if (!isParameter(expected)) {
      if (actual !== expected) return undefined;
    } else {
      if (actual === '') return undefined;
      params[expected.slice(1, -1)] = decoded(actual);
    }
  }
  return pattern.length === segments.length ? params : undefined;
}

function isParameter(segment: string): boolean {
  return segment.startsWith('{');
}

function isRest(segment: string): boolean {
  return segment.endsWith('+}');
}

/** Some fronts decode the path before we see it; what no longer decodes is taken as it is. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
