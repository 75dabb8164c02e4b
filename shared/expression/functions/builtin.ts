/** What a built-in function is, and how it takes its arguments out of the list. */
import { ExpressionEvaluationError } from '../errors.ts';
import type { Run } from '../frame.ts';
import { type Args, type FunctionValue, isFunctionValue } from '../function-value.ts';
import { isObject } from '../truth.ts';

/** How a built-in is declared by its family. */
export interface Definition {
  readonly signature: string;
  /** Arguments that a higher-order function passes it. */
  readonly arity: number;
  readonly call: (args: Args, run: Run) => unknown;
}

export type Family = Readonly<Record<string, Definition>>;

export function define(
  signature: string,
  arity: number,
  call: (args: Args, run: Run) => unknown,
): Definition {
  return { signature, arity, call };
}

/** A function of one text; nothing gives nothing. */
export function ofText(call: (text: string, run: Run) => unknown): Definition {
  return define('<s-:s>', 1, (args, run) => {
    const text = textAt(args, 0);
    if (text === undefined) return undefined;
    run.meter.read(text.length);
    return call(text, run);
  });
}

/** A function of one number; nothing gives nothing. */
export function ofNumber(call: (value: number) => number): Definition {
  return define('<n-:n>', 1, (args) => {
    const value = numberAt(args, 0);
    return value === undefined ? undefined : call(value);
  });
}

/** @throws ExpressionEvaluationError T0410: a partial application skips the signature's check */
export function textAt(args: Args, index: number): string | undefined {
  const value = args[index];
  if (value === undefined || typeof value === 'string') return value;
  throw new ExpressionEvaluationError('T0410');
}

export function numberAt(args: Args, index: number): number | undefined {
  const value = args[index];
  if (value === undefined || typeof value === 'number') return value;
  throw new ExpressionEvaluationError('T0410');
}

export function arrayAt(args: Args, index: number): readonly unknown[] | undefined {
  const value = args[index];
  if (value === undefined || Array.isArray(value)) return value;
  throw new ExpressionEvaluationError('T0410');
}

export function functionAt(args: Args, index: number): FunctionValue | undefined {
  const value = args[index];
  if (value === undefined || isFunctionValue(value)) return value;
  throw new ExpressionEvaluationError('T0410');
}

export function requiredFunctionAt(args: Args, index: number): FunctionValue {
  const value = functionAt(args, index);
  if (value) return value;
  throw new ExpressionEvaluationError('T0410');
}

export function recordAt(args: Args, index: number): Readonly<Record<string, unknown>> | undefined {
  const value = args[index];
  if (value === undefined || isObject(value)) return value;
  throw new ExpressionEvaluationError('T0410');
}
