/** Chance that is the same in every run. */
import type { Random } from '#shared/kernel/random.ts';

export function seededRandom(seed = 1): Random {
  let state = seed >>> 0;
  // Numerical Recipes' linear congruential generator: enough for tests, useless for secrets.
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
  return {
    bytes: (length) => Buffer.from(Array.from({ length }, () => next() >>> 24)),
    integer: (minimum, maximum) => minimum + (next() % (maximum - minimum + 1)),
  };
}
