import { type CalendarRule, isTimeZone, nextBoundary } from '../../../shared/http/calendar.ts';

const next = (rule: CalendarRule, zone: string, now: string) =>
  new Date(nextBoundary(rule, zone, Date.parse(now))).toISOString();

it.each<[CalendarRule, string, string, string]>([
  ['next_minute', 'UTC', '2026-03-01T12:34:56.789Z', '2026-03-01T12:35:00.000Z'],
  ['next_hour', 'UTC', '2026-03-01T12:34:56.000Z', '2026-03-01T13:00:00.000Z'],
  // Half an hour beside UTC.
  ['next_hour', 'Asia/Kolkata', '2026-03-01T12:34:56.000Z', '2026-03-01T13:30:00.000Z'],
  ['next_midnight', 'UTC', '2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z'],
  // Still the day before, there.
  ['next_midnight', 'America/New_York', '2026-03-01T04:30:00.000Z', '2026-03-01T05:00:00.000Z'],
  ['next_midnight', 'Asia/Tokyo', '2026-03-01T16:00:00.000Z', '2026-03-02T15:00:00.000Z'],
  ['next_month', 'UTC', '2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00.000Z'],
  ['next_month', 'Europe/Berlin', '2026-02-28T23:30:00.000Z', '2026-03-31T22:00:00.000Z'],
])('%s of %s after %s is %s', (rule, zone, now, expected) => {
  expect(next(rule, zone, now)).toBe(expected);
});

it('counts with the offset that holds at that midnight, not the one of now', () => {
  // Clocks in New York are put forward at 2 in the morning of 8 March 2026.
  expect(next('next_midnight', 'America/New_York', '2026-03-08T06:30:00Z')).toBe(
    '2026-03-09T04:00:00.000Z',
  );
  // And back at 2 in the morning of 1 November 2026.
  expect(next('next_midnight', 'America/New_York', '2026-11-01T05:30:00Z')).toBe(
    '2026-11-02T05:00:00.000Z',
  );
});

it('takes a zone that nobody knows for UTC', () => {
  expect(isTimeZone('Mars/Olympus')).toBe(false);
  expect(next('next_midnight', 'Mars/Olympus', '2026-03-01T12:00:00Z')).toBe(
    '2026-03-02T00:00:00.000Z',
  );
});

it('knows the zones of IANA', () => {
  expect(['UTC', 'Europe/Berlin', 'America/Argentina/Ushuaia'].every(isTimeZone)).toBe(true);
});
