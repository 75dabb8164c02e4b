/**
 * Deletes payloads whose claims nobody redeemed in time. Reads keys, never a payload: who sweeps
 * needs no permission to get an object.
 */
import type { Clock } from '../kernel/clock.ts';
import { CLAIMS_PREFIX, expiryPrefix } from './expiry-prefix.ts';
import type { PayloadStore } from './payload-store.ts';

export interface SweepDeps {
  readonly payloads: Pick<PayloadStore, 'list' | 'delete'>;
  readonly clock: Clock;
}

/** How many payloads were deleted. */
export async function sweepExpiredClaims({ payloads, clock }: SweepDeps): Promise<number> {
  // What expires in this very minute may still be good for some seconds.
  const firstKept = expiryPrefix(clock.now());
  let deleted = 0;
  for await (const page of payloads.list(CLAIMS_PREFIX)) {
    const expired = page.filter((key) => key < firstKept);
    if (expired.length > 0) await payloads.delete(expired);
    deleted += expired.length;
    if (expired.length < page.length) break;
  }
  return deleted;
}
