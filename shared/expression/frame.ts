/**
 * Where variables live while an expression runs. Names are resolved to slots when compiling; only
 * the bindings that travel with a path's items (`@$x`, `#$i`, `%`) are looked up by name.
 */
import type { Meter } from './budget.ts';
import type { Tuple } from './sequence.ts';

/** What one evaluation has of its own. */
export class Run {
  readonly meter: Meter;
  /** The input document, `$$`. */
  readonly root: unknown;
  readonly bindings: Readonly<Record<string, unknown>>;
  /** In [0, 1). */
  readonly random: () => number;
  readonly #clock: () => number;
  #nowMs: number | undefined;

  constructor(
    meter: Meter,
    root: unknown,
    bindings: Readonly<Record<string, unknown>>,
    clock: () => number,
    random: () => number,
  ) {
    this.meter = meter;
    this.root = root;
    this.bindings = bindings;
    this.random = random;
    this.#clock = clock;
    this.#nowMs = undefined;
  }

  /** The one instant of `$now()` and `$millis()`. Few expressions ask, and clocks are slow. */
  get nowMs(): number {
    this.#nowMs ??= this.#clock();
    return this.#nowMs;
  }
}

/** A slot that no `:=` has filled yet: the name still means what it means outside. */
export const UNSET: unique symbol = Symbol('unset');

export class Frame {
  readonly run: Run;
  readonly parent: Frame | undefined;
  readonly slots: unknown[];
  readonly tuple: Tuple | undefined;

  constructor(run: Run, parent: Frame | undefined, slots: unknown[], tuple?: Tuple) {
    this.run = run;
    this.parent = parent;
    this.slots = slots;
    this.tuple = tuple;
  }
}

export function emptySlots(size: number): unknown[] {
  const slots: unknown[] = [];
  for (let index = 0; index < size; index += 1) slots.push(UNSET);
  return slots;
}

/** Makes the frame of one item of a tuple stream. */
export function tupleFrame(outer: Frame, tuple: Tuple, size: number): Frame {
  return new Frame(outer.run, outer, emptySlots(size), tuple);
}

export type Evaluate = (input: unknown, frame: Frame) => unknown;
