/** Patterns that are a plain text at the start or the end: compared, not matched. */
import type { Atom, Pattern, Term } from './pattern.ts';

const PLAIN_CHARACTER = /^[\w \-@:/,;<>=!"'#%&~`]$/;
const LETTER = /^[A-Za-z]$/;
const CASE_BIT = 0x20;

export type TestText = (text: string) => boolean;

/** Undefined for any other pattern. */
export function literalTest(pattern: Pattern, flags: string): TestText | undefined {
  const [terms] = pattern.alternatives;
  if (!terms || pattern.alternatives.length > 1 || flags.includes('m')) return undefined;
  const isAtStart = terms[0]?.type === 'start';
  const isAtEnd = terms.at(-1)?.type === 'end';
  const atoms = terms.slice(isAtStart ? 1 : 0, isAtEnd ? -1 : undefined).filter(isPlainAtom);
  const anchors = (isAtStart ? 1 : 0) + (isAtEnd ? 1 : 0);
  if (anchors === 0 || atoms.length === 0 || atoms.length + anchors < terms.length)
    return undefined;
  const matchesAt = comparison(atoms, flags.includes('i'));
  const { length } = atoms;
  if (isAtStart && isAtEnd) return (text) => text.length === length && matchesAt(text, 0);
  if (isAtStart) return (text) => text.length >= length && matchesAt(text, 0);
  return (text) => text.length >= length && matchesAt(text, text.length - length);
}

function isPlainAtom(term: Term): term is Atom {
  return term.type === 'atom' && PLAIN_CHARACTER.test(term.source);
}

function comparison(atoms: readonly Atom[], ignoresCase: boolean) {
  const units = atoms.map(({ source }) => source.charCodeAt(0));
  // Only ASCII letters match an ASCII letter in either case, when Unicode matching is off.
  const masks = atoms.map(({ source }) => (ignoresCase && LETTER.test(source) ? CASE_BIT : 0));
  return (text: string, offset: number): boolean => {
    // From the end: names that end alike are rarer than names that begin alike.
    for (let index = units.length - 1; index >= 0; index -= 1) {
      const mask = masks[index] ?? 0;
      if ((text.charCodeAt(offset + index) | mask) !== ((units[index] ?? 0) | mask)) return false;
    }
    return true;
  };
}
