/**
 * $toMillis with a picture: text as an instant.
 *
 * Errors  D3133 component that cannot be read as a name, D3136 components that make no instant
 */
import { ExpressionEvaluationError, ExpressionSyntaxError } from '../errors.ts';
import type { Run } from '../frame.ts';
import { createMatcher } from '../regex/matcher.ts';
import type { Matcher } from '../regex/regex-value.ts';
import { componentOf, DAYS, MONTHS } from './date-components.ts';
import { type DatePart, type Marker, readDatePicture } from './date-picture.ts';
import { parseInteger } from './integer-format.ts';
import type { IntegerPicture } from './integer-picture.ts';
import { WORD_VALUES } from './integer-words.ts';

/** How one part of a picture is found in a text, and what it then means. */
interface Reader {
  readonly component: string;
  readonly pattern: string;
  readonly read: ((text: string) => number | undefined) | undefined;
}

/** Epoch milliseconds, or undefined where the text does not fit the picture. */
export function parseDate(text: string, picture: string, run: Run): number | undefined {
  const readers = readDatePicture(picture).map(readerOf);
  const pattern = `^${readers.map((reader) => `(${reader.pattern})`).join('')}$`;
  const found = matcherOf(pattern)?.exec(text, 0, run.meter);
  if (!found) return undefined;
  const values = new Map<string, number | undefined>();
  readers.forEach(({ component, read }, index) => {
    const part = found.groups[index];
    if (read) values.set(component, typeof part === 'string' ? read(part) : undefined);
  });
  return values.size === 0 ? undefined : instantOf(values, new Date(run.nowMs));
}

/** Undefined for a picture that asks for more digits than any number has. */
function matcherOf(pattern: string): Matcher | undefined {
  try {
    return createMatcher(new RegExp(pattern, 'i'), undefined);
  } catch (error) {
    if (error instanceof ExpressionSyntaxError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readerOf(part: DatePart): Reader {
  if (part.type === 'literal') {
    return {
      component: '',
      pattern: part.value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
      read: undefined,
    };
  }
  const { component } = part;
  if (component === 'Z' || component === 'z') return zoneReader(part);
  if (component === 'f') {
    return {
      component,
      pattern: '[0-9]+',
      read: (text) => Number.parseFloat(`0.${text.substring(0, 3)}`) * 1000,
    };
  }
  const { integer } = part;
  if (!integer) return nameReader(part);
  return {
    component,
    pattern: integerPattern(integer),
    read: (text) => parseInteger(text, integer),
  };
}

function zoneReader(part: Marker): Reader {
  const separators = part.integer?.primary === 'decimal' ? part.integer.separators : [];
  const separator = 'character' in separators ? separators.character : undefined;
  const prefix = part.component === 'z' ? 'GMT' : '';
  const read = (text: string): number => {
    const offset = text.substring(prefix.length);
    if (separator !== undefined) {
      const at = offset.indexOf(separator);
      return minutesOf(offset.substring(0, at), offset.substring(at + 1));
    }
    return offset.length <= 3
      ? minutesOf(offset, '0')
      : minutesOf(offset.substring(0, 3), offset.substring(3));
  };
  const more = separator === undefined ? '' : `${separator}[0-9]+`;
  return { component: part.component, pattern: `${prefix}[-+][0-9]+${more}`, read };
}

function minutesOf(hours: string, minutes: string): number {
  return Number.parseInt(hours, 10) * 60 + Number.parseInt(minutes, 10);
}

function nameReader({ component, mostLetters }: Marker): Reader {
  const names = new Map<string, number>();
  const add = (name: string, value: number): void => {
    names.set(mostLetters ? name.substring(0, mostLetters) : name, value);
  };
  if (component === 'M' || component === 'x') {
    for (const [index, name] of MONTHS.entries()) add(name, index + 1);
  } else if (component === 'F') {
    DAYS.forEach((name, index) => {
      if (index > 0) add(name, index);
    });
  } else if (component === 'P') {
    for (const name of ['am', 'AM']) names.set(name, 0);
    for (const name of ['pm', 'PM']) names.set(name, 1);
  } else throw new ExpressionEvaluationError('D3133');
  return { component, pattern: '[a-zA-Z]+', read: (text) => names.get(text) };
}

function integerPattern(integer: IntegerPicture): string {
  switch (integer.primary) {
    case 'sequence':
      throw new ExpressionEvaluationError('D3130');
    case 'letters':
      return integer.case === 'upper' ? '[A-Z]+' : '[a-z]+';
    case 'roman':
      return integer.case === 'upper' ? '[MDCLXVI]+' : '[mdclxvi]+';
    case 'words':
      return `(?:${[...WORD_VALUES.keys(), 'and', '[\\-, ]'].join('|')})+`;
    case 'decimal':
      return (
        (integer.parseWidth ? `[0-9]{${integer.parseWidth}}` : '[0-9]+') +
        (integer.ordinal ? '(?:th|st|nd|rd)' : '')
      );
  }
}

// Which components make a date, and which a time; every bit one component.
const DATE_BITS = 'YXMxWwdD';
const TIME_BITS = 'PHhmsf';
const DATES = { yearMonthDay: 161, yearDay: 130, monthWeekDay: 84, weekDay: 72 } as const;
const TIMES = { of24Hours: 23, of12Hours: 47 } as const;

function instantOf(values: Map<string, number | undefined>, now: Date): number {
  const dates = maskOf(DATE_BITS, values);
  const times = maskOf(TIME_BITS, values);
  const isYearDay = !fits(dates, DATES.yearMonthDay) && fits(dates, DATES.yearDay);
  const is12Hours = !fits(times, TIMES.of24Hours) && fits(times, TIMES.of12Hours);
  const weeks = isYearDay ? undefined : weekOrder(dates);
  const dateOrder = isYearDay ? 'YD' : (weeks ?? 'YMD');
  fillGaps(dateOrder + (is12Hours ? 'Phmsf' : 'Hmsf'), values, now);
  // As the reference: weeks can be written, but not read.
  if (weeks || weekOrder(dates)) throw new ExpressionEvaluationError('D3136');
  const at = (component: string) => values.get(component) ?? Number.NaN;
  const start = isYearDay
    ? startOfYearDay(at('Y'), values.get('d'))
    : { year: at('Y'), month: at('M') > 0 ? at('M') - 1 : 0, day: at('D') };
  const hour = is12Hours ? hourOf(at('h'), at('P')) : at('H');
  const ms = Date.UTC(start.year, start.month, start.day, hour, at('m'), at('s'), at('f'));
  return ms - (values.get('Z') || values.get('z') || 0) * 60_000;
}

/** What a date by weeks is made of, if it is one. */
function weekOrder(dates: number): string | undefined {
  if (fits(dates, DATES.monthWeekDay)) return 'XxwF';
  return fits(dates, DATES.weekDay) ? 'XWF' : undefined;
}

/** @param half 0 for am, 1 for pm */
function hourOf(hour: number, half: number): number {
  return (hour === 12 ? 0 : hour) + (half === 1 ? 12 : 0);
}

function startOfYearDay(year: number, day: number | undefined) {
  const date = new Date(Date.UTC(year, 0) + ((day ?? Number.NaN) - 1) * 86_400_000);
  return { year, month: date.getUTCMonth(), day: date.getUTCDate() };
}

function maskOf(components: string, values: ReadonlyMap<string, number | undefined>): number {
  let mask = 0;
  for (const component of components) mask = mask * 2 + (values.get(component) ? 1 : 0);
  return mask;
}

/** Nothing that the kind lacks, and at least one thing that it has. */
function fits(mask: number, kind: number): boolean {
  return (~kind & mask) === 0 && (kind & mask) !== 0;
}

/** What is larger than all that was read is now; what is smaller is zero; gaps are an error. */
function fillGaps(order: string, values: Map<string, number | undefined>, now: Date): void {
  let hasStarted = false;
  let hasEnded = false;
  for (const component of order) {
    if (values.get(component) !== undefined) {
      hasStarted = true;
      if (hasEnded) throw new ExpressionEvaluationError('D3136');
    } else if (hasStarted) {
      values.set(component, 'MDd'.includes(component) ? 1 : 0);
      hasEnded = true;
    } else {
      const current = componentOf(now, component);
      values.set(component, typeof current === 'number' ? current : undefined);
    }
  }
}
