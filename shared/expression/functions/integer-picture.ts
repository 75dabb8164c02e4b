/**
 * Pictures of whole numbers: `#,##0`, `001`, `Ww`, `I`, `a`, each perhaps with `;o` for an ordinal.
 *
 * Errors  D3130 numbering sequence that we do not know, D3131 digits of two scripts
 * Source  https://www.w3.org/TR/xpath-functions-31/#formatting-integers
 */
import { ExpressionEvaluationError } from '../errors.ts';

export type LetterCase = 'upper' | 'lower' | 'title';

export interface Separator {
  /** Digits to its right. */
  readonly position: number;
  readonly character: string;
}

export interface DecimalPicture {
  readonly primary: 'decimal';
  readonly ordinal: boolean;
  /** Code point of the script's zero. */
  readonly zeroCode: number;
  readonly mandatoryDigits: number;
  readonly optionalDigits: number;
  /** One that repeats at equal distances, or each by itself, from the right. */
  readonly separators: Separator | readonly Separator[];
  /** Digits to read where another number follows at once. */
  readonly parseWidth?: number;
}

export interface OtherPicture {
  readonly primary: 'letters' | 'roman' | 'words';
  readonly ordinal: boolean;
  readonly case: LetterCase;
}

/** A numbering that the specification leaves open, and that nobody here knows. */
export interface UnknownPicture {
  readonly primary: 'sequence';
}

export type IntegerPicture = DecimalPicture | OtherPicture | UnknownPicture;

const NOTATIONS: Readonly<Record<string, Omit<OtherPicture, 'ordinal'>>> = {
  A: { primary: 'letters', case: 'upper' },
  a: { primary: 'letters', case: 'lower' },
  I: { primary: 'roman', case: 'upper' },
  i: { primary: 'roman', case: 'lower' },
  W: { primary: 'words', case: 'upper' },
  w: { primary: 'words', case: 'lower' },
  Ww: { primary: 'words', case: 'title' },
};

/** Code points of the zeros of every script with decimal digits. */
const ZEROS = [
  0x30, 0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6,
  0x0d66, 0x0de6, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80,
  0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0,
  0xff10,
];
const OPTIONAL_DIGIT = 0x23;

export function readIntegerPicture(picture: string): IntegerPicture {
  const semicolon = picture.lastIndexOf(';');
  const primary = semicolon < 0 ? picture : picture.substring(0, semicolon);
  const ordinal = semicolon >= 0 && picture.charAt(semicolon + 1) === 'o';
  const notation = Object.hasOwn(NOTATIONS, primary) ? NOTATIONS[primary] : undefined;
  return notation ? { ...notation, ordinal } : readDigits(primary, ordinal);
}

/** @throws ExpressionEvaluationError D3131 */
function readDigits(picture: string, ordinal: boolean): IntegerPicture {
  let zeroCode: number | undefined;
  let mandatoryDigits = 0;
  let optionalDigits = 0;
  const separators: Separator[] = [];
  for (const character of [...picture].reverse()) {
    const code = character.codePointAt(0) ?? 0;
    const zero = ZEROS.find((first) => code >= first && code <= first + 9);
    if (zero !== undefined) {
      zeroCode ??= zero;
      if (zero !== zeroCode) throw new ExpressionEvaluationError('D3131');
      mandatoryDigits += 1;
    } else if (code === OPTIONAL_DIGIT) optionalDigits += 1;
    else separators.push({ position: mandatoryDigits + optionalDigits, character });
  }
  if (zeroCode === undefined) return { primary: 'sequence' };
  return {
    primary: 'decimal',
    ordinal,
    zeroCode,
    mandatoryDigits,
    optionalDigits,
    separators: repeating(separators) ?? separators,
  };
}

/** The one separator that all of them repeat, if they stand at equal distances. */
function repeating(separators: readonly Separator[]): Separator | undefined {
  const [first] = separators;
  if (!first || separators.some(({ character }) => character !== first.character)) return undefined;
  const distance = regularDistance(separators.map(({ position }) => position));
  return distance > 0 ? { position: distance, character: first.character } : undefined;
}

/** The interval at which all positions stand, or 0. */
export function regularDistance(positions: readonly number[]): number {
  if (positions.length === 0) return 0;
  const factor = positions.reduce(greatestCommonDivisor);
  const isRegular = positions.every((_position, index) => positions.includes((index + 1) * factor));
  return isRegular ? factor : 0;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
