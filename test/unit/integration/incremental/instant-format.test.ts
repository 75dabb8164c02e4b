import {
  formatInstant,
  readInstantText,
} from '../../../../shared/integration/incremental/instant-format.ts';
import type { TimeFormat } from '../../../../shared/integration/incremental/plan.ts';

const AT_MS = Date.parse('2026-03-01T12:34:56.789Z');
const PICTURE: TimeFormat = { picture: '[Y0001]-[M01]-[D01] [H01]:[m01]:[s01]' };

it.each<[TimeFormat, string]>([
  ['iso8601', '2026-03-01T12:34:56.789Z'],
  ['iso8601_seconds', '2026-03-01T12:34:56Z'],
  ['epoch_s', '1772368496'],
  ['epoch_ms', '1772368496789'],
  ['date', '2026-03-01'],
  ['http_date', 'Sun, 01 Mar 2026 12:34:56 GMT'],
  [PICTURE, '2026-03-01 12:34:56'],
])('writes %j as %p', (format, expected) => {
  expect(formatInstant(AT_MS, format)).toBe(expected);
});

it.each<[TimeFormat, unknown, string | undefined]>([
  ['iso8601', '2026-03-01T12:34:56+01:00', '2026-03-01T11:34:56.000Z'],
  // Without an offset: UTC, wherever this runs.
  ['iso8601', '2026-03-01T12:34:56', '2026-03-01T12:34:56.000Z'],
  ['iso8601_seconds', '2026-03-01 12:34', '2026-03-01T12:34:00.000Z'],
  ['date', '2026-03-01', '2026-03-01T00:00:00.000Z'],
  ['epoch_s', '1772368496', '2026-03-01T12:34:56.000Z'],
  ['epoch_ms', 1_772_368_496_789, '2026-03-01T12:34:56.789Z'],
  ['http_date', 'Sun, 01 Mar 2026 12:34:56 GMT', '2026-03-01T12:34:56.000Z'],
  [PICTURE, '2026-03-01 12:34:56', '2026-03-01T12:34:56.000Z'],
  ['iso8601', 'soon', undefined],
  ['iso8601', undefined, undefined],
  ['epoch_s', null, undefined],
  ['epoch_s', '', undefined],
  [PICTURE, 'soon', undefined],
  [PICTURE, 7, undefined],
])('reads by %j the value %p', (format, value, expected) => {
  const atMs = readInstantText(value, format);

  expect(atMs === undefined ? undefined : new Date(atMs).toISOString()).toBe(expected);
});
