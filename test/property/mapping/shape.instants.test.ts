import fc from 'fast-check';
import { compileShape, type Misfit } from '#shared/mapping/shape.ts';

const shape = compileShape({ type: 'string', format: 'date-time' });
const two = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'));

/** Dates and times, there or not, in the forms that providers write. */
const texts = fc
  .record({
    year: fc.constantFrom('2024', '2025', '2100', '0001'),
    month: fc.oneof(two(13), fc.constant('02')),
    day: fc.oneof(two(32), fc.constantFrom('28', '29', '30', '31')),
    hour: two(24),
    minute: two(60),
    second: two(60),
    fraction: fc.constantFrom('', '', '.1', '.120', '.123456'),
    zone: fc.constantFrom('Z', 'Z', '+02:00', '-0530'),
  })
  .map(
    ({ year, month, day, hour, minute, second, fraction, zone }) =>
      `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${zone}`,
  );

describe('instants', () => {
  it('are what Date makes of them, however they are written', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const misfits: Misfit[] = [];
        const atMs = Date.parse(text);

        expect(shape(text, 'at', misfits)).toBe(
          Number.isNaN(atMs) ? null : new Date(atMs).toISOString(),
        );
        expect(misfits).toHaveLength(Number.isNaN(atMs) ? 1 : 0);
      }),
      { numRuns: 2_000 },
    );
  });
});
