/**
 * The sync engine under faults, in virtual time: workers crash before and after everything they
 * do, sleep past their leases, hints get lost and doubled, consumers answer 500.
 *
 * What is observed is what the world sees: accepted posts, and commits as the table took them.
 */
import * as z from 'zod';
import { runKey } from '#shared/aws/keys.ts';
import type { Table } from '#shared/aws/table.ts';
import { ProviderUnreachableError } from '#shared/http/network-errors.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { brandId, type RunId } from '#shared/kernel/id.ts';
import type { Random } from '#shared/kernel/random.ts';
import { syncJobBody } from '#shared/sync/job/sync-job.ts';
import type { Hint } from '#shared/sync/run/hint.ts';
import type { SyncRun } from '#shared/sync/run/sync-run.ts';
import { syncSettings } from '#shared/sync/step/settings.ts';
import { RateLimitedError } from '#shared/wire/provider-errors.ts';
import { createFakeSealer } from '../doubles/fake-sealer.ts';
import { createPagedProvider } from '../doubles/paged-provider.ts';
import { createRecordingReceiver, type ReceivedEvent } from '../doubles/recording-receiver.ts';
import { seededRandom } from '../doubles/seeded-random.ts';
import {
  anAccount,
  assembleEngine,
  ENVIRONMENT,
  recordIds,
  TICKETS_JOB,
  ticketing,
} from './sync-world.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly runs: number;
  readonly tickets: number;
  readonly table: Table;
  readonly clock: Clock;
  /** Whether the provider limits rates and breaks off. */
  readonly providerFails: boolean;
  /** Planted mutations, which the invariants must notice. */
  readonly without?: 'fence' | 'sweep';
}

export interface CommitSeen {
  readonly runId: string;
  readonly seqBefore: number;
  readonly seqAfter: number;
  /** Whether the consumer had every record of it when it was sent. */
  readonly isBacked: boolean;
}

export interface Observed {
  readonly runs: readonly SyncRun[];
  readonly accepted: readonly ReceivedEvent[];
  readonly commits: readonly CommitSeen[];
  /** Whether a watermark was ever written while its run had not completed. */
  readonly earlyWatermarks: number;
  readonly crashes: number;
  readonly fenced: number;
}

class Crash extends Error {}

const countersSchema = z.record(z.string(), z.object({ emitted: z.number() }));

const LEASE_MS = 30_000;
const GIVE_UP_AFTER_MS = 12 * 3_600_000;

export async function simulate(options: SimulationOptions): Promise<Observed> {
  const simulation = new Simulation(options);
  return simulation.run();
}

class Simulation {
  readonly #options: SimulationOptions;
  readonly #chance: Random;
  readonly #ids: Random;
  readonly #receiver;
  readonly #provider;
  readonly #settings = syncSettings({
    stepBudgetMs: 20_000,
    leaseMs: LEASE_MS,
    deliveryTimeoutMs: 15_000,
    slowBatchMs: 10_000,
    consumerBackoffMinMs: 2_000,
    consumerBackoffMaxMs: 30_000,
    // Crashes and failures are random here: none must end a run for good.
    fetchRetries: 1_000,
    maxAttempts: 1_000,
  });
  readonly #sealer = createFakeSealer();
  readonly #commits: CommitSeen[] = [];
  readonly #runOf = new Map<string, RunId>();
  #earlyWatermarks = 0;
  #crashes = 0;
  #fenced = 0;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#chance = seededRandom(options.seed);
    this.#ids = seededRandom(options.seed + 1_000_003);
    this.#receiver = createRecordingReceiver();
    this.#receiver.answer = () => ({ status: this.#happens(10) ? 500 : 200 });
    this.#provider = createPagedProvider(options.clock, {
      list: ticketing(options.tickets),
      pageSize: 3,
      before: () => this.#providerFault(),
    });
  }

  async run(): Promise<Observed> {
    const { clock, table, runs: count, without } = this.#options;
    const engine = this.#engine(table);
    await engine.subscriptions.create(ENVIRONMENT, {
      url: 'https://hooks.operator.com/',
      events: ['sync_job_run:*'],
    });
    const spec = syncJobBody.parse({ ...TICKETS_JOB, records_per_event: 7 });
    const job = await engine.jobs.create(ENVIRONMENT, spec);
    const started: RunId[] = [];
    for (let at = 0; at < count; at += 1) {
      const request = { environmentId: ENVIRONMENT, jobId: job.id, accountId: accountId(at) };
      const { id } = await engine.startRun(request);
      started.push(id);
      this.#runOf.set(request.accountId, id);
    }
    const endMs = clock.now() + GIVE_UP_AFTER_MS;
    let runs: SyncRun[] = [];
    do {
      await clock.sleep(60_000);
      if (without !== 'sweep') await engine.sweep();
      const found = await Promise.all(started.map((id) => engine.runs.get(id)));
      runs = found.flatMap((run) => run ?? []);
    } while (clock.now() < endMs && runs.some((run) => run.status !== 'completed' || run.closing));
    return {
      runs,
      accepted: this.#receiver.accepted,
      commits: this.#commits,
      earlyWatermarks: this.#earlyWatermarks,
      crashes: this.#crashes,
      fenced: this.#fenced,
    };
  }

  #engine(table: Table, life?: Life) {
    const { clock } = this.#options;
    const lived = <Args extends unknown[], Result>(
      work: (...args: Args) => Promise<Result>,
    ): ((...args: Args) => Promise<Result>) => (life ? life.wrap(work) : work);
    return assembleEngine({
      table,
      clock,
      random: this.#ids,
      sealer: this.#sealer,
      settings: this.#settings,
      fetchPage: lived(this.#provider.fetchPage),
      send: lived(this.#receiver.send),
      sendHint: lived((hint, delaySeconds) => this.#send(hint, delaySeconds * 1_000)),
      readAccount: async (id) => anAccount({ id }),
    });
  }

  /** SQS on a bad day. */
  async #send(hint: Hint, delayMs: number): Promise<void> {
    if (this.#happens(8)) return;
    this.#deliver(hint, delayMs);
    if (this.#happens(15)) this.#deliver(hint, delayMs + this.#chance.integer(0, 60_000));
  }

  #deliver(hint: Hint, delayMs: number): void {
    const { clock, table } = this.#options;
    const worker = async () => {
      await clock.sleep(delayMs);
      const life = new Life(clock, this.#chance);
      try {
        const outcome = await this.#engine(this.#watched(table, life), life).step(hint);
        if (outcome.kind === 'fenced') this.#fenced += 1;
      } catch (error) {
        if (!(error instanceof Crash)) throw error;
        this.#crashes += 1;
        // Visible again after the queue's timeout, unless that is lost too.
        if (this.#happens(90)) this.#deliver(hint, LEASE_MS + 5_000);
      }
    };
    void worker();
  }

  /** The table as a worker sees it, with an eye on what gets committed. */
  #watched(table: Table, life: Life): Table {
    return {
      ...table,
      get: life.wrap(table.get),
      query: life.wrap(table.query),
      delete: life.wrap(table.delete),
      put: life.wrap(async (item, condition) => {
        if (item.sk.startsWith('WM#')) await this.#checkWatermark(item.sk);
        await table.put(item, condition);
      }),
      update: life.wrap(async (key, change, condition) => {
        const isCommit = change.add?.['seq'] === 1 && change.set?.['cursor'] !== undefined;
        const isBacked = !isCommit || this.#isBacked(key.pk, change.set?.['counters']);
        const before = condition?.values?.['seq'];
        const isFenced = before !== undefined;
        const unfenced = isFenced && this.#options.without === 'fence';
        const after = await table.update(key, change, unfenced ? undefined : condition);
        if (isCommit) {
          this.#commits.push({
            runId: String(after['runId']),
            seqBefore: Number(before),
            seqAfter: Number(after['seq']),
            isBacked,
          });
        }
        return after;
      }),
    };
  }

  /** The watermark of an account may move once its run, the only one, has completed. */
  async #checkWatermark(sk: string): Promise<void> {
    const runId = this.#runOf.get(sk.slice('WM#'.length));
    const item = runId ? await this.#options.table.get(runKey(runId)) : undefined;
    if (item?.['status'] !== 'completed') this.#earlyWatermarks += 1;
  }

  /** Whether a consumer has all the records that the counters of a commit claim. */
  #isBacked(pk: string, counters: unknown): boolean {
    const runId = pk.slice('RUN#'.length);
    return Object.entries(countersSchema.parse(counters)).every(([resource, { emitted }]) => {
      const records = this.#receiver.accepted
        .filter(({ data }) => data.sync_job_run_id === runId && data.resource === resource)
        .flatMap(({ data }) => recordIds(data));
      return new Set(records).size >= emitted;
    });
  }

  #happens(percent: number): boolean {
    return this.#chance.integer(1, 100) <= percent;
  }

  async #providerFault(): Promise<void> {
    const { clock, providerFails } = this.#options;
    // One call in ten outlives a lease now and then.
    await clock.sleep(this.#happens(10) ? this.#chance.integer(0, 50_000) : 200);
    if (!providerFails) return;
    if (this.#happens(3)) {
      const resumeAtMs = this.#happens(50) ? clock.now() + 20_000 : undefined;
      throw new RateLimitedError({ status: 429 }, resumeAtMs, clock.now());
    }
    if (this.#happens(3)) {
      throw new ProviderUnreachableError('no answer', {}, { retry: { afterMs: 1_000 } });
    }
  }
}

/** One worker's life: everything it does may be its last. */
class Life {
  readonly #clock: Clock;
  readonly #chance: Random;
  #isOver = false;

  constructor(clock: Clock, chance: Random) {
    this.#clock = clock;
    this.#chance = chance;
  }

  wrap<Args extends unknown[], Result>(
    work: (...args: Args) => Promise<Result>,
  ): (...args: Args) => Promise<Result> {
    return async (...args) => {
      this.#mayDie();
      // A pause of the whole process, such as a frozen container.
      if (this.#chance.integer(1, 200) === 1) await this.#clock.sleep(45_000);
      const result = await work(...args);
      this.#mayDie();
      return result;
    };
  }

  #mayDie(): void {
    if (this.#chance.integer(1, 100) === 1) this.#isOver = true;
    if (this.#isOver) throw new Crash('the worker is dead');
  }
}

function accountId(at: number) {
  return brandId<'ia'>(`ia_${at}`);
}
