import { backoffMs } from '../../../shared/http/backoff.ts';

const random = (value: number) => ({ bytes: Buffer.alloc, integer: () => value });
const rule = { baseMs: 1_000, capMs: 60_000, jitterMs: 1_000 };

describe('backoffMs', () => {
  it.each([
    [0, 1_000],
    [1, 2_000],
    [5, 32_000],
    [6, 60_000],
    [5_000, 60_000],
  ])('waits, at attempt %d, %d ms', (attempt, expected) => {
    expect(backoffMs(rule, attempt, random(0))).toBe(expected);
  });

  it('adds the jitter after the cap, so that capped callers spread too', () => {
    expect(backoffMs(rule, 20, random(700))).toBe(60_700);
  });
});
