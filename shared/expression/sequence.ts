/**
 * Sequences: the arrays that a query gathers, as against the arrays that data holds.
 * A sequence of one is that one, a sequence of none is nothing; see {@link normalize}.
 *
 * Source  https://docs.jsonata.org/processing#sequences
 */
import type { Meter } from './budget.ts';

export class Sequence extends Array<unknown> {
  /** Stays an array though it holds one item: `path[]`. */
  declare keepSingleton: boolean;
  /** The whole input, which is an array, as one item. */
  declare outerWrapper: boolean;
  /** The items are {@link Tuple}s: each carries variable bindings along, and itself as `@`. */
  declare tupleStream: boolean;
}

// Few sequences have a mark, so that none costs anything to make.
Object.assign(Sequence.prototype, {
  keepSingleton: false,
  outerWrapper: false,
  tupleStream: false,
});

/** An array written out in a path, which no step flattens. */
export class WrittenArray extends Array<unknown> {}

export type Tuple = Record<string, unknown>;

export const ITEM = '@';

export function isTupleStream(value: unknown): value is Sequence {
  return value instanceof Sequence && value.tupleStream;
}

export function sequenceOf(item: unknown): Sequence {
  const sequence = new Sequence();
  sequence.push(item);
  return sequence;
}

/** What the world outside an expression sees of a sequence. */
export function normalize(value: unknown, keepArray: boolean): unknown {
  if (!Array.isArray(value) || !(value instanceof Sequence) || value.tupleStream) return value;
  if (keepArray) value.keepSingleton = true;
  if (value.length === 0) return undefined;
  return value.length === 1 && !value.keepSingleton ? value[0] : value;
}

export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** Both, in one array; the absent one is skipped. */
export function append(left: unknown, right: unknown, meter: Meter): unknown {
  if (left === undefined) return right;
  if (right === undefined) return left;
  const first = asArray(left);
  const second = asArray(right);
  meter.items(first.length + second.length);
  const out: unknown[] = [];
  for (const item of first) out.push(item);
  for (const item of second) out.push(item);
  return out;
}

/** Adds a value, or the items of an array: one level of arrays dissolves. */
export function pushFlat(out: Sequence, value: unknown, meter: Meter): void {
  if (!Array.isArray(value) || value instanceof WrittenArray) {
    meter.item(out.length);
    out.push(value);
    return;
  }
  meter.items(value.length);
  for (let index = 0; index < value.length; index += 1) out.push(value[index]);
}

/** Repeated {@link append}s to one value, without copying it each time. */
export class Gathering {
  #data: unknown;
  #own: unknown[] | undefined;

  constructor(first: unknown) {
    this.#data = first;
  }

  get data(): unknown {
    return this.#own ?? this.#data;
  }

  add(value: unknown, meter: Meter): void {
    if (value === undefined) return;
    if (this.#data === undefined) {
      this.#data = value;
      return;
    }
    this.#own ??= [...asArray(this.#data)];
    for (const item of asArray(value)) {
      meter.item(this.#own.length);
      this.#own.push(item);
    }
  }
}
