/**
 * Limits that end with a minute, an hour, a day or a month of somebody's calendar.
 *
 * Units   instants: milliseconds since the epoch
 * Source  IANA time zones, as Intl knows them
 */
export type CalendarRule = 'next_minute' | 'next_hour' | 'next_midnight' | 'next_month';

export function isTimeZone(name: string): boolean {
  return clockOf(name) !== undefined;
}

/** The first instant of the next minute, hour, day or month there. A zone that nobody knows is UTC. */
export function nextBoundary(rule: CalendarRule, timeZone: string, nowMs: number): number {
  const offsetMs = offsetAt(timeZone, nowMs);
  const wall = new Date(nowMs + offsetMs);
  const [year, month, day] = [wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate()];
  switch (rule) {
    case 'next_minute':
      return after(wall.getTime(), 60_000) - offsetMs;
    case 'next_hour':
      return after(wall.getTime(), 3_600_000) - offsetMs;
    case 'next_midnight':
      return instantOf(Date.UTC(year, month, day + 1), timeZone);
    case 'next_month':
      return instantOf(Date.UTC(year, month + 1, 1), timeZone);
  }
}

function after(wallMs: number, lengthMs: number): number {
  return (Math.floor(wallMs / lengthMs) + 1) * lengthMs;
}

/** When clocks there show `wallMs`, read as if it were UTC. */
function instantOf(wallMs: number, timeZone: string): number {
  const guessMs = wallMs - offsetAt(timeZone, wallMs);
  // Once more with the offset that holds there: the clocks may be put forward in between.
  return wallMs - offsetAt(timeZone, guessMs);
}

const clocks = new Map<string, Intl.DateTimeFormat | undefined>();
/** More zones than there are: only an expression that makes names up would exceed it. */
const MOST_CLOCKS = 1_000;

function clockOf(timeZone: string): Intl.DateTimeFormat | undefined {
  if (clocks.has(timeZone)) return clocks.get(timeZone);
  if (clocks.size >= MOST_CLOCKS) clocks.clear();
  const clock = makeClock(timeZone);
  clocks.set(timeZone, clock);
  return clock;
}

function makeClock(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (error) {
    // RangeError is how Intl says that it knows no such zone.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function offsetAt(timeZone: string, atMs: number): number {
  const clock = clockOf(timeZone);
  if (!clock) return 0;
  const shown = new Map(clock.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => shown.get(type) ?? 0;
  const wallMs = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return wallMs - Math.floor(atMs / 1_000) * 1_000;
}
