import { Cron } from 'croner';
import fc from 'fast-check';
import { awsCronOf } from '#shared/schedule/cron.ts';

const START = new Date('2026-01-01T00:00:00Z');

const field = (first: number, last: number) => {
  const value = fc.integer({ min: first, max: last });
  const range = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const step = fc.integer({ min: 1, max: last - first });
  const part = fc.oneof(
    value.map(String),
    range,
    fc.tuple(range, step).map(([text, every]) => `${text}/${every}`),
    step.map((every) => `*/${every}`),
  );
  return fc.oneof(
    fc.constant('*'),
    fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(',')),
  );
};

const days = fc.oneof(
  field(1, 28).map((day) => [day, '*'] as const),
  field(0, 6).map((weekday) => ['*', weekday] as const),
);

const cron = fc
  .tuple(field(0, 59), field(0, 23), days, field(1, 12))
  .map(([minute, hour, [day, weekday], month]) => `${minute} ${hour} ${day} ${month} ${weekday}`);

/** AWS's six fields as croner reads them: names of weekdays and lists mean the same to both. */
function readAws(text: string): string {
  const [minute, hour, day, month, weekday] = text.replace(/^cron\(|\)$/g, '').split(' ');
  return [minute, hour, day, month, weekday].join(' ').replaceAll('?', '*');
}

it('comes due at the same instants as the cron expression it was made of', () => {
  fc.assert(
    fc.property(cron, (text) => {
      const expected = new Cron(text, { timezone: 'UTC', paused: true }).nextRuns(5, START);
      const actual = new Cron(readAws(awsCronOf(text)), { timezone: 'UTC', paused: true });

      expect(actual.nextRuns(5, START)).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

it('fits what AWS allows', () => {
  fc.assert(
    fc.property(cron, (text) => awsCronOf(text).length <= 256),
    { numRuns: 500 },
  );
});
