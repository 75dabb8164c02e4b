import { randomBytes } from 'node:crypto';

/** Where chance comes from. Passed in, so that tests are deterministic. */
export interface Random {
  bytes(length: number): Buffer;
  /** An integer in [minimum, maximum]. For jitter, not for secrets. */
  integer(minimum: number, maximum: number): number;
}

/** Ids take a few bytes each, and a call to the system costs more than they do. */
const POOL_BYTES = 2_048;
const MAX_POOLED_BYTES = 16;
let pool = Buffer.alloc(0);

function pooledBytes(length: number): Buffer {
  if (pool.byteLength < length) pool = randomBytes(POOL_BYTES);
  const bytes = Buffer.from(pool.subarray(0, length));
  // Nobody finds in memory what was handed out.
  pool.fill(0, 0, length);
  pool = pool.subarray(length);
  return bytes;
}

export const systemRandom: Random = {
  /** Keys come from the system directly. */
  bytes: (length) => (length <= MAX_POOLED_BYTES ? pooledBytes(length) : randomBytes(length)),
  integer: (minimum, maximum) => minimum + Math.floor(Math.random() * (maximum - minimum + 1)),
};
