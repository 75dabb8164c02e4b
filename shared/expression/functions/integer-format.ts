/** $formatInteger and $parseInteger, and the numbers within dates. */
import type { Meter } from '../budget.ts';
import { ExpressionEvaluationError } from '../errors.ts';
import { define, type Family, numberAt, textAt } from './builtin.ts';
import {
  type DecimalPicture,
  type IntegerPicture,
  type OtherPicture,
  readIntegerPicture,
  type Separator,
} from './integer-picture.ts';
import { fromLetters, fromRoman, fromWords, toLetters, toRoman, toWords } from './integer-words.ts';

const ASCII_ZERO = 0x30;
const ORDINAL_ENDINGS: Readonly<Record<string, string>> = { 1: 'st', 2: 'nd', 3: 'rd' };

export const INTEGER: Family = {
  formatInteger: define('<n-s:s>', 2, (args, run) => {
    const value = numberAt(args, 0);
    if (value === undefined) return undefined;
    const picture = readIntegerPicture(textAt(args, 1) ?? '');
    return formatInteger(Math.floor(value), picture, run.meter);
  }),
  parseInteger: define('<s-s:n>', 2, (args, run) => {
    const text = textAt(args, 0);
    if (text === undefined) return undefined;
    run.meter.read(text.length);
    return parseInteger(text, readIntegerPicture(textAt(args, 1) ?? ''));
  }),
};

/** @throws ExpressionEvaluationError D3130 */
export function formatInteger(value: number, picture: IntegerPicture, meter: Meter): string {
  const amount = Math.abs(value);
  const sign = value < 0 ? '-' : '';
  if (picture.primary === 'sequence') throw new ExpressionEvaluationError('D3130');
  if (picture.primary === 'decimal') return sign + formatDigits(amount, picture, meter);
  return sign + formatNotation(amount, picture, meter);
}

function formatNotation(amount: number, picture: OtherPicture, meter: Meter): string {
  switch (picture.primary) {
    case 'letters':
      return toLetters(amount, picture.case === 'upper' ? 'A' : 'a');
    case 'roman': {
      // A letter for every thousand.
      meter.allocate(amount / 1000);
      const text = toRoman(amount);
      return picture.case === 'upper' ? text.toUpperCase() : text;
    }
    case 'words': {
      const text = toWords(amount, picture.ordinal);
      if (picture.case === 'upper') return text.toUpperCase();
      return picture.case === 'lower' ? text.toLowerCase() : text;
    }
  }
}

function formatDigits(amount: number, picture: DecimalPicture, meter: Meter): string {
  // A picture may ask for a width that is no number; then for none.
  const width = Math.max(0, picture.mandatoryDigits || 0);
  meter.allocate(width * 2);
  let text = String(amount).padStart(width, '0');
  if (picture.zeroCode !== ASCII_ZERO) {
    text = [...text].map((digit) => shiftDigit(digit, picture.zeroCode - ASCII_ZERO)).join('');
  }
  text = withSeparators(text, picture.separators);
  return picture.ordinal ? text + ordinalEnding(text) : text;
}

function shiftDigit(digit: string, by: number): string {
  return String.fromCodePoint((digit.codePointAt(0) ?? 0) + by);
}

function withSeparators(digits: string, separators: DecimalPicture['separators']): string {
  let text = digits;
  if (!isList(separators)) {
    const { position, character } = separators;
    for (let count = Math.floor((text.length - 1) / position); count > 0; count -= 1) {
      text = insert(text, text.length - count * position, character);
    }
    return text;
  }
  // From the left, so that places counted from the right stay where they are.
  for (const { position, character } of [...separators].reverse()) {
    text = insert(text, text.length - position, character);
  }
  return text;
}

function insert(text: string, at: number, character: string): string {
  // As substr of the reference: a place before the text counts from its end.
  const place = at < 0 ? Math.max(0, text.length + at) : at;
  const before = at < 0 ? '' : text.substring(0, at);
  return before + character + text.substring(place);
}

function ordinalEnding(text: string): string {
  const ending = ORDINAL_ENDINGS[text.slice(-1)];
  return ending === undefined || (text.length > 1 && text.at(-2) === '1') ? 'th' : ending;
}

function isList(separators: DecimalPicture['separators']): separators is readonly Separator[] {
  return Array.isArray(separators);
}

/** @throws ExpressionEvaluationError D3130 */
export function parseInteger(text: string, picture: IntegerPicture): number {
  switch (picture.primary) {
    case 'sequence':
      throw new ExpressionEvaluationError('D3130');
    case 'letters':
      return fromLetters(text, picture.case === 'upper' ? 'A' : 'a');
    case 'roman':
      return fromRoman(picture.case === 'upper' ? text : text.toUpperCase());
    case 'words':
      return fromWords(text.toLowerCase());
    case 'decimal':
      return parseDigits(text, picture);
  }
}

function parseDigits(text: string, picture: DecimalPicture): number {
  let digits = picture.ordinal ? text.slice(0, -2) : text;
  const { separators } = picture;
  // The reference takes out commas whatever sign the repeating separator is.
  const signs = isList(separators) ? separators.map(({ character }) => character) : [','];
  for (const sign of signs) digits = digits.split(sign).join('');
  if (picture.zeroCode !== ASCII_ZERO) {
    const by = ASCII_ZERO - picture.zeroCode;
    digits = digits
      .split('')
      .map((digit) => shiftDigit(digit, by))
      .join('');
  }
  return Number.parseInt(digits, 10);
}
