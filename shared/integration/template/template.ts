/**
 * Templates: text with `{{path}}` in it, where a path is a lookup and nothing more.
 *
 * Shape   `{{conn.subdomain}}`: a root that the slot allows, then member names
 * Errors  {@link MissingValueError}, {@link MissingInputError}
 */
import { CallerError, type Fault } from '../../kernel/errors.ts';
import type { Scope } from './scope.ts';

/** A template names something that this call does not have. `detail.path` is the name, never a value. */
export class MissingValueError extends CallerError {
  override readonly name = 'MissingValueError';
  readonly code = 'invalid_request';
  readonly status = 400;
}

/** The account lacks an input that the call needs: one that connecting it would have found out. */
export class MissingInputError extends CallerError {
  override readonly name = 'MissingInputError';
  readonly code = 'unprocessable';
  readonly status = 422;
  override readonly faults: readonly Fault[];

  constructor(input: string) {
    super('the account is not connected to the end: verify it, or give the input that is missing');
    this.faults = [{ path: `connection.${input}`, message: 'is needed by this call' }];
  }
}

/** @param before the text that the value comes after */
export type Encode = (value: string, before: string) => string;

export interface Template {
  readonly text: string;
  /** Every path it looks up: `cred.access_token`. */
  readonly paths: readonly string[];
  /** @throws MissingValueError, MissingInputError */
  render(scope: Scope, encode?: Encode): string;
  /** The looked-up value itself where the whole text is one path, else the rendered text. */
  value(scope: Scope): unknown;
}

const PATH = /^[a-z_]+(\.[A-Za-z0-9_-]+)*$/;
/** Lazy in the middle: the first `}}` ends a path. Bounded, so that long texts cost what they are long. */
const PLACE = /\{\{([^{}]{0,200})\}\}/g;

/** A compiled template, or what is wrong with the text. */
export function compileTemplate(
  text: string,
  roots: readonly string[],
): Template | { readonly fault: string } {
  const literals: string[] = [];
  const paths: string[] = [];
  let end = 0;
  for (const match of text.matchAll(PLACE)) {
    const path = (match[1] ?? '').trim();
    const root = path.split('.')[0] ?? '';
    if (!PATH.test(path)) return { fault: 'holds a {{…}} that is not a path' };
    if (!roots.includes(root)) {
      return { fault: `looks up \`${root}\`, which is none of ${roots.join(', ')}` };
    }
    literals.push(text.slice(end, match.index));
    paths.push(path);
    end = match.index + match[0].length;
  }
  literals.push(text.slice(end));
  if (literals.some((literal) => literal.includes('{{') || literal.includes('}}'))) {
    return { fault: 'holds braces that do not match' };
  }
  return createTemplate(text, literals, paths);
}

function createTemplate(
  text: string,
  literals: readonly string[],
  paths: readonly string[],
): Template {
  const steps = paths.map((path) => path.split('.'));
  const whole = paths.length === 1 && literals.every((literal) => literal === '');
  const render = (scope: Scope, encode: Encode = (value) => value): string => {
    let result = literals[0] ?? '';
    for (const [index, path] of steps.entries()) {
      result += encode(asText(look(scope, path), path), result) + (literals[index + 1] ?? '');
    }
    return result;
  };
  return {
    text,
    paths,
    render,
    value: (scope) => (whole && steps[0] ? look(scope, steps[0]) : render(scope)),
  };
}

function look(scope: Scope, path: readonly string[]): unknown {
  let value: unknown = scope;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) {
      return undefined;
    }
    value = Reflect.get(value, step);
  }
  return value;
}

function asText(value: unknown, path: readonly string[]): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (path[0] === 'conn' && path[1] !== undefined) throw new MissingInputError(path[1]);
  throw new MissingValueError('a value that the call needs is missing', { path: path.join('.') });
}
