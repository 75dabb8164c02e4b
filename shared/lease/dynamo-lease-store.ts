/**
 * Leases in DynamoDB: one conditional update for each operation.
 *
 * A lease may stand alone, or lie on the very item whose writes it guards: then the guarded
 * write checks the fence in the same condition, and nothing can slip between the two.
 * Releasing keeps the item: deleting it would start the fence again at 1.
 *
 * Shape   attributes `leaseOwner`, `leaseFence`, `leaseExpiresAtMs`, `leaseGrant`
 * Errors  {@link LeaseHeldError}, {@link LeaseLostError}; NotFoundError where the lease lies on
 *         an item that is gone
 */
import * as z from 'zod';
import { lockKey } from '../aws/keys.ts';
import { ConditionFailedError, type ItemKey, type StoredItem, type Table } from '../aws/table.ts';
import type { Clock } from '../kernel/clock.ts';
import { NotFoundError } from '../kernel/errors.ts';
import type { Random } from '../kernel/random.ts';
import { type Lease, LeaseHeldError, LeaseLostError, type LeaseStore } from './lease.ts';

export interface DynamoLeaseStoreDeps {
  readonly table: Table;
  readonly clock: Clock;
  readonly random: Random;
  /** Where the lease of a key lies. Default: an item of its own. */
  readonly place?: LeasePlace;
}

export interface LeasePlace {
  itemOf(key: string): ItemKey;
  /** The lease lies on an item of the domain, which a lease must not bring into being. */
  readonly itemMustExist: boolean;
}

const OWN_ITEM: LeasePlace = { itemOf: lockKey, itemMustExist: false };
const GRANT_BYTES = 16;

const storedLease = z.object({
  leaseOwner: z.string(),
  leaseFence: z.int().positive(),
  leaseExpiresAtMs: z.int().nonnegative(),
  leaseGrant: z.string(),
});

export function createDynamoLeaseStore(deps: DynamoLeaseStoreDeps): LeaseStore {
  const { table, clock, random, place = OWN_ITEM } = deps;
  const free = 'attribute_not_exists(#leaseExpiresAtMs) OR #leaseExpiresAtMs <= :now';
  const when = place.itemMustExist ? `attribute_exists(#pk) AND (${free})` : free;

  return {
    async acquire({ key, owner, ttlMs }) {
      const nowMs = clock.now();
      const leaseGrant = random.bytes(GRANT_BYTES).toString('hex');
      const set = { leaseOwner: owner, leaseExpiresAtMs: nowMs + ttlMs, leaseGrant };
      const item = place.itemOf(key);
      try {
        const change = { set, add: { leaseFence: 1 } };
        return leaseFrom(key, await table.update(item, change, { when, values: { now: nowMs } }));
      } catch (error) {
        if (!(error instanceof ConditionFailedError)) throw error;
        return whyRefused(key, leaseGrant, await table.get(item), error);
      }
    },

    async release(lease) {
      try {
        await table.update(
          place.itemOf(lease.key),
          { set: { leaseExpiresAtMs: 0 } },
          {
            when: '#leaseOwner = :owner AND #leaseFence = :fence',
            values: { owner: lease.owner, fence: lease.fence },
          },
        );
      } catch (error) {
        if (!(error instanceof ConditionFailedError)) throw error;
        throw new LeaseLostError(
          'the lease was granted to another attempt',
          { fence: lease.fence },
          { cause: error },
        );
      }
    },
  };
}

/**
 * The lease after all, where the refused write is our own: the client sends a request again
 * when its answer is lost, and the second meets the first.
 */
function whyRefused(
  key: string,
  leaseGrant: string,
  item: StoredItem | undefined,
  cause: ConditionFailedError,
): Lease {
  if (!item) throw new NotFoundError('what the lease guards does not exist', {}, { cause });
  if (item['leaseGrant'] === leaseGrant) return leaseFrom(key, item);
  const fence = storedLease.parse(item).leaseFence;
  throw new LeaseHeldError('another attempt holds the lease', { fence }, { cause });
}

function leaseFrom(key: string, item: StoredItem): Lease {
  const { leaseOwner, leaseFence, leaseExpiresAtMs } = storedLease.parse(item);
  return { key, owner: leaseOwner, fence: leaseFence, expiresAtMs: leaseExpiresAtMs };
}
