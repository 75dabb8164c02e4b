import * as fc from 'fast-check';
import type { CredentialSource, HeldCredential } from '#shared/account/credential-source.ts';
import type { Table } from '#shared/aws/table.ts';
import { createCredentialSource } from '#shared/oauth/renewal/fresh-credential.ts';
import { accountStores, anAccount } from '../../../support/builders/accounts.ts';
import { aRenewalPlan } from '../../../support/builders/renewal-plan.ts';
import { createMemoryTable } from '../../../support/doubles/memory-table.ts';
import { seededRandom } from '../../../support/doubles/seeded-random.ts';
import {
  type CallFate,
  TOKEN_LIFETIME_MS,
  TokenProvider,
} from '../../../support/doubles/token-provider.ts';
import { VirtualClock } from '../../../support/doubles/virtual-clock.ts';

const PLAN = aRenewalPlan();
const account = anAccount();

// Hundreds of simulated hours: room for a loaded machine.
jest.setTimeout(20_000);
/** A crashed process: what it waits for never comes. */
const NEVER = new Promise<never>(() => undefined);

interface ProcessOptions {
  readonly fate?: () => CallFate;
  /** Stands still for ever at its nth step; a step is a database call or half a token call. */
  readonly crashAtStep?: number;
  /** Whether that step still took effect. */
  readonly effectBeforeCrash?: boolean;
}

class World {
  readonly clock = new VirtualClock();
  readonly provider = new TokenProvider(this.clock);
  readonly #random;
  readonly #table = createMemoryTable();
  readonly stores = accountStores(this.#table, this.clock);

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  async start(): Promise<void> {
    await this.stores.accounts.create(account);
    await this.stores.vault.put(account, this.provider.first(), 0);
  }

  process(options: ProcessOptions = {}): CredentialSource {
    let steps = 0;
    const step = async <T>(act: () => Promise<T>): Promise<T> => {
      steps += 1;
      const crashes = steps >= (options.crashAtStep ?? Number.POSITIVE_INFINITY);
      if (crashes && !(options.effectBeforeCrash && steps === options.crashAtStep)) return NEVER;
      await this.clock.sleep(this.#random.integer(0, 40));
      const result = await act();
      return crashes ? NEVER : result;
    };
    const base = this.#table;
    const table: Table = {
      get: (key) => step(() => base.get(key)),
      put: (item, condition) => step(() => base.put(item, condition)),
      update: (key, change, condition) => step(() => base.update(key, change, condition)),
      delete: (key, condition) => step(() => base.delete(key, condition)),
      query: (query) => step(() => base.query(query)),
    };
    const latency = () => this.#random.integer(1, 7_000);
    const refresh = this.provider.endpoint(latency, options.fate);
    return createCredentialSource({
      table,
      ...accountStores(table, this.clock),
      clock: this.clock,
      random: this.#random,
      refresh: (...asked) => step(() => refresh(...asked)),
      planOf: async () => PLAN,
    });
  }

  async calls(source: CredentialSource, afterMs: number, refusedVersion?: number) {
    await this.clock.sleep(afterMs);
    const held = await source(account, refusedVersion === undefined ? {} : { refusedVersion });
    return { held, accepted: this.provider.accepts(accessToken(held)) };
  }
}

function accessToken({ credential }: HeldCredential): string | undefined {
  return credential.fields.reveal()['access_token'];
}

const callers = fc.array(
  fc.record({ process: fc.nat({ max: 3 }), afterMs: fc.nat({ max: 8_000 }) }),
  { minLength: 1, maxLength: 25 },
);

describe('fresh credentials', () => {
  it('cost exactly one exchange per expiry, whoever asks and wherever', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.array(callers, { minLength: 1, maxLength: 4 }),
        async (seed, expiries) => {
          const world = new World(seed);
          const processes = [0, 1, 2, 3].map(() => world.process());
          await world.clock.run(world.start());

          for (const [index, burst] of expiries.entries()) {
            world.clock.advance(TOKEN_LIFETIME_MS - 20_000);
            const all = burst.map(({ process, afterMs }) =>
              world.calls(processes[process]!, afterMs),
            );
            // A waiter gives up after 12 s; calls of up to 14 s outlast it, rightly.
            const results = await world.clock.run(Promise.allSettled(all));
            for (const result of results) {
              if (result.status === 'fulfilled') expect(result.value.accepted).toBe(true);
              else expect(result.reason).toMatchObject({ code: 'refresh_in_progress' });
            }
            expect(world.provider.exchanges).toBe(index + 1);
          }
          expect(world.provider.reuses).toBe(0);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('cost exactly one exchange when a provider refuses the token of many callers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), callers, async (seed, burst) => {
        const world = new World(seed);
        const processes = [0, 1, 2, 3].map(() => world.process());
        await world.clock.run(world.start());

        const all = burst.map(({ process, afterMs }) =>
          world.calls(processes[process]!, afterMs, 1),
        );
        await world.clock.run(Promise.allSettled(all));

        expect(world.provider.exchanges).toBe(1);
        expect(world.provider.reuses).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('survive a crash at any step, and are given up only when truly lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.integer({ min: 1, max: 14 }),
        fc.boolean(),
        async (seed, crashAtStep, effectBeforeCrash) => {
          const world = new World(seed);
          await world.clock.run(world.start());
          world.clock.advance(TOKEN_LIFETIME_MS);
          world.calls(world.process({ crashAtStep, effectBeforeCrash }), 0).catch(() => undefined);
          await world.clock.run(world.clock.sleep(60_000));
          const lost = await isLost(world);

          const next = world.clock.run(world.calls(world.process(), 0));

          if (lost) {
            await expect(next).rejects.toMatchObject({ detail: { reason: 'lost_rotation' } });
            expect(await status(world)).toBe('needs_reauth');
          } else {
            expect((await next).accepted).toBe(true);
            expect(await status(world)).toBe('active');
            expect(world.provider.reuses).toBe(0);
          }
        },
      ),
      { numRuns: 120 },
    );
  });

  it('never turn an outage into a reconnect', async () => {
    const fates = fc.array(fc.constantFrom<CallFate>('never_sent', 'answered', 'lost'), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(fc.integer(), fates, async (seed, outage) => {
        const world = new World(seed);
        await world.clock.run(world.start());
        const left = [...outage];
        const source = world.process({ fate: () => left.shift() ?? 'answered' });

        for (const _ of outage) {
          world.clock.advance(TOKEN_LIFETIME_MS);
          await world.clock.run(Promise.allSettled([world.calls(source, 0)]));
          const lost = await isLost(world);
          if (!lost && world.provider.reuses === 0) expect(await status(world)).toBe('active');
        }
        if (!outage.includes('lost')) {
          expect((await world.clock.run(world.calls(source, 0))).accepted).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });
});

/** The provider has given out a token that is stored nowhere. */
async function isLost(world: World): Promise<boolean> {
  const held = await world.stores.vault.read(account);
  return accessToken(held) !== `at${world.provider.generation}`;
}

async function status(world: World): Promise<string> {
  return (await world.stores.accounts.get(account.environmentId, account.id)).status;
}
