/**
 * $formatNumber.
 *
 * Source  https://www.w3.org/TR/xpath-functions-31/#formatting-numbers, 4.7.5, by its bullets
 */
import type { Run } from '../frame.ts';
import { define, type Family, numberAt, recordAt, textAt } from './builtin.ts';
import { digitsOf, type NumberPicture, readNumberPicture, type Symbols } from './number-picture.ts';
import { round } from './numeric.ts';

/** A number's decimal text has at most this many characters: 1e-308 with 100 digits. */
const LONGEST_NUMBER = 512;
const MOST_DECIMALS = 100;

export const NUMBER_FORMAT: Family = {
  formatNumber: define('<n-so?:s>', 3, (args, run) => {
    const value = numberAt(args, 0);
    if (value === undefined) return undefined;
    const symbols = symbolsFrom(recordAt(args, 2) ?? {});
    const picture = textAt(args, 1) ?? '';
    run.meter.read(picture.length);
    return formatNumber(value, readNumberPicture(picture, symbols), symbols, run);
  }),
};

function symbolsFrom(options: Readonly<Record<string, unknown>>): Symbols {
  const symbol = (name: string, otherwise: string): string => {
    const chosen = Object.hasOwn(options, name) ? options[name] : undefined;
    return typeof chosen === 'string' && chosen !== '' ? chosen : otherwise;
  };
  return {
    decimal: symbol('decimal-separator', '.'),
    grouping: symbol('grouping-separator', ','),
    exponent: symbol('exponent-separator', 'e'),
    minus: symbol('minus-sign', '-'),
    percent: symbol('percent', '%'),
    perMille: symbol('per-mille', '\u2030'),
    zero: symbol('zero-digit', '0'),
    digit: symbol('digit', '#'),
    pattern: symbol('pattern-separator', ';'),
  };
}

function formatNumber(
  value: number,
  pictures: readonly NumberPicture[],
  symbols: Symbols,
  run: Run,
): string {
  const [positive, negative] = pictures;
  if (!positive) return '';
  const picture =
    value >= 0 ? positive : (negative ?? { ...positive, prefix: symbols.minus + positive.prefix });
  run.meter.allocate(LONGEST_NUMBER + 4 * picture.text.length);
  const scaled = scale(adjust(value, picture, symbols), picture);
  const rounded = round(scaled.mantissa, picture.mostFraction);
  let text = trimZeros(write(rounded, picture.mostFraction, symbols), symbols);
  text = padded(text, picture, symbols);
  text = grouped(text, picture, symbols);
  const decimalAt = text.indexOf(symbols.decimal);
  // Bullet 12: no sign without a fraction.
  if (!picture.text.includes(symbols.decimal) || decimalAt === text.length - 1) {
    text = text.slice(0, -1);
  }
  return picture.prefix + text + exponentText(scaled.exponent, picture, symbols) + picture.suffix;
}

/** Bullet 3: per cent and per mille. */
function adjust(value: number, picture: NumberPicture, symbols: Symbols): number {
  if (picture.text.includes(symbols.percent)) return value * 100;
  return picture.text.includes(symbols.perMille) ? value * 1000 : value;
}

/** Bullet 5: mantissa and exponent. */
function scale(value: number, picture: NumberPicture) {
  if (picture.leastExponent === 0) return { mantissa: value, exponent: undefined };
  const most = 10 ** picture.scaling;
  const least = 10 ** (picture.scaling - 1);
  let mantissa = value;
  let exponent = 0;
  if (mantissa !== 0 && Number.isFinite(mantissa)) {
    while (Math.abs(mantissa) < least) {
      mantissa *= 10;
      exponent -= 1;
    }
    while (Math.abs(mantissa) > most) {
      mantissa /= 10;
      exponent += 1;
    }
  }
  return { mantissa, exponent };
}

/** Bullet 7: the digits, in the script that the picture asks for. */
function write(value: number, decimals: number, symbols: Symbols): string {
  const text = Math.abs(value).toFixed(Math.min(decimals, MOST_DECIMALS));
  if (symbols.zero === '0') return text;
  const digits = digitsOf(symbols.zero);
  return text.replace(/[0-9]/g, (digit) => digits.charAt(Number(digit)));
}

function trimZeros(written: string, symbols: Symbols): string {
  const text = written.includes('.')
    ? written.replace('.', () => symbols.decimal)
    : written + symbols.decimal;
  let start = 0;
  let end = text.length;
  while (text.charAt(start) === symbols.zero) start += 1;
  while (end > start && text.charAt(end - 1) === symbols.zero) end -= 1;
  return text.substring(start, end);
}

/** Bullets 8 and 9: the digits that must be there. */
function padded(text: string, picture: NumberPicture, symbols: Symbols): string {
  const decimalAt = text.indexOf(symbols.decimal);
  const left = picture.leastInteger - decimalAt;
  const right = picture.leastFraction - (text.length - decimalAt - 1);
  return symbols.zero.repeat(Math.max(0, left)) + text + symbols.zero.repeat(Math.max(0, right));
}

/** Bullets 10 and 11. */
function grouped(written: string, picture: NumberPicture, symbols: Symbols): string {
  let text = written;
  const insert = (at: number) => {
    text = text.slice(0, at) + symbols.grouping + text.slice(at);
  };
  let decimalAt = text.indexOf(symbols.decimal);
  if (picture.regularGrouping > 0) {
    const count = Math.floor((decimalAt - 1) / picture.regularGrouping);
    for (let group = 1; group <= count; group += 1) {
      insert(decimalAt - group * picture.regularGrouping);
    }
  } else {
    for (const position of picture.groupingPositions) {
      insert(decimalAt - position);
      decimalAt += 1;
    }
  }
  decimalAt = text.indexOf(symbols.decimal);
  for (const position of picture.fractionGrouping) insert(position + decimalAt + 1);
  return text;
}

/** Bullet 13. */
function exponentText(
  exponent: number | undefined,
  picture: NumberPicture,
  symbols: Symbols,
): string {
  if (exponent === undefined) return '';
  const digits = write(exponent, 0, symbols);
  const zeros = symbols.zero.repeat(Math.max(0, picture.leastExponent - digits.length));
  return symbols.exponent + (exponent < 0 ? symbols.minus : '') + zeros + digits;
}
