/**
 * A regular expression taken apart, as far as matching it by ourselves asks: what stands where, how
 * often, in which group. What a single character matches is left to the RegExp of the platform.
 *
 * Source  https://tc39.es/ecma262/#sec-patterns and Annex B.1.2, without the flags u and v
 */
export interface Atom {
  readonly type: 'atom';
  /** Matches exactly one UTF-16 unit: `a`, `.`, `\d`, `[^x]`. */
  readonly source: string;
}
export interface Assertion {
  readonly type: 'start' | 'end' | 'boundary' | 'inside';
}
export interface Group {
  readonly type: 'group';
  /** Number of the group from 1, or undefined where it catches nothing. */
  readonly index: number | undefined;
  readonly alternatives: readonly Alternative[];
}
/** Looks around or back: no machine of ours can follow it. */
export interface Irregular {
  readonly type: 'irregular';
  /** What it looks for around; undefined where it looks back at what a group has caught. */
  readonly alternatives: readonly Alternative[] | undefined;
}
export interface Repeat {
  readonly type: 'repeat';
  readonly of: Atom | Group | Irregular;
  readonly least: number;
  readonly most: number;
  readonly isGreedy: boolean;
  /** Groups within, from `firstGroup` up to but not including `endGroup`. */
  readonly firstGroup: number;
  readonly endGroup: number;
}
export type Term = Atom | Assertion | Group | Irregular | Repeat;
export type Alternative = readonly Term[];

export interface Pattern {
  readonly alternatives: readonly Alternative[];
  readonly groups: number;
}

const QUANTIFIER = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/;
const ESCAPE = /^\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|c[A-Za-z]|0[0-7]{0,2}|[\s\S])/;
const BACK_REFERENCE = /^\\(?:[1-9]\d*|k<)/;
const LOOK_AROUND = ['?=', '?!', '?<=', '?<!'];

/** @param source of a RegExp that the platform has accepted */
export function readPattern(source: string): Pattern {
  return new PatternReader(source).read();
}

class PatternReader {
  readonly #source: string;
  #at = 0;
  #groups = 0;

  constructor(source: string) {
    this.#source = source;
  }

  read(): Pattern {
    const alternatives = this.#alternatives();
    return { alternatives, groups: this.#groups };
  }

  #alternatives(): readonly Alternative[] {
    const alternatives: Term[][] = [[]];
    while (this.#at < this.#source.length && this.#peek() !== ')') {
      if (this.#peek() === '|') {
        this.#at += 1;
        alternatives.push([]);
      } else alternatives.at(-1)?.push(this.#term());
    }
    return alternatives;
  }

  #peek(): string {
    return this.#source.charAt(this.#at);
  }

  #rest(): string {
    return this.#source.substring(this.#at);
  }

  #term(): Term {
    const firstGroup = this.#groups + 1;
    const part = this.#part();
    if (part.type !== 'atom' && part.type !== 'group' && part.type !== 'irregular') return part;
    const [text, least, comma, most] = QUANTIFIER.exec(this.#rest()) ?? [];
    if (text === undefined) return part;
    this.#at += text.length;
    const bounds = boundsOf(text, least, comma, most);
    const isGreedy = !(text.length > 1 && text.endsWith('?'));
    const endGroup = this.#groups + 1;
    return { type: 'repeat', of: part, ...bounds, isGreedy, firstGroup, endGroup };
  }

  #part(): Atom | Assertion | Group | Irregular {
    switch (this.#peek()) {
      case '^':
        this.#at += 1;
        return { type: 'start' };
      case '$':
        this.#at += 1;
        return { type: 'end' };
      case '(':
        return this.#group();
      case '[':
        return this.#class();
      case '\\':
        return this.#escape();
      default:
        this.#at += 1;
        return { type: 'atom', source: this.#source.charAt(this.#at - 1) };
    }
  }

  #group(): Group | Irregular {
    this.#at += 1;
    const rest = this.#rest();
    const isIrregular = LOOK_AROUND.some((mark) => rest.startsWith(mark));
    let index: number | undefined;
    if (isIrregular) this.#at += rest.indexOf(rest.startsWith('?<') ? '<' : '?') + 2;
    else if (rest.startsWith('?:')) this.#at += 2;
    else {
      this.#groups += 1;
      index = this.#groups;
      // A name is for the reader; the group has a number all the same.
      if (rest.startsWith('?<')) this.#at += rest.indexOf('>') + 1;
    }
    const alternatives = this.#alternatives();
    this.#at += 1;
    return isIrregular
      ? { type: 'irregular', alternatives }
      : { type: 'group', index, alternatives };
  }

  #class(): Atom {
    const start = this.#at;
    this.#at += 1;
    while (this.#at < this.#source.length && this.#peek() !== ']') {
      this.#at += this.#peek() === '\\' ? 2 : 1;
    }
    this.#at += 1;
    return { type: 'atom', source: this.#source.substring(start, this.#at) };
  }

  #escape(): Atom | Assertion | Irregular {
    const rest = this.#rest();
    const reference = BACK_REFERENCE.exec(rest);
    if (reference) {
      this.#at += reference[0].length;
      if (reference[0] === '\\k<') this.#at += rest.indexOf('>') - 2;
      return { type: 'irregular', alternatives: undefined };
    }
    const source = ESCAPE.exec(rest)?.[0] ?? '\\';
    this.#at += source.length;
    if (source === '\\b') return { type: 'boundary' };
    return source === '\\B' ? { type: 'inside' } : { type: 'atom', source };
  }
}

function boundsOf(
  text: string,
  least: string | undefined,
  comma: string | undefined,
  most: string | undefined,
): { least: number; most: number } {
  if (text.startsWith('*')) return { least: 0, most: Number.POSITIVE_INFINITY };
  if (text.startsWith('+')) return { least: 1, most: Number.POSITIVE_INFINITY };
  if (text.startsWith('?')) return { least: 0, most: 1 };
  const from = Number(least);
  if (comma === undefined) return { least: from, most: from };
  return { least: from, most: most ? Number(most) : Number.POSITIVE_INFINITY };
}
