/**
 * Leases: exclusive ownership of one piece of work, for a bounded time.
 *
 * A lease alone cannot stop a paused owner from waking late and writing. So each grant carries
 * a fence, and whoever guards the protected data refuses a fence lower than the last it saw.
 * Lease and fence together give safety; the lease alone gives only thrift.
 *
 * Shape   one stored item per key: owner, fence, expiry
 * Units   `*Ms` fields: milliseconds; `*AtMs`: since the Unix epoch
 * Errors  {@link LeaseHeldError}, {@link LeaseLostError}
 * Source  Gray & Cheriton, "Leases" (SOSP 1989); Kleppmann, "How to do distributed locking"
 *         (2016), for the fencing token
 */
import { ContentionError } from '../kernel/errors.ts';

export interface Lease {
  /** What is owned: `sync-job#job_01J…`. */
  readonly key: string;
  /** Who owns it, unique to the attempt. */
  readonly owner: string;
  /** Fencing token. Starts at 1, +1 with every grant, never goes back. */
  readonly fence: number;
  /** First instant at which the lease is no longer held. */
  readonly expiresAtMs: number;
}

export interface LeaseRequest {
  readonly key: string;
  readonly owner: string;
  readonly ttlMs: number;
}

export interface LeaseStore {
  /** @throws LeaseHeldError while a lease has not expired, whoever owns it */
  acquire(request: LeaseRequest): Promise<Lease>;
  /** @throws LeaseLostError if the lease expired and was granted again */
  release(lease: Lease): Promise<void>;
}

export class LeaseHeldError extends ContentionError {
  override readonly name = 'LeaseHeldError';
  readonly code = 'lease_held';
}

export class LeaseLostError extends ContentionError {
  override readonly name = 'LeaseLostError';
  readonly code = 'lease_lost';
}

export function isHeld(lease: Lease, nowMs: number): boolean {
  return nowMs < lease.expiresAtMs;
}

/**
 * The lease that `request` is granted, given what is stored.
 *
 * @throws LeaseHeldError while `stored` is held, even by the same owner: a retry must not run
 *   beside the attempt it replaces
 */
export function grant(stored: Lease | undefined, request: LeaseRequest, nowMs: number): Lease {
  if (stored && isHeld(stored, nowMs)) {
    throw new LeaseHeldError('another attempt holds the lease', { fence: stored.fence });
  }
  return {
    key: request.key,
    owner: request.owner,
    fence: (stored?.fence ?? 0) + 1,
    expiresAtMs: nowMs + request.ttlMs,
  };
}

/** Runs `work` while holding the lease, and gives the lease back whatever happens. */
export async function withLease<Result>(
  store: LeaseStore,
  request: LeaseRequest,
  work: (lease: Lease) => Promise<Result>,
): Promise<Result> {
  const lease = await store.acquire(request);
  try {
    return await work(lease);
  } finally {
    // A courtesy to the next owner, no more: an unreleased lease lapses by itself.
    await store.release(lease).catch(() => undefined);
  }
}
