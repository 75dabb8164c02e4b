import { InvariantError } from './errors.ts';

/** @throws InvariantError unless `condition` holds; `claim` says what must be true. */
export function invariant(condition: unknown, claim: string): asserts condition {
  if (!condition) throw new InvariantError(`expected that ${claim}`);
}
