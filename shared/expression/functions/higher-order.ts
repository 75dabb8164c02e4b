/** Functions that take functions: $map, $filter, $reduce, $sift, $each, $single. */
import { ExpressionEvaluationError } from '../errors.ts';
import type { Args, FunctionValue } from '../function-value.ts';
import { type DataObject, keysOf, memberOf, setMember } from '../record.ts';
import { Sequence } from '../sequence.ts';
import { truthOf } from '../truth.ts';
import { arrayAt, define, type Family, functionAt, requiredFunctionAt } from './builtin.ts';

const MEMBER_BYTES = 16;

export const HIGHER_ORDER: Family = {
  map: define('<af>', 2, (args, run) => {
    const items = arrayAt(args, 0);
    if (!items) return undefined;
    const change = requiredFunctionAt(args, 1);
    const out = new Sequence();
    run.meter.items(items.length);
    for (let index = 0; index < items.length; index += 1) {
      const result = callWith(change, items[index], index, items);
      if (result !== undefined) out.push(result);
    }
    return out;
  }),
  filter: define('<af>', 2, (args, run) => {
    const items = arrayAt(args, 0);
    if (!items) return undefined;
    const test = requiredFunctionAt(args, 1);
    const out = new Sequence();
    run.meter.items(items.length);
    for (let index = 0; index < items.length; index += 1) {
      if (truthOf(callWith(test, items[index], index, items))) out.push(items[index]);
    }
    return out;
  }),
  single: define('<af?>', 2, (args, run) => {
    const items = arrayAt(args, 0);
    if (!items) return undefined;
    run.meter.steps(items.length);
    return single(items, functionAt(args, 1));
  }),
  reduce: define('<afj?:j>', 3, (args, run) => {
    const items = arrayAt(args, 0);
    if (!items) return undefined;
    run.meter.steps(items.length);
    return reduce(items, requiredFunctionAt(args, 1), args[2]);
  }),
  sift: define('<o-f?:o>', 2, (args, run) => {
    const [object] = args;
    const test = requiredFunctionAt(args, 1);
    const keys = keysOf(object);
    run.meter.items(keys.length);
    const kept: DataObject = {};
    let isEmpty = true;
    for (const key of keys) {
      const value = memberOf(object, key);
      if (!truthOf(callWith(test, value, key, object))) continue;
      run.meter.allocate(MEMBER_BYTES);
      setMember(kept, key, value);
      isEmpty = false;
    }
    return isEmpty ? undefined : kept;
  }),
  each: define('<o-f:a>', 2, (args, run) => {
    const [object] = args;
    const change = requiredFunctionAt(args, 1);
    const out = new Sequence();
    const keys = keysOf(object);
    run.meter.items(keys.length);
    for (const key of keys) {
      const result = callWith(change, memberOf(object, key), key, object);
      if (result !== undefined) out.push(result);
    }
    return out;
  }),
};

/** The value, and as many of key and whole as the function can take. */
function callWith(target: FunctionValue, value: unknown, key: unknown, whole: unknown): unknown {
  if (target.arity >= 3) return target([value, key, whole], null);
  return target(target.arity === 2 ? [value, key] : [value], null);
}

/** @throws ExpressionEvaluationError D3138 for several, D3139 for none */
function single(items: readonly unknown[], test: FunctionValue | undefined): unknown {
  let found: { readonly item: unknown } | undefined;
  items.forEach((item, index) => {
    if (test && !truthOf(callWith(test, item, index, items))) return;
    if (found) throw new ExpressionEvaluationError('D3138');
    found = { item };
  });
  if (!found) throw new ExpressionEvaluationError('D3139');
  return found.item;
}

/** @throws ExpressionEvaluationError D3050 for a function that cannot take two values */
function reduce(items: readonly unknown[], combine: FunctionValue, initial: unknown): unknown {
  if (combine.arity < 2) throw new ExpressionEvaluationError('D3050');
  const startsWithFirst = initial === undefined && items.length > 0;
  let result = startsWithFirst ? items[0] : initial;
  for (let index = startsWithFirst ? 1 : 0; index < items.length; index += 1) {
    const args: Args = [result, items[index], index, items];
    result = combine(args.slice(0, Math.min(combine.arity, args.length)), null);
  }
  return result;
}
