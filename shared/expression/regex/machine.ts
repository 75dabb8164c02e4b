/**
 * Runs a program over a text in one pass, with all its ways side by side and in order of preference:
 * time grows with the text and with the program, never with the number of ways.
 *
 * Source  https://swtch.com/~rsc/regexp/regexp2.html, "Pike's implementation"
 */
import type { Meter } from '../budget.ts';
import type { Instruction } from './program.ts';

/** Where match and groups begin and end; -1 for a group that took no part. */
export type Slots = readonly number[];

interface Thread {
  readonly at: number;
  readonly slots: Slots;
}

export interface Search {
  readonly program: readonly Instruction[];
  readonly groups: number;
  readonly isMultiline: boolean;
}

const LINE_ENDS = new Set([0x0a, 0x0d, 0x2028, 0x2029]);
const WORD = /\w/;

/** The leftmost match at or after `from`, as a backtracking matcher would find it. */
export function search(what: Search, text: string, from: number, meter: Meter): Slots | undefined {
  const machine = new Machine(what, text);
  let threads: Thread[] = [];
  let found: Slots | undefined;
  for (let position = from; position <= text.length; position += 1) {
    if (!found) {
      machine.enter(position, threads);
      machine.follow(0, machine.fresh(position), threads);
    }
    meter.steps(1 + (machine.visited >> 2));
    if (threads.length === 0 && found) break;
    const next: Thread[] = [];
    machine.enter(position + 1, next);
    const winner = machine.advance(threads, position, next);
    if (winner) found = withEnd(winner.slots, position);
    threads = next;
  }
  return found;
}

function withEnd(slots: Slots, position: number): Slots {
  const out = [...slots];
  out[1] = position;
  return out;
}

class Machine {
  readonly #what: Search;
  readonly #text: string;
  readonly #lastVisit: Int32Array;
  #position = -1;
  /** Instructions seen at this position. */
  visited = 0;

  constructor(what: Search, text: string) {
    this.#what = what;
    this.#text = text;
    this.#lastVisit = new Int32Array(what.program.length).fill(-1);
  }

  fresh(position: number): Slots {
    const slots: number[] = [];
    for (let slot = 0; slot < 2 * (this.#what.groups + 1); slot += 1) slots.push(-1);
    slots[0] = position;
    return slots;
  }

  /** Starts a list of threads at a position, unless threads are there already. */
  enter(position: number, threads: readonly Thread[]): void {
    if (this.#position === position) return;
    this.#position = position;
    this.visited = threads.length;
  }

  /**
   * Moves the threads whose character comes next on to `next`. Answers the thread that has found a
   * match; those after it were preferred less, and end with it.
   */
  advance(threads: readonly Thread[], position: number, next: Thread[]): Thread | undefined {
    const unit = position < this.#text.length ? this.#text.charCodeAt(position) : undefined;
    for (const thread of threads) {
      const instruction = this.#what.program[thread.at];
      if (instruction?.op === 'found') return thread;
      if (instruction?.op === 'unit' && unit !== undefined && instruction.matches(unit)) {
        this.follow(thread.at + 1, thread.slots, next);
      }
    }
    return undefined;
  }

  /** Adds all threads that stand before a character, from an instruction on. */
  follow(start: number, slots: Slots, threads: Thread[]): void {
    const stack: Thread[] = [{ at: start, slots }];
    for (let thread = stack.pop(); thread; thread = stack.pop()) {
      const { at } = thread;
      if (this.#lastVisit[at] === this.#position) continue;
      this.#lastVisit[at] = this.#position;
      this.visited += 1;
      const instruction = this.#what.program[at];
      if (!instruction) continue;
      switch (instruction.op) {
        case 'jump':
          stack.push({ at: instruction.to, slots: thread.slots });
          break;
        case 'split':
          stack.push({ at: instruction.second, slots: thread.slots });
          stack.push({ at: instruction.first, slots: thread.slots });
          break;
        case 'save':
          stack.push({ at: at + 1, slots: saved(thread.slots, instruction.slot, this.#position) });
          break;
        case 'forget':
          stack.push({ at: at + 1, slots: forgotten(thread.slots, instruction) });
          break;
        case 'moved':
          if (thread.slots[instruction.slot] !== this.#position) {
            stack.push({ at: at + 1, slots: thread.slots });
          }
          break;
        case 'unit':
        case 'found':
          threads.push(thread);
          break;
        default:
          if (this.#holds(instruction.op)) stack.push({ at: at + 1, slots: thread.slots });
      }
    }
  }

  #holds(assertion: 'start' | 'end' | 'boundary' | 'inside'): boolean {
    const position = this.#position;
    const { isMultiline } = this.#what;
    switch (assertion) {
      case 'start':
        return position === 0 || (isMultiline && this.#isLineEnd(position - 1));
      case 'end':
        return position === this.#text.length || (isMultiline && this.#isLineEnd(position));
      default: {
        const isBoundary = this.#isWord(position - 1) !== this.#isWord(position);
        return isBoundary === (assertion === 'boundary');
      }
    }
  }

  #isLineEnd(position: number): boolean {
    return LINE_ENDS.has(this.#text.charCodeAt(position));
  }

  #isWord(position: number): boolean {
    return WORD.test(this.#text.charAt(position));
  }
}

function saved(slots: Slots, slot: number, position: number): Slots {
  const out = [...slots];
  out[slot] = position;
  return out;
}

function forgotten(
  slots: Slots,
  { from, to }: { readonly from: number; readonly to: number },
): Slots {
  return slots.map((value, slot) => (slot >= from && slot < to ? -1 : value));
}
