/** What of a value is not as expected, each difference with its path. Fixtures are synthetic, so values are shown. */
import { isJsonObject } from '#shared/kernel/json.ts';

/** How far apart two values may be listed before more would only tire. */
const MOST = 20;

/** Both ways: members that nobody expects are differences too; undefined ones are absent. */
export function differences(expected: unknown, found: unknown, path = ''): readonly string[] {
  return [...compare(expected, found, path, true)].slice(0, MOST);
}

/** Only what is expected is looked at; lists are compared whole. */
export function missing(expected: unknown, found: unknown, path = ''): readonly string[] {
  return [...compare(expected, found, path, false)].slice(0, MOST);
}

function* compare(
  expected: unknown,
  found: unknown,
  path: string,
  exact: boolean,
): Generator<string> {
  if (Array.isArray(expected) && Array.isArray(found)) {
    const length = Math.max(expected.length, found.length);
    for (let index = 0; index < length; index += 1) {
      yield* compare(expected[index], found[index], `${path}[${index}]`, exact);
    }
  } else if (isObject(expected) && isObject(found)) {
    yield* compareMembers(expected, found, path, exact);
  } else if (!Object.is(expected, found)) {
    yield `${path === '' ? 'value' : path}: expected ${show(expected)}, found ${show(found)}`;
  }
}

function* compareMembers(
  expected: object,
  found: object,
  path: string,
  exact: boolean,
): Generator<string> {
  const names = new Set([...Object.keys(expected), ...(exact ? Object.keys(found) : [])]);
  for (const name of names) {
    const at = path === '' ? name : `${path}.${name}`;
    yield* compare(memberOf(expected, name), memberOf(found, name), at, exact);
  }
}

/** Errors are objects too, with members that are not their own. */
function isObject(value: unknown): value is object {
  return isJsonObject(value) || value instanceof Error;
}

function memberOf(holder: object, name: string): unknown {
  return name in holder ? Reflect.get(holder, name) : undefined;
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
