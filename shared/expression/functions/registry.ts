/** All built-in functions by name. */
import type { Run } from '../frame.ts';
import { type Args, type FunctionValue, nativeFunction } from '../function-value.ts';
import { Signature } from '../signature.ts';
import { ADDED } from './added.ts';
import { AGGREGATE } from './aggregate.ts';
import { ARRAY } from './array.ts';
import type { Family } from './builtin.ts';
import { COPY } from './copy.ts';
import { DATE } from './date.ts';
import { ENCODING } from './encoding.ts';
import { HIGHER_ORDER } from './higher-order.ts';
import { INTEGER } from './integer-format.ts';
import { MATCHING } from './matching.ts';
import { NUMBER_FORMAT } from './number-format.ts';
import { NUMERIC } from './numeric.ts';
import { OBJECT } from './object.ts';
import { STRING } from './string.ts';

export interface Builtin {
  readonly name: string;
  readonly signature: Signature;
  readonly arity: number;
  readonly call: (args: Args, run: Run) => unknown;
}

const FAMILIES: readonly Family[] = [
  ADDED,
  AGGREGATE,
  ARRAY,
  COPY,
  DATE,
  ENCODING,
  HIGHER_ORDER,
  INTEGER,
  MATCHING,
  NUMBER_FORMAT,
  NUMERIC,
  OBJECT,
  STRING,
];

const BUILTINS: ReadonlyMap<string, Builtin> = new Map(
  FAMILIES.flatMap((family) =>
    Object.entries(family).map(([name, { signature, arity, call }]): [string, Builtin] => [
      name,
      { name, signature: new Signature(signature), arity, call },
    ]),
  ),
);

export function builtinNamed(name: string): Builtin | undefined {
  return BUILTINS.get(name);
}

/** The function as a value, as an expression may pass it on. */
export function builtinValue(name: string): ((run: Run) => FunctionValue) | undefined {
  const builtin = BUILTINS.get(name);
  if (!builtin) return undefined;
  const { arity, call, signature } = builtin;
  return (run) =>
    nativeFunction(
      arity,
      (args, input) => {
        run.meter.step();
        return call(signature.validate(args, input), run);
      },
      (args) => call(args, run),
    );
}
