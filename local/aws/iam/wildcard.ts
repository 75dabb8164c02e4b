/** Globs as IAM writes them: `*` for any characters, `?` for one. */

const cache = new Map<string, RegExp>();

export function matchesWildcard(pattern: string, text: string): boolean {
  return compiled(pattern).test(text);
}

/** As ArnLike compares: part by part, so that a `*` does not run past its colon. */
export function matchesArn(pattern: string, arn: string): boolean {
  const wanted = arnParts(pattern);
  const given = arnParts(arn);
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => matchesWildcard(part, given[index] ?? ''))
  );
}

/** `arn:partition:service:region:account:resource`; the resource may hold colons itself. */
function arnParts(arn: string): readonly string[] {
  const parts = arn.split(':');
  return parts.length < 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

function compiled(pattern: string): RegExp {
  const known = cache.get(pattern);
  if (known) return known;
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, 's');
  cache.set(pattern, expression);
  return expression;
}
