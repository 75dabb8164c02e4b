/** $sum, $count, $max, $min, $average: many numbers to one. */
import type { Run } from '../frame.ts';
import type { Args } from '../function-value.ts';
import { arrayAt, define, type Family } from './builtin.ts';

export const AGGREGATE: Family = {
  count: define('<a:n>', 1, (args) => arrayAt(args, 0)?.length ?? 0),
  sum: define('<a<n>:n>', 1, (args, run) => {
    const numbers = numbersAt(args, run);
    return numbers && total(numbers);
  }),
  max: define('<a<n>:n>', 1, (args, run) => extreme(numbersAt(args, run), Math.max)),
  min: define('<a<n>:n>', 1, (args, run) => extreme(numbersAt(args, run), Math.min)),
  average: define('<a<n>:n>', 1, (args, run) => {
    const numbers = numbersAt(args, run);
    return numbers && numbers.length > 0 ? total(numbers) / numbers.length : undefined;
  }),
};

function numbersAt(args: Args, run: Run): readonly number[] | undefined {
  const items = arrayAt(args, 0);
  if (!items) return undefined;
  run.meter.items(items.length);
  return items.flatMap((item) => (typeof item === 'number' ? [item] : []));
}

function total(numbers: readonly number[]): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}

function extreme(
  numbers: readonly number[] | undefined,
  choose: (a: number, b: number) => number,
): number | undefined {
  if (!numbers) return undefined;
  let [found] = numbers;
  for (const number of numbers) found = found === undefined ? number : choose(found, number);
  return found;
}
