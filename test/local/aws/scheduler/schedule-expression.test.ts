import { parseTiming } from '../../../../local/aws/scheduler/schedule-expression.ts';

const SUNDAY_MS = Date.parse('2026-03-01T00:00:00Z');

function firings(expression: string, timeZone: string, count: number): readonly string[] {
  const timing = parseTiming(expression, timeZone, SUNDAY_MS);
  const found: string[] = [];
  for (let afterMs = SUNDAY_MS; found.length < count; ) {
    const next = timing.next(afterMs);
    if (next === undefined) break;
    found.push(new Date(next).toISOString().replace(':00.000Z', ''));
    afterMs = next;
  }
  return found;
}

describe('schedule expressions', () => {
  it.each([
    ['rate(5 minutes)', 'UTC', ['2026-03-01T00:05', '2026-03-01T00:10']],
    ['rate(1 day)', 'UTC', ['2026-03-02T00:00', '2026-03-03T00:00']],
    ['cron(0 8 ? * MON-FRI *)', 'UTC', ['2026-03-02T08:00', '2026-03-03T08:00']],
    ['cron(0 8 ? * 2-6 *)', 'UTC', ['2026-03-02T08:00', '2026-03-03T08:00']],
    ['cron(0 12 ? * 1 *)', 'UTC', ['2026-03-01T12:00', '2026-03-08T12:00']],
    [
      'cron(5/20 8 * * ? *)',
      'UTC',
      ['2026-03-01T08:05', '2026-03-01T08:25', '2026-03-01T08:45', '2026-03-02T08:05'],
    ],
    ['cron(0 0 L * ? *)', 'UTC', ['2026-03-31T00:00', '2026-04-30T00:00']],
    ['cron(0 9 ? * 6L *)', 'UTC', ['2026-03-27T09:00', '2026-04-24T09:00']],
    ['cron(0 9 ? * 2#1 *)', 'UTC', ['2026-03-02T09:00', '2026-04-06T09:00']],
    ['cron(0 8 1 1 ? 2027)', 'UTC', ['2027-01-01T08:00']],
    // Berlin is an hour ahead of UTC until 29 March, then two.
    [
      'cron(30 9 ? * SUN *)',
      'Europe/Berlin',
      [
        '2026-03-01T08:30',
        '2026-03-08T08:30',
        '2026-03-15T08:30',
        '2026-03-22T08:30',
        '2026-03-29T07:30',
      ],
    ],
    ['at(2026-03-28T12:00:00)', 'Europe/Berlin', ['2026-03-28T11:00']],
    ['at(2026-03-29T12:00:00)', 'Europe/Berlin', ['2026-03-29T10:00']],
    ['at(2026-02-28T12:00:00)', 'UTC', []],
  ])('fires %s in %s as AWS does', (expression, timeZone, expected) => {
    expect(firings(expression, timeZone, Math.max(expected.length, 1))).toEqual(expected);
  });

  it.each([
    'cron(0 8 * * *)',
    'cron(0 8 1 * MON *)',
    'cron(0 8 * * * *)',
    'cron(61 8 * * ? *)',
    'rate(0 minutes)',
    'rate(5 seconds)',
    'rate(1.5 hours)',
    'at(2026-03-01)',
    'at(2026-13-01T00:00:00)',
    'every minute',
  ])('refuses %s', (expression) => {
    expect(() => parseTiming(expression, 'UTC', 0)).toThrow(
      `Invalid Schedule Expression ${expression}.`,
    );
  });

  it('refuses a time zone that is none', () => {
    expect(() => parseTiming('rate(1 day)', 'Mars/Phobos', 0)).toThrow(
      'Invalid ScheduleExpressionTimezone Mars/Phobos.',
    );
  });

  it.each(['rate(5 minutes)', 'cron(0/5 * * * ? *)'])(
    'knows the latest time of %s, its own instant included',
    (expression) => {
      const timing = parseTiming(expression, 'UTC', SUNDAY_MS);
      const fiveMs = SUNDAY_MS + 300_000;
      expect(timing.latest(fiveMs)).toBe(fiveMs);
      expect(timing.latest(fiveMs - 1)).toBe(SUNDAY_MS);
      expect(timing.latest(fiveMs + 299_999)).toBe(fiveMs);
    },
  );
});
