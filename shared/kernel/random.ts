import { randomBytes } from 'node:crypto';

/** Where chance comes from. Passed in, so that tests are deterministic. */
export interface Random {
  bytes(length: number): Buffer;
  /** An integer in [minimum, maximum]. For jitter, not for secrets. */
  integer(minimum: number, maximum: number): number;
}

export const systemRandom: Random = {
  bytes: (length) => randomBytes(length),
  integer: (minimum, maximum) => minimum + Math.floor(Math.random() * (maximum - minimum + 1)),
};
