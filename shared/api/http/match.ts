/**
 * Which route a path means. A literal segment beats a parameter, a parameter beats a rest.
 *
 * Errors  NotFoundError, {@link MethodNotSupportedError}
 */
import { CallerError, NotFoundError } from '../../kernel/errors.ts';
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

interface Segment {
  readonly kind: keyof typeof RANKS;
  /** Of a literal: its text. */
  readonly name: string;
}

const RANKS = { literal: '0', parameter: '1', rest: '2' } as const;

interface Pattern<Item> {
  readonly item: Item;
  readonly method: string;
  readonly segments: readonly Segment[];
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
        segments: item.endpoint.path.split('/').map(toSegment),
      }),
    )
    .toSorted(byPrecision);
  return (method, path) => {
    const segments = path.split('/');
    const others = new Set<string>();
    for (const pattern of patterns) {
      const params = paramsOf(pattern.segments, segments);
      if (!params) continue;
      if (pattern.method === 'ANY' || pattern.method === method) {
        return { item: pattern.item, params };
      }
      others.add(pattern.method);
    }
    if (others.size === 0) throw new NotFoundError('there is no such route');
    throw new MethodNotSupportedError([...others]);
  };
}

function toSegment(text: string): Segment {
  if (text.endsWith('+}')) return { kind: 'rest', name: text.slice(1, -2) };
  return text.startsWith('{')
    ? { kind: 'parameter', name: text.slice(1, -1) }
    : { kind: 'literal', name: text };
}

function byPrecision(a: Pattern<unknown>, b: Pattern<unknown>): number {
  return rank(a.segments).localeCompare(rank(b.segments));
}

function rank(segments: readonly Segment[]): string {
  return segments.map(({ kind }) => RANKS[kind]).join('');
}

/** On the path of every call, so it makes no lists on the way. */
function paramsOf(
  pattern: readonly Segment[],
  segments: readonly string[],
): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  let index = 0;
  for (const { kind, name } of pattern) {
    const actual = segments[index];
    if (kind === 'rest') {
      params[name] = segments.slice(index).join('/');
      return params;
    }
    const fits = kind === 'literal' ? actual === name : actual !== undefined && actual !== '';
    if (!fits) return undefined;
    if (kind === 'parameter') params[name] = decoded(actual ?? '');
    index += 1;
  }
  return index === segments.length ? params : undefined;
}

/** Some fronts decode the path before we see it; what no longer decodes is taken as it is. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
