/**
 * What one evaluation may spend. Counted, never timed: the same expression over the same input
 * always ends the same way, however busy the machine is.
 *
 * Units  steps: one call of a function, one item of a loop, or 16 characters of text read;
 *        depth: calls and values within one another; bytes: memory asked for, live or not;
 *        sequence: items of one array
 */
import { ExpressionBudgetError } from './errors.ts';

export interface Budget {
  readonly steps: number;
  readonly depth: number;
  readonly bytes: number;
  readonly sequence: number;
}

/** Ends every evaluation well under a second and under 64 MB (test/contract/expression/attack). */
export const DEFAULT_BUDGET: Budget = {
  steps: 1_000_000,
  depth: 400,
  bytes: 24 * 1024 * 1024,
  sequence: 1_000_000,
};

/** Steps that several evaluations share, on top of what each may spend: those of one record. */
export interface Allowance {
  left: number;
}

/** Some tenth of a second, however many fields a mapping has. */
const STEPS_OF_A_RECORD = 2_000_000;

export function recordAllowance(): Allowance {
  return { left: STEPS_OF_A_RECORD };
}

const CHARACTERS_PER_STEP_LOG2 = 4;
/** Of a growing array: a third of it is room to grow, and it is copied as it grows. */
const BYTES_PER_ITEM = 16;

export class Meter {
  #steps: number;
  #depth: number;
  #bytes: number;
  readonly #sequence: number;
  readonly #granted: number;

  constructor(budget: Budget, allowance?: Allowance) {
    this.#granted = allowance ? Math.min(budget.steps, allowance.left) : budget.steps;
    this.#steps = this.#granted;
    this.#depth = budget.depth;
    this.#bytes = budget.bytes;
    this.#sequence = budget.sequence;
  }

  get spentSteps(): number {
    return this.#granted - this.#steps;
  }

  step(): void {
    this.#steps -= 1;
    if (this.#steps < 0) throw new ExpressionBudgetError('steps');
  }

  steps(count: number): void {
    this.#steps -= count;
    if (this.#steps < 0) throw new ExpressionBudgetError('steps');
  }

  /** Pays for reading a text once. */
  read(characters: number): void {
    this.steps(1 + (characters >>> CHARACTERS_PER_STEP_LOG2));
  }

  /** Pays for memory before it is taken. */
  allocate(bytes: number): void {
    this.#bytes -= bytes;
    if (!(this.#bytes >= 0)) throw new ExpressionBudgetError('bytes');
  }

  /** Pays for an array of this many items before it is made. */
  items(length: number): void {
    if (length > this.#sequence) throw new ExpressionBudgetError('sequence');
    this.steps(length);
    this.allocate(length * BYTES_PER_ITEM);
  }

  /** Pays for one more item of an array that already has `length`. */
  item(length: number): void {
    if (length >= this.#sequence) throw new ExpressionBudgetError('sequence');
    this.#bytes -= BYTES_PER_ITEM;
    if (this.#bytes < 0) throw new ExpressionBudgetError('bytes');
  }

  enter(): void {
    this.#depth -= 1;
    if (this.#depth < 0) throw new ExpressionBudgetError('depth');
  }

  leave(): void {
    this.#depth += 1;
  }
}
