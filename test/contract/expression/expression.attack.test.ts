/** Every attack is contained: under a second, under 64 MB more memory, nothing polluted. */
import { execFileSync } from 'node:child_process';
import { ATTACKS } from './attacks.ts';

interface Contained {
  readonly name: string;
  readonly ms: number;
  readonly bytes: number;
  readonly polluted: boolean;
  readonly error?: string;
}

const MOST_BYTES = 64 * 1024 * 1024;
/**
 * A process whose whole heap, program and all, may not grow beyond 62 MB: 56 for what lives on, three
 * times 2 for what is new. An attack that needs more at any one moment ends it, however the collector
 * happens to be timed; what was garbage at once does not count.
 */
const HEAP_LIMITS = ['--max-old-space-size=56', '--max-semi-space-size=2'];
const EXPECTED = ['ExpressionBudgetError', 'ExpressionEvaluationError', 'ExpressionSyntaxError'];

// The process ends well only if it outlives all of them, within its heap.
const output = execFileSync(
  process.execPath,
  ['--expose-gc', ...HEAP_LIMITS, 'test/contract/expression/run-attacks.ts'],
  { encoding: 'utf8', timeout: 120_000 },
);
const results: readonly Contained[] = output
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

it('tries at least 25 attacks, and outlives them', () => {
  expect(results.length).toBeGreaterThanOrEqual(25);
  expect(results.map(({ name }) => name)).toEqual(ATTACKS.map(({ name }) => name));
});

describe.each(results)('$name', ({ ms, bytes, polluted, error }) => {
  it('ends within a second of CPU time', () => expect(ms).toBeLessThan(1_000));

  it('takes less than 64 MB at any moment, and keeps less', () =>
    expect(bytes).toBeLessThan(MOST_BYTES));

  it('leaves no mark on the prototypes', () => expect(polluted).toBe(false));

  it('answers, or fails as an expression fails', () => {
    if (error !== undefined) expect(EXPECTED).toContain(error);
  });
});
