/** A sync engine with everything around it: table, provider, receiver, queue, clock. */
import type { IntegratedAccount } from '#shared/account/integrated-account.ts';
import type { Table } from '#shared/aws/table.ts';
import type { Sealer } from '#shared/encryption/sealer.ts';
import type { SendHttp } from '#shared/http/http-message.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { brandId, createIdFactory } from '#shared/kernel/id.ts';
import type { JsonObject } from '#shared/kernel/json.ts';
import type { Random } from '#shared/kernel/random.ts';
import { createJobStore } from '#shared/sync/job/job-store.ts';
import { type SyncJobInput, syncJobBody } from '#shared/sync/job/sync-job.ts';
import { createActiveRunLock } from '#shared/sync/run/active-run.ts';
import { createCloseRun } from '#shared/sync/run/close-run.ts';
import type { Hint, SendHint } from '#shared/sync/run/hint.ts';
import { createListRuns } from '#shared/sync/run/list-runs.ts';
import { createRunControl } from '#shared/sync/run/run-control.ts';
import { createRunSnapshotStore } from '#shared/sync/run/run-snapshot.ts';
import { createRunStore } from '#shared/sync/run/run-store.ts';
import { isFinal, type SyncRun } from '#shared/sync/run/sync-run.ts';
import { createWatermarkStore } from '#shared/sync/run/watermark-store.ts';
import type { ReadAccount } from '#shared/sync/start/open-run.ts';
import { createStartRun } from '#shared/sync/start/start-run.ts';
import { type SyncSettings, syncSettings } from '#shared/sync/step/settings.ts';
import { createStep, type StepOutcome } from '#shared/sync/step/step.ts';
import { createSweep } from '#shared/sync/step/sweep.ts';
import { createStreamRun } from '#shared/sync/stream/stream.ts';
import type { FetchPage } from '#shared/unified/fetch-page.ts';
import { createDeliveryLog } from '#shared/webhook/delivery/delivery-log.ts';
import { createOpenFanOut } from '#shared/webhook/delivery/fan-out.ts';
import { createPostEvent } from '#shared/webhook/delivery/post-event.ts';
import { createReceivers } from '#shared/webhook/subscription/receivers.ts';
import { createSubscriptionHealth } from '#shared/webhook/subscription/subscription-health.ts';
import { createSubscriptionSecrets } from '#shared/webhook/subscription/subscription-secrets.ts';
import { createSubscriptionStore } from '#shared/webhook/subscription/subscription-store.ts';
import { createFakeSealer } from '../doubles/fake-sealer.ts';
import { createMemoryTable } from '../doubles/memory-table.ts';
import { createPagedProvider, type PagedProviderOptions } from '../doubles/paged-provider.ts';
import { createRecordingReceiver, type ReceivedEvent } from '../doubles/recording-receiver.ts';
import { seededRandom } from '../doubles/seeded-random.ts';
import { VirtualClock } from '../doubles/virtual-clock.ts';

export const ENVIRONMENT = brandId<'env'>('env_1');

export const TICKETS_JOB: SyncJobInput = {
  integration_name: 'desk',
  resources: [
    { resource: 'ticketing/users', method: 'list' },
    {
      resource: 'ticketing/tickets',
      method: 'list',
      query: { updated_at: { gt: '{{previous_run_date}}' } },
    },
    {
      resource: 'ticketing/comments',
      method: 'list',
      depends_on: 'ticketing/tickets',
      query: { ticket_id: '{{resources.ticketing.tickets.id}}' },
    },
  ],
};

/** 2 users, `tickets` tickets with 2 comments each. */
export function ticketing(tickets: number): PagedProviderOptions['list'] {
  return (resource, { ticket_id }) => {
    if (resource === 'ticketing/users') return [{ id: 'u1' }, { id: 'u2' }];
    if (resource === 'ticketing/comments') {
      return [{ id: `${ticket_id}-a` }, { id: `${ticket_id}-b` }];
    }
    return Array.from({ length: tickets }, (_, at) => ({ id: `t${at}` }));
  };
}

export function anAccount(over: Partial<IntegratedAccount> = {}): IntegratedAccount {
  return {
    id: brandId<'ia'>('ia_1'),
    environmentId: ENVIRONMENT,
    tenantId: brandId<'tenant'>('acme'),
    integration: 'desk',
    auth: 'token',
    status: 'active',
    connection: {},
    createdAtMs: 0,
    updatedAtMs: 0,
    version: 1,
    ...over,
  };
}

export interface EngineParts {
  readonly table: Table;
  readonly clock: Clock;
  readonly random: Random;
  readonly sealer: Sealer;
  readonly settings: SyncSettings;
  readonly fetchPage: FetchPage;
  readonly send: SendHttp;
  readonly sendHint: SendHint;
  readonly readAccount: ReadAccount;
  readonly onRateLimitAlert?: (run: SyncRun) => void;
}

/** The engine as a function of ours wires it. */
export function assembleEngine(parts: EngineParts) {
  const { table, clock, random, sealer, settings } = parts;
  const ids = createIdFactory(clock, random);
  const secrets = createSubscriptionSecrets({ sealer, random, clock });
  const receivers = createReceivers({ table, secrets });
  const health = createSubscriptionHealth({ table, clock, onDisabled: async () => undefined });
  const subscriptions = createSubscriptionStore({
    table,
    secrets,
    ids,
    clock,
    allowLoopback: false,
  });
  const jobs = createJobStore({ table, clock, ids });
  const lock = createActiveRunLock({ table, clock });
  const watermarks = createWatermarkStore({ table, clock });
  const snapshots = createRunSnapshotStore({ table, sealer });
  const { leaseMs, graceMs } = settings;
  const shared = {
    onRateLimitAlert: () => undefined,
    ...parts,
    runs: createRunStore({ table, clock, ids, leaseMs, graceMs }),
    closeRun: createCloseRun({ table, watermarks, lock, snapshots }),
    jobs,
    lock,
    watermarks,
    snapshots,
    ids,
    graceMs,
    receivers,
    openFanOut: createOpenFanOut({
      receivers,
      health,
      post: createPostEvent({ send: parts.send, clock, allowLoopback: false }),
      log: createDeliveryLog(table),
      clock,
    }),
  };
  return {
    ...shared,
    subscriptions,
    startRun: createStartRun(shared),
    step: createStep(shared),
    sweep: createSweep(shared),
    streamRun: createStreamRun({ ...shared, streamBudgetMs: 600_000 }),
    control: createRunControl(shared),
    listRuns: createListRuns(shared),
  };
}

export interface WorldOptions extends Partial<PagedProviderOptions> {
  readonly settings?: Partial<SyncSettings>;
  readonly consumerLatencyMs?: number;
}

export interface QueuedHint {
  readonly hint: Hint;
  readonly atMs: number;
}

export async function createSyncWorld(options: WorldOptions = {}) {
  const clock = new VirtualClock();
  const table = createMemoryTable();
  const receiver = createRecordingReceiver(clock, options.consumerLatencyMs ?? 0);
  const { settings, consumerLatencyMs: _, ...provided } = options;
  const provider = createPagedProvider(clock, { list: ticketing(3), pageSize: 2, ...provided });
  const accounts = new Map([['ia_1', anAccount()]]);
  const queue: QueuedHint[] = [];
  const alerts: SyncRun[] = [];
  const engine = assembleEngine({
    table,
    clock,
    random: seededRandom(),
    sealer: createFakeSealer(),
    settings: syncSettings(settings),
    fetchPage: provider.fetchPage,
    send: receiver.send,
    readAccount: async (id) => accounts.get(id),
    sendHint: async (hint, delaySeconds) => {
      queue.push({ hint, atMs: clock.now() + delaySeconds * 1_000 });
    },
    onRateLimitAlert: (run) => {
      alerts.push(run);
    },
  });
  const { subscription, secret } = await engine.subscriptions.create(ENVIRONMENT, {
    url: 'https://hooks.operator.com/millrace',
    events: ['sync_job_run:*'],
  });
  const world = {
    ...engine,
    table,
    clock,
    provider,
    receiver,
    subscription,
    secret,
    accounts,
    queue,
    alerts,

    createJob: (job: SyncJobInput = TICKETS_JOB) =>
      engine.jobs.create(ENVIRONMENT, syncJobBody.parse(job)),

    async start(job?: SyncJobInput, over: { fullResync?: boolean; args?: JsonObject } = {}) {
      const { id: jobId } = await world.createJob(job);
      return world.startRun({
        environmentId: ENVIRONMENT,
        jobId,
        accountId: brandId('ia_1'),
        ...over,
      });
    },

    /** Takes the next hint from the queue, waiting for its time. */
    async nextStep(): Promise<StepOutcome> {
      queue.sort((a, b) => a.atMs - b.atMs);
      const next = queue.shift();
      if (!next) throw new Error('the queue is empty');
      if (next.atMs > clock.now()) clock.advance(next.atMs - clock.now());
      return clock.run(world.step(next.hint));
    },

    /** Hints and sweeps until the run has ended. */
    async runToEnd({ id }: Pick<SyncRun, 'id'>): Promise<SyncRun> {
      for (let turn = 0; turn < 500; turn += 1) {
        const run = await engine.runs.get(id);
        if (run && isFinal(run) && !run.closing) return run;
        if (queue.length === 0) {
          clock.advance(60_000);
          await world.sweep();
        } else {
          await world.nextStep();
        }
      }
      throw new Error('the run does not end');
    },
  };
  return world;
}

export type SyncWorld = Awaited<ReturnType<typeof createSyncWorld>>;

/** `resource: id id id` for each record event, in order. */
export function recordLines(world: Pick<SyncWorld, 'receiver'>): readonly string[] {
  return world.receiver.accepted
    .filter(({ type }) => type === 'sync_job_run:record')
    .map(({ data }) => `${data.resource}: ${recordIds(data).join(' ')}`);
}

export function eventTypes(world: Pick<SyncWorld, 'receiver'>): readonly string[] {
  return world.receiver.accepted.map(({ type }) => type.replace('sync_job_run:', ''));
}

export function recordIds({ records = [] }: ReceivedEvent['data']): readonly string[] {
  return records.map(({ id }) => id);
}
