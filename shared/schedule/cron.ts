/**
 * Cron as people write it (five fields, weekday 0 = Sunday), turned into what EventBridge Scheduler
 * wants (six fields, weekday names, `?` in one of the two day fields).
 *
 * Shape   `minute hour day month weekday`; lists, ranges, steps, and English names of months and weekdays
 * Errors  {@link CronError} with the reason, for the caller's list of faults
 * Source  POSIX crontab; https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
import { Cron } from 'croner';
import { CallerError } from '../kernel/errors.ts';

/** Not a schedule that can be kept. The message is the reason. */
export class CronError extends CallerError {
  override readonly name = 'CronError';
  readonly code = 'unprocessable';
  readonly status = 422;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

interface Field {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly names?: readonly string[];
}

const MINUTE: Field = { name: 'minute', first: 0, last: 59 };
const HOUR: Field = { name: 'hour', first: 0, last: 23 };
const DAY: Field = { name: 'day', first: 1, last: 31 };
const MONTH: Field = { name: 'month', first: 1, last: 12, names: MONTHS };
/** 7 is Sunday as well. */
const WEEKDAY: Field = { name: 'weekday', first: 0, last: 7, names: WEEKDAYS };

/**
 * `cron(…)` for EventBridge Scheduler.
 *
 * @throws CronError where the text is no cron expression, never comes due, or restricts both the day
 *   and the weekday: cron means "either" by that, and AWS cannot say it
 */
export function awsCronOf(text: string): string {
  const fields = text.trim().split(/\s+/);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  if (fields.length !== 5) throw new CronError('a cron expression has five fields');
  const minutes = ranges(valuesOf(minute, MINUTE), MINUTE);
  const hours = ranges(valuesOf(hour, HOUR), HOUR);
  const days = ranges(valuesOf(day, DAY), DAY);
  const months = ranges(valuesOf(month, MONTH), MONTH);
  const weekdays = weekdayNames(valuesOf(weekday, WEEKDAY));
  if (days !== '*' && weekdays !== '*') {
    throw new CronError('either the day or the weekday must be *');
  }
  const [dayField, weekdayField] = weekdays === '*' ? [days, '?'] : ['?', weekdays];
  return `cron(${minutes} ${hours} ${dayField} ${months} ${weekdayField} *)`;
}

/** @throws CronError where the expression or the zone is not one, or never comes due */
export function checkCron(text: string, timeZone: string): void {
  awsCronOf(text);
  if (!isTimeZone(timeZone)) throw new CronError('the time zone is not one of the tz database');
  const next = new Cron(text, { timezone: timeZone, paused: true, mode: '5-part' }).nextRun();
  if (!next) throw new CronError('the cron expression never comes due');
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    // The only error there is: a zone that is not known.
    return false;
  }
}

/** Every value that a field means, ascending. */
function valuesOf(text: string, field: Field): readonly number[] {
  const values = text.split(',').flatMap((part) => partValues(part, field));
  return [...new Set(values)].toSorted((a, b) => a - b);
}

function partValues(part: string, field: Field): readonly number[] {
  const match =
    /^(?:(\*)|([0-9]{1,2}|[A-Za-z]{3})(?:-([0-9]{1,2}|[A-Za-z]{3}))?)(?:\/([0-9]{1,2}))?$/.exec(
      part,
    );
  if (!match) throw new CronError(`the ${field.name} is not valid`);
  const [, star, from, to, every] = match;
  const first = star ? field.first : numberOf(from ?? '', field);
  // `5/10` counts on to the end, `5` alone does not.
  const open = star !== undefined || (to === undefined && every !== undefined);
  const last = open ? field.last : to === undefined ? first : numberOf(to, field);
  const step = every === undefined ? 1 : Number(every);
  if (first < field.first || last > field.last || first > last || step < 1) {
    throw new CronError(`the ${field.name} is out of range`);
  }
  return Array.from(
    { length: Math.floor((last - first) / step) + 1 },
    (_, index) => first + index * step,
  );
}

function numberOf(text: string, field: Field): number {
  if (/^[0-9]+$/.test(text)) return Number(text);
  const index = field.names?.indexOf(text.toUpperCase()) ?? -1;
  if (index < 0) throw new CronError(`the ${field.name} is not valid`);
  return field.first + index;
}

/** Neighbours as ranges, so that the whole fits the 256 characters that AWS allows. */
function ranges(values: readonly number[], field: Field): string {
  if (values.length === field.last - field.first + 1) return '*';
  const runs: [number, number][] = [];
  for (const value of values) {
    const run = runs.at(-1);
    if (run && run[1] === value - 1) run[1] = value;
    else runs.push([value, value]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}

function weekdayNames(values: readonly number[]): string {
  const days = new Set(values.map((value) => value % 7));
  if (days.size === 7) return '*';
  return WEEKDAYS.filter((_, index) => days.has(index)).join(',');
}
