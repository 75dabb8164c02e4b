/** Functions as values of an expression: built-in, lambda, regex, partial application. */
import { ExpressionEvaluationError } from './errors.ts';

export type Args = readonly unknown[];
type Call = (args: Args, input: unknown) => unknown;

export interface FunctionValue {
  (args: Args, input: unknown): unknown;
  /** How many arguments a higher-order function passes it. */
  arity: number;
  /** One step of the call; may answer a {@link TailCall}. */
  bounce: Call;
  /** As `bounce`, without the check of its signature, which a partial application skips. */
  unchecked: Call;
}

/** A call in tail position, made after the stack has been left. */
export class TailCall {
  readonly target: unknown;
  readonly args: Args;

  constructor(target: unknown, args: Args) {
    this.target = target;
    this.args = args;
  }
}

export function isFunctionValue(value: unknown): value is FunctionValue {
  return typeof value === 'function';
}

/** A function whose calls end by themselves. */
export function nativeFunction(arity: number, call: Call, unchecked: Call = call): FunctionValue {
  const value = (args: Args, input: unknown) => call(args, input);
  return Object.assign(value, { arity, bounce: call, unchecked });
}

/** A function whose calls may end in other calls. */
export function bouncingFunction(
  arity: number,
  bounce: Call,
  unchecked: Call = bounce,
): FunctionValue {
  const value = (args: Args, input: unknown) => settle(bounce(args, input), input);
  return Object.assign(value, { arity, bounce, unchecked });
}

/** @throws ExpressionEvaluationError T1006 where a tail call's target is no function */
export function settle(result: unknown, input: unknown): unknown {
  let current = result;
  while (current instanceof TailCall) {
    const { target, args } = current;
    if (!isFunctionValue(target)) throw new ExpressionEvaluationError('T1006');
    current = target.bounce(args, input);
  }
  return current;
}
