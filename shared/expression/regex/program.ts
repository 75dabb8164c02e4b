/**
 * A pattern as instructions for the machine, in the order in which a backtracking matcher would try
 * them.
 */
import type { Alternative, Atom, Pattern, Repeat, Term } from './pattern.ts';

export type Instruction =
  | { readonly op: 'unit'; readonly matches: (unit: number) => boolean }
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'save'; readonly slot: number }
  /** Forgets what groups caught in the round before. */
  | { readonly op: 'forget'; readonly from: number; readonly to: number }
  /** Goes on only if the position is another than the one saved. */
  | { readonly op: 'moved'; readonly slot: number }
  | { readonly op: 'start' | 'end' | 'boundary' | 'inside' | 'found' };

/** Instructions; a pattern that needs more repeats something thousands of times. */
const LONGEST_PROGRAM = 4_000;

/** Undefined where the program would be too long. */
export function programOf(pattern: Pattern, flags: string): readonly Instruction[] | undefined {
  const writer = new ProgramWriter(flags.includes('i') ? 'i' : '');
  try {
    return writer.write(pattern);
  } catch (error) {
    if (error === TOO_LONG) return undefined;
    throw error;
  }
}

const TOO_LONG = new RangeError('the program is too long');
const ASCII = 128;

class ProgramWriter {
  readonly #flags: string;
  readonly #program: Instruction[] = [];
  /** The next slot for where a round began, after those of the groups. */
  #markSlot = 0;
  readonly #tests = new Map<string, (unit: number) => boolean>();

  constructor(flags: string) {
    this.#flags = flags;
  }

  write(pattern: Pattern): readonly Instruction[] {
    this.#markSlot = 2 * (pattern.groups + 1);
    this.#alternatives(pattern.alternatives);
    this.#add({ op: 'found' });
    return this.#program;
  }

  #add<Kind extends Instruction>(instruction: Kind): Kind {
    if (this.#program.length >= LONGEST_PROGRAM) throw TOO_LONG;
    this.#program.push(instruction);
    return instruction;
  }

  get #next(): number {
    return this.#program.length;
  }

  #alternatives(alternatives: readonly Alternative[]): void {
    const jumps: { to: number }[] = [];
    alternatives.forEach((terms, index) => {
      const isLast = index === alternatives.length - 1;
      const split = isLast
        ? undefined
        : this.#add({ op: 'split', first: this.#next + 1, second: 0 });
      for (const term of terms) this.#term(term);
      if (split) {
        jumps.push(this.#add({ op: 'jump', to: 0 }));
        split.second = this.#next;
      }
    });
    for (const jump of jumps) jump.to = this.#next;
  }

  #term(term: Term): void {
    switch (term.type) {
      case 'atom':
        this.#add({ op: 'unit', matches: this.#testOf(term) });
        break;
      case 'group':
        if (term.index !== undefined) this.#add({ op: 'save', slot: 2 * term.index });
        this.#alternatives(term.alternatives);
        if (term.index !== undefined) this.#add({ op: 'save', slot: 2 * term.index + 1 });
        break;
      case 'repeat':
        this.#repeat(term);
        break;
      case 'irregular':
        break;
      default:
        this.#add({ op: term.type });
    }
  }

  #repeat(repeat: Repeat): void {
    for (let count = 0; count < repeat.least; count += 1) this.#round(repeat);
    if (repeat.most === Number.POSITIVE_INFINITY) {
      const split = this.#split(repeat);
      const start = this.#next - 1;
      this.#optionalRound(repeat);
      this.#add({ op: 'jump', to: start });
      this.#leave(split, repeat);
      return;
    }
    const splits: { first: number; second: number }[] = [];
    for (let count = repeat.least; count < repeat.most; count += 1) {
      splits.push(this.#split(repeat));
      this.#optionalRound(repeat);
    }
    for (const split of splits) this.#leave(split, repeat);
  }

  #split(repeat: Repeat) {
    const inside = this.#next + 1;
    return this.#add({
      op: 'split',
      first: repeat.isGreedy ? inside : 0,
      second: repeat.isGreedy ? 0 : inside,
    });
  }

  #leave(split: { first: number; second: number }, repeat: Repeat): void {
    if (repeat.isGreedy) split.second = this.#next;
    else split.first = this.#next;
  }

  /** A round that need not be must match something. */
  #optionalRound(repeat: Repeat): void {
    if (repeat.of.type === 'atom') {
      this.#round(repeat);
      return;
    }
    const slot = this.#markSlot;
    this.#markSlot += 1;
    this.#add({ op: 'save', slot });
    this.#round(repeat);
    this.#add({ op: 'moved', slot });
  }

  #round(repeat: Repeat): void {
    const { firstGroup, endGroup } = repeat;
    if (endGroup > firstGroup) this.#add({ op: 'forget', from: 2 * firstGroup, to: 2 * endGroup });
    this.#term(repeat.of);
  }

  /** Asks the platform once for each ASCII character, and for any other as it comes. */
  #testOf({ source }: Atom): (unit: number) => boolean {
    const known = this.#tests.get(source);
    if (known) return known;
    const single = new RegExp(`^(?:${source})$`, this.#flags);
    const ascii = Array.from({ length: ASCII }, (_unit, code) =>
      single.test(String.fromCharCode(code)),
    );
    const test = (unit: number) =>
      unit < ASCII ? ascii[unit] === true : single.test(String.fromCharCode(unit));
    this.#tests.set(source, test);
    return test;
  }
}
