/** Leases in memory: the decision itself, without a database. */
import type { Clock } from '#shared/kernel/clock.ts';
import { grant, type Lease, LeaseLostError, type LeaseStore } from '#shared/lease/lease.ts';

export function createMemoryLeaseStore(clock: Clock): LeaseStore {
  const stored = new Map<string, Lease>();
  return {
    async acquire(request) {
      const lease = grant(stored.get(request.key), request, clock.now());
      stored.set(request.key, lease);
      return lease;
    },
    async release(lease) {
      const current = stored.get(lease.key);
      if (current?.owner !== lease.owner || current.fence !== lease.fence) {
        throw new LeaseLostError('the lease was granted to another attempt');
      }
      stored.set(lease.key, { ...current, expiresAtMs: 0 });
    },
  };
}
