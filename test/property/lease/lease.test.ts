import * as fc from 'fast-check';
import { createDynamoLeaseStore } from '#shared/lease/dynamo-lease-store.ts';
import {
  isHeld,
  type Lease,
  LeaseHeldError,
  LeaseLostError,
  type LeaseStore,
} from '#shared/lease/lease.ts';
import { createMemoryLeaseStore } from '../../support/doubles/memory-lease-store.ts';
import { createMemoryTable } from '../../support/doubles/memory-table.ts';
import { seededRandom } from '../../support/doubles/seeded-random.ts';
import { VirtualClock } from '../../support/doubles/virtual-clock.ts';

interface Step {
  readonly afterMs: number;
  readonly owner: string;
  readonly action: 'acquire' | 'release';
  readonly ttlMs: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  afterMs: fc.nat({ max: 40 }),
  owner: fc.constantFrom('a', 'b', 'c'),
  action: fc.constantFrom('acquire', 'release'),
  ttlMs: fc.integer({ min: 1, max: 50 }),
});

/** What the owners believe: each remembers the last lease it was granted. */
class LeaseWorld {
  readonly #clock = new VirtualClock();
  readonly #store: LeaseStore;
  readonly #held = new Map<string, Lease>();
  readonly grants: Lease[] = [];

  constructor(make: (clock: VirtualClock) => LeaseStore) {
    this.#store = make(this.#clock);
  }

  async play({ afterMs, owner, action, ttlMs }: Step): Promise<void> {
    this.#clock.advance(afterMs);
    if (action === 'acquire') await this.#acquire(owner, ttlMs);
    else await this.#release(owner);
  }

  holders(): readonly string[] {
    return [...this.#held.values()]
      .filter((lease) => isHeld(lease, this.#clock.now()))
      .map(({ owner }) => owner);
  }

  async #acquire(owner: string, ttlMs: number): Promise<void> {
    try {
      const lease = await this.#store.acquire({ key: 'k', owner, ttlMs });
      this.grants.push(lease);
      this.#held.set(owner, lease);
    } catch (error) {
      if (!(error instanceof LeaseHeldError)) throw error;
    }
  }

  /** Tries with whatever lease it last had, however stale. */
  async #release(owner: string): Promise<void> {
    const lease = this.#held.get(owner);
    if (!lease) return;
    try {
      await this.#store.release(lease);
      this.#held.delete(owner);
    } catch (error) {
      if (!(error instanceof LeaseLostError)) throw error;
    }
  }
}

const stores = {
  memory: (clock: VirtualClock) => createMemoryLeaseStore(clock),
  table: (clock: VirtualClock) =>
    createDynamoLeaseStore({ table: createMemoryTable(), clock, random: seededRandom() }),
} as const;

describe.each(['memory', 'table'] as const)('leases in the %s store', (name) => {
  it('never have two holders, and fences only rise, whatever the history', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (history) => {
        const world = new LeaseWorld(stores[name]);
        for (const next of history) {
          await world.play(next);
          expect(world.holders().length).toBeLessThanOrEqual(1);
        }
        expect(world.grants.map(({ fence }) => fence)).toEqual(
          world.grants.map((_, index) => index + 1),
        );
      }),
    );
  });
});
