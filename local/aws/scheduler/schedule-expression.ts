/**
 * When a schedule fires: `at(…)`, `rate(…)` and `cron(…)` as EventBridge Scheduler writes them.
 *
 * Shape   at(2026-03-01T12:00:00)            in the schedule's time zone
 *         rate(5 minutes)                    counted from the schedule's start
 *         cron(0 8 ? * MON-FRI *)            minute hour day month weekday year, weekday 1 = SUN
 * Errors  AwsError ValidationException
 * Source  https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
import { Cron } from 'croner';
import { AwsError } from '../aws-message.ts';

export interface Timing {
  /** Fires once and is then complete. */
  readonly once: boolean;
  /** The first instant after `afterMs`, or undefined where there is none. */
  next(afterMs: number): number | undefined;
  /** The last instant at or before `untilMs`, or undefined where there was none. */
  latest(untilMs: number): number | undefined;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};
const CRON_FIELDS = 6;

/** @param startMs what rates count from */
export function parseTiming(expression: string, timeZone: string, startMs: number): Timing {
  assertTimeZone(timeZone);
  const match = /^(at|rate|cron)\((.+)\)$/.exec(expression);
  const [, kind, argument = ''] = match ?? [];
  const timing =
    kind === 'at'
      ? at(argument, timeZone)
      : kind === 'rate'
        ? rate(argument, startMs)
        : cron(kind, argument, timeZone);
  if (!timing)
    throw new AwsError('ValidationException', `Invalid Schedule Expression ${expression}.`);
  return timing;
}

function at(text: string, timeZone: string): Timing | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)) return undefined;
  const instantMs = zonedInstantMs(text, timeZone);
  if (Number.isNaN(instantMs)) return undefined;
  return {
    once: true,
    next: (afterMs) => (afterMs < instantMs ? instantMs : undefined),
    latest: (untilMs) => (instantMs <= untilMs ? instantMs : undefined),
  };
}

function rate(text: string, startMs: number): Timing | undefined {
  const match = /^(\d+) (minute|hour|day)s?$/.exec(text);
  const periodMs = Number(match?.[1]) * (UNIT_MS[match?.[2] ?? ''] ?? 0);
  if (!(periodMs > 0)) return undefined;
  const periodsUntil = (atMs: number): number => Math.floor((atMs - startMs) / periodMs);
  return {
    once: false,
    next: (afterMs) => startMs + Math.max(0, periodsUntil(afterMs) + 1) * periodMs,
    latest: (untilMs) =>
      untilMs < startMs ? undefined : startMs + periodsUntil(untilMs) * periodMs,
  };
}

function cron(kind: string | undefined, text: string, timeZone: string): Timing | undefined {
  const fields = text.trim().split(/\s+/);
  if (kind !== 'cron' || fields.length !== CRON_FIELDS) return undefined;
  const [, , day, , weekday] = fields;
  // AWS wants exactly one of day and weekday to be left open.
  if ((day === '?') === (weekday === '?')) return undefined;
  try {
    const compiled = new Cron(`0 ${fields.join(' ').replaceAll('?', '*')}`, {
      timezone: timeZone,
      paused: true,
      domAndDow: true,
      alternativeWeekdays: true,
      sloppyRanges: true,
    });
    return {
      once: false,
      next: (afterMs) => compiled.nextRun(new Date(afterMs))?.getTime(),
      // Runs strictly before the reference, so the instant itself needs one more millisecond.
      latest: (untilMs) => compiled.previousRuns(1, new Date(untilMs + 1))[0]?.getTime(),
    };
  } catch {
    return undefined;
  }
}

/** The instant that a wall clock in `timeZone` shows as `local`. */
function zonedInstantMs(local: string, timeZone: string): number {
  const asUtcMs = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtcMs)) return Number.NaN;
  // Twice, because the offset at the first guess may be that of the other side of a clock change.
  const guessMs = asUtcMs - offsetMs(asUtcMs, timeZone);
  return asUtcMs - offsetMs(guessMs, timeZone);
}

function offsetMs(instantMs: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const part = new Map(
    format.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]),
  );
  const read = (name: Intl.DateTimeFormatPartTypes): number => part.get(name) ?? 0;
  return (
    Date.UTC(
      read('year'),
      read('month') - 1,
      read('day'),
      read('hour'),
      read('minute'),
      read('second'),
    ) - instantMs
  );
}

/** @throws AwsError ValidationException where the zone is unknown */
function assertTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone });
  } catch {
    throw new AwsError('ValidationException', `Invalid ScheduleExpressionTimezone ${timeZone}.`);
  }
}
