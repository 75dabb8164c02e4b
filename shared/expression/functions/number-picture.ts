/**
 * Pictures of decimal numbers: `#,##0.00;(#,##0.00)`.
 *
 * Errors  D3080–D3093: what a picture must not be; of several faults the last one is named
 * Source  https://www.w3.org/TR/xpath-functions-31/#formatting-numbers, 4.7.3 and 4.7.4
 */
import { ExpressionEvaluationError } from '../errors.ts';
import { regularDistance } from './integer-picture.ts';

/** The characters that have a meaning in a picture, and those that are written. */
export interface Symbols {
  readonly decimal: string;
  readonly grouping: string;
  readonly exponent: string;
  readonly minus: string;
  readonly percent: string;
  readonly perMille: string;
  readonly zero: string;
  readonly digit: string;
  readonly pattern: string;
}

export interface NumberPicture {
  readonly prefix: string;
  readonly suffix: string;
  readonly text: string;
  readonly groupingPositions: readonly number[];
  readonly regularGrouping: number;
  readonly fractionGrouping: readonly number[];
  readonly leastInteger: number;
  readonly scaling: number;
  readonly leastFraction: number;
  readonly mostFraction: number;
  readonly leastExponent: number;
}

interface Parts {
  readonly text: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly active: string;
  readonly mantissa: string;
  readonly exponent: string | undefined;
  readonly integer: string;
  readonly fraction: string;
}

/** One picture, or one for positive and one for negative numbers. */
export function readNumberPicture(picture: string, symbols: Symbols): readonly NumberPicture[] {
  const pictures = picture.split(symbols.pattern);
  if (pictures.length > 2) throw new ExpressionEvaluationError('D3080');
  const parts = pictures.map((text) => split(text, symbols));
  for (const part of parts) validate(part, symbols);
  return parts.map((part) => analyse(part, symbols));
}

/** The ten digits of the script whose zero is given. */
export function digitsOf(zero: string): string {
  const code = zero.charCodeAt(0);
  return Array.from({ length: 10 }, (_digit, index) => String.fromCharCode(code + index)).join('');
}

function split(text: string, symbols: Symbols): Parts {
  // Of the active characters only the exponent's may stand in prefix and suffix.
  const active =
    digitsOf(symbols.zero) + symbols.decimal + symbols.grouping + symbols.digit + symbols.pattern;
  const isActive = (character: string) =>
    active.includes(character) && character !== symbols.exponent;
  const characters = text.split('');
  const first = characters.findIndex(isActive);
  const last = characters.findLastIndex(isActive);
  const prefix = first < 0 ? '' : text.substring(0, first);
  const suffix = last < 0 ? '' : text.substring(last + 1);
  const core = text.substring(prefix.length, text.length - suffix.length);
  const exponentAt = text.indexOf(symbols.exponent, prefix.length);
  const hasExponent = exponentAt !== -1 && exponentAt <= text.length - suffix.length;
  const mantissa = hasExponent ? core.substring(0, exponentAt) : core;
  const decimalAt = mantissa.indexOf(symbols.decimal);
  return {
    text,
    prefix,
    suffix,
    active: core,
    mantissa,
    exponent: hasExponent ? core.substring(exponentAt + 1) : undefined,
    integer: decimalAt < 0 ? mantissa : mantissa.substring(0, decimalAt),
    fraction: decimalAt < 0 ? suffix : mantissa.substring(decimalAt + 1),
  };
}

function countIn(text: string, characters: string): number {
  return text.split('').filter((character) => characters.includes(character)).length;
}

function isTwice(text: string, symbol: string): boolean {
  return text.indexOf(symbol) !== text.lastIndexOf(symbol);
}

function validate(parts: Parts, symbols: Symbols): void {
  const fault = faultsOf(parts, symbols).at(-1);
  if (fault !== undefined) throw new ExpressionEvaluationError(fault);
}

function faultsOf(parts: Parts, symbols: Symbols): readonly string[] {
  const { text, integer, fraction, exponent } = parts;
  const digits = digitsOf(symbols.zero);
  const hasPercent = text.includes(symbols.percent);
  const hasPerMille = text.includes(symbols.perMille);
  const known =
    digits +
    symbols.decimal +
    symbols.exponent +
    symbols.grouping +
    symbols.digit +
    symbols.pattern;
  const optionalAt = integer.indexOf(symbols.digit);
  const lastOptionalAt = fraction.lastIndexOf(symbols.digit);
  const decimalAt = text.indexOf(symbols.decimal);
  const rules: readonly (readonly [string, boolean])[] = [
    ['D3081', isTwice(text, symbols.decimal)],
    ['D3082', isTwice(text, symbols.percent)],
    ['D3083', isTwice(text, symbols.perMille)],
    ['D3084', hasPercent && hasPerMille],
    ['D3085', countIn(parts.mantissa, digits + symbols.digit) === 0],
    ['D3086', parts.active.split('').some((character) => !known.includes(character))],
    ['D3087', decimalAt !== -1 && isGroupingBeside(text, decimalAt, symbols)],
    ['D3088', decimalAt === -1 && integer.slice(-1) === symbols.grouping],
    ['D3089', text.includes(symbols.grouping + symbols.grouping)],
    ['D3090', optionalAt !== -1 && countIn(integer.substring(0, optionalAt), digits) > 0],
    ['D3091', lastOptionalAt !== -1 && countIn(fraction.substring(lastOptionalAt), digits) > 0],
    ['D3092', Boolean(exponent) && (hasPercent || hasPerMille)],
    ['D3093', exponent !== undefined && !isAllDigits(exponent, digits)],
  ];
  return rules.flatMap(([code, isBroken]) => (isBroken ? [code] : []));
}

function isGroupingBeside(text: string, at: number, symbols: Symbols): boolean {
  return text.charAt(at - 1) === symbols.grouping || text.charAt(at + 1) === symbols.grouping;
}

function isAllDigits(text: string, digits: string): boolean {
  return text.length > 0 && countIn(text, digits) === text.length;
}

function analyse(parts: Parts, symbols: Symbols): NumberPicture {
  const digits = digitsOf(symbols.zero);
  const places = digits + symbols.digit;
  const groupingPositions = groupings(parts.integer, parts.integer, false, places, symbols);
  const scaling = countIn(parts.integer, digits);
  const hasExponent = parts.exponent !== undefined;
  let leastInteger = scaling;
  let leastFraction = countIn(parts.fraction, digits);
  let mostFraction = countIn(parts.fraction, places);
  if (leastInteger === 0 && mostFraction === 0) {
    if (hasExponent) {
      leastFraction = 1;
      mostFraction = 1;
    } else leastInteger = 1;
  }
  if (hasExponent && leastInteger === 0 && parts.integer.includes(symbols.digit)) leastInteger = 1;
  if (leastInteger === 0 && leastFraction === 0) leastFraction = 1;
  return {
    prefix: parts.prefix,
    suffix: parts.suffix,
    text: parts.text,
    groupingPositions,
    regularGrouping: regularDistance(groupingPositions),
    fractionGrouping: groupings(parts.fraction, parts.integer, true, places, symbols),
    leastInteger,
    scaling,
    leastFraction,
    mostFraction,
    leastExponent: countIn(parts.exponent ?? '', digits),
  };
}

/** Digits beside each grouping sign; as in the reference the later signs are those of `integer`. */
function groupings(
  part: string,
  integer: string,
  toLeft: boolean,
  places: string,
  symbols: Symbols,
): readonly number[] {
  const positions: number[] = [];
  let at = part.indexOf(symbols.grouping);
  while (at !== -1) {
    positions.push(countIn(toLeft ? part.substring(0, at) : part.substring(at), places));
    at = integer.indexOf(symbols.grouping, at + 1);
  }
  return positions;
}
