/** Arrays: appending, turning round, sorting, removing doubles. */
import { ExpressionEvaluationError } from '../errors.ts';
import type { Run } from '../frame.ts';
import { append, Sequence } from '../sequence.ts';
import { mergeSort } from '../sort.ts';
import { deepEqual, isNumeric } from '../truth.ts';
import { arrayAt, define, type Family, functionAt } from './builtin.ts';

export const ARRAY: Family = {
  append: define('<xx:a>', 2, ([left, right], run) => append(left, right, run.meter)),
  reverse: define('<a:a>', 1, (args, run) => {
    const items = arrayAt(args, 0);
    if (!items || items.length <= 1) return items;
    run.meter.items(items.length);
    const out: unknown[] = [];
    for (let index = items.length - 1; index >= 0; index -= 1) out.push(items[index]);
    return out;
  }),
  shuffle: define('<a:a>', 1, (args, run) => {
    const items = arrayAt(args, 0);
    return !items || items.length <= 1 ? items : shuffled(items, run);
  }),
  sort: define('<af?:a>', 2, (args, run) => {
    const items = arrayAt(args, 0);
    if (!items || items.length <= 1) return items;
    const comparator = functionAt(args, 1);
    if (comparator) {
      return mergeSort(items, run.meter, (a, b) => Boolean(comparator([a, b], null)));
    }
    if (items.every(isNumeric) || items.every((item) => typeof item === 'string')) {
      return mergeSort(items, run.meter, isGreater);
    }
    throw new ExpressionEvaluationError('D3070');
  }),
  distinct: define('<x:x>', 1, ([value], run) =>
    Array.isArray(value) && value.length > 1 ? distinct(value, run) : value,
  ),
  zip: define('<a+>', 0, (args, run) => {
    const arrays = args.map((arg): readonly unknown[] => (Array.isArray(arg) ? arg : []));
    const length = Math.min(...arrays.map((array) => array.length));
    run.meter.items(arrays.length === 0 ? 0 : length * (1 + arrays.length));
    return Array.from({ length: arrays.length === 0 ? 0 : length }, (_item, index) =>
      arrays.map((array) => array[index]),
    );
  }),
};

/** Items of a kind only, which the caller has made sure of. */
function isGreater(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a > b;
  return typeof a === 'string' && typeof b === 'string' && a > b;
}

/** Fisher-Yates, inside out. */
function shuffled(items: readonly unknown[], run: Run): readonly unknown[] {
  run.meter.items(items.length);
  const out: unknown[] = [];
  items.forEach((item, index) => {
    const place = Math.floor(run.random() * (index + 1));
    out.push(out[place]);
    out[place] = item;
  });
  return out;
}

function distinct(items: readonly unknown[], run: Run): readonly unknown[] {
  const { meter } = run;
  meter.items(items.length);
  const kept: unknown[] = items instanceof Sequence ? new Sequence() : [];
  const simple = new Set<unknown>();
  const composite: unknown[] = [];
  for (const item of items) {
    if (typeof item === 'object' && item !== null) {
      meter.steps(composite.length);
      if (composite.some((other) => deepEqual(item, other, meter))) continue;
      composite.push(item);
    } else if (simple.has(item) && !Number.isNaN(item)) continue;
    else simple.add(item);
    kept.push(item);
  }
  return kept;
}
