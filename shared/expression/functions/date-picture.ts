/**
 * Pictures of dates: `[Y0001]-[M01]-[D01]T[H01]:[m01]`.
 *
 * Errors  D3132 component that there is none of, D3135 bracket left open
 * Source  https://www.w3.org/TR/xpath-functions-31/#date-picture-string
 */
import { ExpressionEvaluationError } from '../errors.ts';
import { type IntegerPicture, type LetterCase, readIntegerPicture } from './integer-picture.ts';

export interface Literal {
  readonly type: 'literal';
  readonly value: string;
}

export interface Marker {
  readonly type: 'marker';
  readonly component: string;
  /** Written as a name: `[MNn]`. */
  readonly names: LetterCase | undefined;
  /** Zulu time is written `Z`. */
  readonly isZulu: boolean;
  readonly mostLetters: number | undefined;
  readonly integer: IntegerPicture | undefined;
  /** Digits of a year; -1 for all of them. */
  readonly yearDigits: number;
}

export type DatePart = Literal | Marker;

const DEFAULTS: Readonly<Record<string, string>> = {
  Y: '1',
  M: '1',
  D: '1',
  d: '1',
  F: 'n',
  W: '1',
  w: '1',
  X: '1',
  x: '1',
  H: '1',
  h: '1',
  P: 'n',
  m: '01',
  s: '01',
  f: '1',
  Z: '01:01',
  z: '01:01',
  C: 'n',
  E: 'n',
};
export const NUMBERS = 'YMDdFWwXxHhmsf';
const SECOND_MODIFIERS = 'atco';

export function readDatePicture(picture: string): readonly DatePart[] {
  const parts: DatePart[] = [];
  let start = 0;
  let position = 0;
  const literal = (end: number) => {
    if (end > start) {
      parts.push({ type: 'literal', value: picture.substring(start, end).replaceAll(']]', ']') });
    }
  };
  while (position < picture.length) {
    if (picture.charAt(position) !== '[') {
      position += 1;
      continue;
    }
    literal(position);
    if (picture.charAt(position + 1) === '[') {
      parts.push({ type: 'literal', value: '[' });
      position += 2;
    } else {
      const end = picture.indexOf(']', position);
      if (end < 0) throw new ExpressionEvaluationError('D3135');
      fixWidthBefore(parts, picture.substring(position + 1, end).replace(/\s+/g, ''));
      position = end + 1;
    }
    start = position;
  }
  literal(position);
  return parts;
}

/** Adds a marker; where two numbers touch, the first has as many digits as its picture. */
function fixWidthBefore(parts: DatePart[], text: string): void {
  const marker = readMarker(text);
  const before = parts.at(-1);
  const isNumber = marker.integer !== undefined && NUMBERS.includes(marker.component);
  if (isNumber && before?.type === 'marker' && before.integer?.primary === 'decimal') {
    const { integer } = before;
    parts[parts.length - 1] = {
      ...before,
      integer: { ...integer, parseWidth: integer.mandatoryDigits },
    };
  }
  parts.push(marker);
}

interface Width {
  readonly least: number | undefined;
  readonly most: number | undefined;
}

/** @throws ExpressionEvaluationError D3132 */
function readMarker(text: string): Marker {
  const component = text.charAt(0);
  const comma = text.lastIndexOf(',');
  const width = comma < 0 ? undefined : readWidth(text.substring(comma + 1));
  const modifiers = comma < 0 ? text.substring(1) : text.substring(1, comma);
  const last = modifiers.slice(-1);
  const second = modifiers.length > 1 && SECOND_MODIFIERS.includes(last) ? last : '';
  const first =
    modifiers === '' ? defaultFor(component) : modifiers.slice(0, modifiers.length - second.length);
  const names = namesCase(first);
  const marker = {
    type: 'marker',
    component,
    names,
    isZulu: second === 't',
    mostLetters: width?.most,
    integer: undefined,
    yearDigits: -1,
  } as const;
  if (component === 'Z' || component === 'z') {
    return { ...marker, integer: readIntegerPicture(first) };
  }
  if (names !== undefined || !NUMBERS.includes(component)) return marker;
  const integer = widened(readIntegerPicture(second ? `${first};${second}` : first), width?.least);
  return component === 'Y' ? yearMarker(marker, integer, width?.most) : { ...marker, integer };
}

function defaultFor(component: string): string {
  const modifier = Object.hasOwn(DEFAULTS, component) ? DEFAULTS[component] : undefined;
  if (modifier === undefined) throw new ExpressionEvaluationError('D3132');
  return modifier;
}

function namesCase(modifier: string): LetterCase | undefined {
  if (modifier.startsWith('n')) return 'lower';
  if (!modifier.startsWith('N')) return undefined;
  return modifier.charAt(1) === 'n' ? 'title' : 'upper';
}

function readWidth(text: string): Width {
  const dash = text.indexOf('-');
  if (dash < 0) return { least: readNumber(text), most: undefined };
  return { least: readNumber(text.substring(0, dash)), most: readNumber(text.substring(dash + 1)) };
}

function readNumber(text: string): number | undefined {
  return text === '*' ? undefined : Number.parseInt(text, 10);
}

function widened(integer: IntegerPicture, least: number | undefined): IntegerPicture {
  if (integer.primary !== 'decimal' || least === undefined) return integer;
  return integer.mandatoryDigits < least ? { ...integer, mandatoryDigits: least } : integer;
}

function yearMarker(marker: Marker, integer: IntegerPicture, most: number | undefined): Marker {
  if (most !== undefined) {
    const fixed = integer.primary === 'decimal' ? { ...integer, mandatoryDigits: most } : integer;
    return { ...marker, integer: fixed, yearDigits: most };
  }
  const digits =
    integer.primary === 'decimal' ? integer.mandatoryDigits + integer.optionalDigits : 0;
  return { ...marker, integer, yearDigits: digits >= 2 ? digits : -1 };
}
