/**
 * What a schema found wrong, as the API's `errors` list: one entry per fault, with its path.
 * Messages say what was expected, never what was received.
 */
import type * as z from 'zod';
import type { Fault } from '../../kernel/errors.ts';

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

/** `['resources', 1, 'query']` as `resources[1].query`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? String(step) : `${text}.${String(step)}`;
  }, '');
}

/** `skip`: leading steps that the caller did not write, such as `body`. */
export function faultsOf(error: z.ZodError, skip = 0): readonly Fault[] {
  return error.issues.flatMap((issue) =>
    faultsOfIssue({ ...issue, path: issue.path.slice(skip) }, []),
  );
}

function faultsOfIssue(issue: Issue, above: Path): readonly Fault[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: formatPath([...path, key]),
      message: 'is not a known member',
    }));
  }
  if (issue.code === 'invalid_union') {
    const closest = closestAlternative(issue.errors);
    if (closest) return closest.flatMap((inner) => faultsOfIssue(inner, path));
  }
  return [{ path: formatPath(path), message: lowerFirst(issue.message) }];
}

/** The alternative that got furthest is the one the caller most likely meant. */
function closestAlternative(
  alternatives: readonly (readonly Issue[])[],
): readonly Issue[] | undefined {
  return alternatives.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
}

function depth(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
