/** The reference's merge sort: it decides which pairs a comparator written by a user ever sees. */
import type { Meter } from './budget.ts';

/** Whether `left` belongs after `right`. */
export type IsAfter = (left: unknown, right: unknown) => boolean;

export function mergeSort(items: readonly unknown[], meter: Meter, isAfter: IsAfter): unknown {
  if (items.length <= 1) return items;
  meter.items(items.length);
  return sorted(items, meter, isAfter);
}

function sorted(items: readonly unknown[], meter: Meter, isAfter: IsAfter): readonly unknown[] {
  if (items.length <= 1) return items;
  meter.items(items.length);
  const middle = Math.floor(items.length / 2);
  const left = sorted(part(items, 0, middle), meter, isAfter);
  const right = sorted(part(items, middle, items.length), meter, isAfter);
  return merge(left, right, isAfter);
}

/** A plain array, whatever kind of array `items` is. */
function part(items: readonly unknown[], from: number, to: number): readonly unknown[] {
  const out: unknown[] = [];
  for (let index = from; index < to; index += 1) out.push(items[index]);
  return out;
}

function merge(left: readonly unknown[], right: readonly unknown[], isAfter: IsAfter): unknown[] {
  const out: unknown[] = [];
  let fromLeft = 0;
  let fromRight = 0;
  while (fromLeft < left.length && fromRight < right.length) {
    if (isAfter(left[fromLeft], right[fromRight])) {
      out.push(right[fromRight]);
      fromRight += 1;
    } else {
      out.push(left[fromLeft]);
      fromLeft += 1;
    }
  }
  for (; fromLeft < left.length; fromLeft += 1) out.push(left[fromLeft]);
  for (; fromRight < right.length; fromRight += 1) out.push(right[fromRight]);
  return out;
}
