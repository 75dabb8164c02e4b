/** $fromMillis and $now: instants as text. */
import type { Meter } from '../budget.ts';
import { ExpressionEvaluationError } from '../errors.ts';
import { componentOf, DAYS, MONTHS } from './date-components.ts';
import { type DatePart, type Marker, readDatePicture } from './date-picture.ts';
import { formatInteger } from './integer-format.ts';
import { readIntegerPicture } from './integer-picture.ts';

const ISO_8601 = readDatePicture('[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]');
const TWO_DIGITS = readIntegerPicture('00');
const WHOLE_NUMBERS = 'YMDdFWwXxHhms';
const MINUTE_MS = 60_000;

interface Offset {
  readonly hours: number;
  readonly minutes: number;
}

/** @param timezone `+0530`, `-0500`; nothing is UTC */
export function formatDate(
  ms: number,
  picture: string | undefined,
  timezone: string | undefined,
  meter: Meter,
): string {
  const parts: readonly DatePart[] = picture === undefined ? ISO_8601 : readDatePicture(picture);
  const offset = readOffset(timezone);
  const local = new Date(ms + (60 * offset.hours + offset.minutes) * MINUTE_MS);
  let text = '';
  for (const part of parts) {
    meter.step();
    text += part.type === 'literal' ? part.value : formatMarker(local, part, offset, meter);
  }
  return text;
}

function readOffset(timezone: string | undefined): Offset {
  if (timezone === undefined) return { hours: 0, minutes: 0 };
  const offset = Number.parseInt(timezone, 10);
  return { hours: Math.floor(offset / 100), minutes: offset % 100 };
}

function formatMarker(date: Date, marker: Marker, offset: Offset, meter: Meter): string {
  const { component } = marker;
  const value = componentOf(date, component);
  if (WHOLE_NUMBERS.includes(component) && typeof value === 'number') {
    return marker.names === undefined
      ? formatNumber(value, marker, meter)
      : formatName(value, marker);
  }
  if (component === 'f' && typeof value === 'number') return formatNumber(value, marker, meter);
  if (component === 'Z' || component === 'z') return formatZone(marker, offset, meter);
  const text = value === undefined ? 'undefined' : String(value);
  return component === 'P' && marker.names === 'upper' ? text.toUpperCase() : text;
}

function formatNumber(value: number, marker: Marker, meter: Meter): string {
  // Only a component written as a name has no picture of a number.
  if (!marker.integer) throw new ExpressionEvaluationError('D3133');
  const isShortYear = marker.component === 'Y' && marker.yearDigits !== -1;
  return formatInteger(
    isShortYear ? value % 10 ** marker.yearDigits : value,
    marker.integer,
    meter,
  );
}

/** @throws ExpressionEvaluationError D3133 for a component that has no name */
function formatName(value: number, marker: Marker): string {
  const { component } = marker;
  let name: string | undefined;
  if (component === 'M' || component === 'x') name = MONTHS[value - 1];
  else if (component === 'F') name = DAYS[value];
  if (name === undefined) throw new ExpressionEvaluationError('D3133');
  if (marker.names === 'upper') name = name.toUpperCase();
  if (marker.names === 'lower') name = name.toLowerCase();
  const { mostLetters } = marker;
  return mostLetters !== undefined && name.length > mostLetters
    ? name.substring(0, mostLetters)
    : name;
}

/** @throws ExpressionEvaluationError D3134 for a picture of more than four digits */
function formatZone(marker: Marker, { hours, minutes }: Offset, meter: Meter): string {
  const offset = hours * 100 + minutes;
  if (offset === 0 && marker.isZulu) return 'Z';
  const { integer } = marker;
  if (!integer) throw new ExpressionEvaluationError('D3134');
  const isRegular = integer.primary === 'decimal' && !Array.isArray(integer.separators);
  const digits = integer.primary === 'decimal' ? integer.mandatoryDigits : 0;
  let text: string;
  if (isRegular || digits === 3 || digits === 4) text = formatInteger(offset, integer, meter);
  else if (digits === 1 || digits === 2) {
    text = formatInteger(hours, integer, meter);
    if (minutes !== 0) text += `:${formatInteger(Math.floor(minutes), TWO_DIGITS, meter)}`;
  } else throw new ExpressionEvaluationError('D3134');
  return (marker.component === 'z' ? 'GMT' : '') + (offset >= 0 ? '+' : '') + text;
}
