/**
 * Applies the writing half of a mapping: a unified record in, the provider's input out.
 *
 * Each member's expression sees `{ input, id }`, with `$params` and `$conn` bound. What yields nothing
 * is left out; null stays, since it empties a field. Dots lead into members: `address.city`. A short
 * path is put in place before a longer one, which then goes into what is there.
 *
 * Errors  none: input that cannot be mapped is a result, whose faults name members and no values
 */
import { recordAllowance } from '../expression/budget.ts';
import type { Expression } from '../expression/expression.ts';
import type { Mapping } from '../integration/mapping/plan.ts';
import type { Fault } from '../kernel/errors.ts';
import { invariant } from '../kernel/invariant.ts';
import { isJsonObject, type Json, type JsonObject } from '../kernel/json.ts';
import { evaluate, FailedExpression } from './evaluate.ts';

export interface WriteOptions {
  readonly params: Readonly<Record<string, Json>>;
  /** The account's connection inputs. */
  readonly conn: Readonly<Record<string, string>>;
  /** Of the record that is changed; absent for a new one. */
  readonly id?: string;
}

export type Written =
  | { readonly kind: 'mapped'; readonly input: JsonObject }
  | { readonly kind: 'rejected'; readonly faults: readonly Fault[] };

export type ApplyWrite = (input: JsonObject, options: WriteOptions) => Written;

/** `faults` beside what could be made all the same. */
export type AttemptWrite = (
  input: JsonObject,
  options: WriteOptions,
) => { readonly input: JsonObject; readonly faults: readonly Fault[] };

export function createApplyWrite(mapping: Mapping): ApplyWrite {
  const attempt = createWriteAttempt(mapping);
  return (input, options) => {
    const { input: made, faults } = attempt(input, options);
    return faults.length > 0 ? { kind: 'rejected', faults } : { kind: 'mapped', input: made };
  };
}

interface Member {
  readonly name: string;
  readonly steps: readonly string[];
  readonly expression: Expression;
}

export function createWriteAttempt({ write }: Mapping): AttemptWrite {
  invariant(write, 'only what a mapping writes is asked to be written');
  const members = Object.entries(write).map(toMember).toSorted(byDepth);
  return (input, { params, conn, id }) => {
    const scope = id === undefined ? { input } : { input, id };
    const bindings = { params, conn };
    const allowance = recordAllowance();
    const made: Draft = {};
    const faults: Fault[] = [];
    for (const { name, steps, expression } of members) {
      const value = evaluate(expression, scope, bindings, allowance);
      if (value instanceof FailedExpression) faults.push({ path: name, message: value.reason });
      else if (isJson(value)) place(made, steps, value);
    }
    return { input: made, faults };
  };
}

interface Draft {
  [name: string]: Json;
}

function toMember([name, expression]: readonly [string, Expression]): Member {
  return { name, steps: name.split('.'), expression };
}

function byDepth(a: Member, b: Member): number {
  return a.steps.length - b.steps.length;
}

/** Copies what it goes into: an expression may have yielded a part of the caller's own input. */
function place(target: Draft, [step = '', ...rest]: readonly string[], value: Json): void {
  if (rest.length === 0) {
    target[step] = value;
    return;
  }
  const present = Object.hasOwn(target, step) ? target[step] : undefined;
  const inner: Draft = isJsonObject(present) ? { ...present } : {};
  place(inner, rest, value);
  target[step] = inner;
}

/** What an expression yields is plain already; only nothing is no JSON. */
function isJson(value: unknown): value is Json {
  return value !== undefined;
}
