/** Paths of routes: literal segments, `{name}` for one segment, `{name+}` for all that follow. */

export interface PathPattern {
  /** Values of the variables as they were sent, still encoded; undefined if it does not match. */
  match(path: string): Readonly<Record<string, string>> | undefined;
  /** Literal before variable before greedy; API Gateway takes the most specific route. */
  readonly rank: string;
}

export function compilePath(path: string): PathPattern {
  const segments = path.split('/').slice(1).map(readSegment);
  const names = segments.flatMap(({ name }) => name ?? []);
  const expression = new RegExp(`^${segments.map(({ source }) => `/${source}`).join('')}$`);
  return {
    rank: segments.map(({ rank }) => rank).join(''),
    match(candidate) {
      const found = expression.exec(candidate);
      return found
        ? Object.fromEntries(names.map((name, index) => [name, found[index + 1] ?? '']))
        : undefined;
    },
  };
}

/** The most specific first. */
export function byRank(
  one: { readonly pattern: PathPattern },
  other: { readonly pattern: PathPattern },
): number {
  return one.pattern.rank < other.pattern.rank ? -1 : Number(one.pattern.rank > other.pattern.rank);
}

interface Segment {
  readonly source: string;
  readonly rank: '0' | '1' | '2';
  readonly name?: string;
}

function readSegment(text: string): Segment {
  const [, name, greedy] = /^\{([^}+]+)(\+?)\}$/.exec(text) ?? [];
  if (name === undefined) return { source: RegExp.escape(text), rank: '0' };
  return greedy ? { source: '(.+)', rank: '2', name } : { source: '([^/]+)', rank: '1', name };
}
