import { readInstant, readRetryAfter, type TimeUnit } from '../../../shared/http/time-units.ts';

const NOW_MS = Date.parse('2026-03-01T12:00:00.000Z');

describe('readInstant', () => {
  it.each<[string, TimeUnit, string]>([
    ['93', 'seconds', '2026-03-01T12:01:33.000Z'],
    ['2.0', 'seconds', '2026-03-01T12:00:02.000Z'],
    ['5', 'minutes', '2026-03-01T12:05:00.000Z'],
    ['10000', 'millis', '2026-03-01T12:00:10.000Z'],
    ['1772366460', 'epoch_s', '2026-03-01T12:01:00.000Z'],
    ['1772366460000', 'epoch_ms', '2026-03-01T12:01:00.000Z'],
    ['Sun, 01 Mar 2026 12:02:00 GMT', 'http_date', '2026-03-01T12:02:00.000Z'],
    ['2026-03-01T12:03:00Z', 'iso8601', '2026-03-01T12:03:00.000Z'],
    ['2026-03-01T14:03:00+02:00', 'iso8601', '2026-03-01T12:03:00.000Z'],
    ['6m0s', 'go_duration', '2026-03-01T12:06:00.000Z'],
    ['1s', 'go_duration', '2026-03-01T12:00:01.000Z'],
    ['1h2m3.5s', 'go_duration', '2026-03-01T13:02:03.500Z'],
    ['20ms', 'go_duration', '2026-03-01T12:00:00.020Z'],
    ['0.5', 'per_second', '2026-03-01T12:00:02.000Z'],
  ])('reads %p as %s', (text, unit, expected) => {
    expect(new Date(readInstant(text, unit, NOW_MS) ?? 0).toISOString()).toBe(expected);
  });

  it.each<[string, TimeUnit]>([
    ['1s', 'seconds'],
    ['', 'seconds'],
    ['-5', 'seconds'],
    ['1e9', 'seconds'],
    ['0x10', 'seconds'],
    ['Infinity', 'seconds'],
    ['93', 'http_date'],
    ['93', 'iso8601'],
    ['2026-03-01T12:03:00', 'iso8601'],
    ['2026-03-01T12:03:00Z', 'http_date'],
    ['5', 'go_duration'],
    ['', 'go_duration'],
    ['0', 'per_second'],
  ])('does not read %p as %s', (text, unit) => {
    expect(readInstant(text, unit, NOW_MS)).toBeUndefined();
  });
});

describe('readRetryAfter', () => {
  it('reads seconds', () => {
    expect(readRetryAfter('30', NOW_MS)).toBe(NOW_MS + 30_000);
  });

  it('reads a date', () => {
    expect(readRetryAfter('Sun, 01 Mar 2026 12:00:30 GMT', NOW_MS)).toBe(NOW_MS + 30_000);
  });
});
