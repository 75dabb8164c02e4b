import fc from 'fast-check';
import { readWait } from '../../../shared/http/limit-wait.ts';
import type { TimeUnit } from '../../../shared/http/time-units.ts';

const NOW_MS = Date.parse('2026-03-01T12:00:00.000Z');
const unit = fc.constantFrom<TimeUnit>(
  'seconds',
  'minutes',
  'millis',
  'epoch_s',
  'epoch_ms',
  'http_date',
  'iso8601',
  'go_duration',
  'per_second',
);
const text = fc.oneof(
  fc.string(),
  fc.integer().map(String),
  fc.double().map(String),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
);

it('a wait is never in the past and never longer than a day, whatever the header says', () => {
  fc.assert(
    fc.property(unit, text, text, (of, value, retryAfter) => {
      const waits = [{ unit: of, read: () => value }];
      const headers = { 'retry-after': retryAfter };
      const atMs = readWait(waits, { status: 429, headers }, NOW_MS) ?? NOW_MS;

      expect(atMs).toBeGreaterThanOrEqual(NOW_MS);
      expect(atMs).toBeLessThanOrEqual(NOW_MS + 86_400_000);
    }),
  );
});
