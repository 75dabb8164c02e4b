import { ProviderTimeoutError, ProviderUnreachableError } from '#shared/http/network-errors.ts';
import { brandId } from '#shared/kernel/id.ts';
import type { SyncJobInput } from '#shared/sync/job/sync-job.ts';
import { presentRun } from '#shared/sync/run/sync-run.ts';
import { NeedsReauthError, ProviderError, RateLimitedError } from '#shared/wire/provider-errors.ts';
import {
  anAccount,
  createSyncWorld,
  ENVIRONMENT,
  eventTypes,
  recordLines,
  type SyncWorld,
  TICKETS_JOB,
} from '../../../support/worlds/sync-world.ts';

const USERS: SyncJobInput = { integration_name: 'desk', resources: [{ resource: 'users' }] };
const THREE = [{ id: 'a' }, { id: 'b', rejected: true }, { id: 'c' }];

function watermarkOf(world: SyncWorld, jobId: string) {
  return world.watermarks.get(brandId(jobId), brandId('ia_1'));
}

describe('a run', () => {
  it('delivers parents before their children, and shares events between children of many parents', async () => {
    const world = await createSyncWorld();
    const run = await world.runToEnd(await world.start());
    expect(run.status).toBe('completed');
    expect(recordLines(world)).toEqual([
      'ticketing/users: u1 u2',
      'ticketing/tickets: t0 t1 t2',
      'ticketing/comments: t0-a t0-b t1-a t1-b t2-a t2-b',
    ]);
  });

  it('tells its start and its end, and numbers events without a gap', async () => {
    const world = await createSyncWorld();
    await world.runToEnd(await world.start());
    expect(eventTypes(world)).toEqual(['started', 'record', 'record', 'record', 'completed']);
    expect(world.receiver.accepted.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
  });

  it('fills in the placeholders of its queries', async () => {
    const world = await createSyncWorld({ pageSize: 10 });
    await world.runToEnd(await world.start());
    expect(world.provider.calls).toEqual([
      'ticketing/users {} 0',
      'ticketing/tickets {"updated_at":{"gt":"1970-01-01T00:00:00.000Z"}} 0',
      'ticketing/comments {"ticket_id":"t0"} 0',
      'ticketing/comments {"ticket_id":"t1"} 0',
      'ticketing/comments {"ticket_id":"t2"} 0',
    ]);
  });

  it('is shown as the API promises', async () => {
    const world = await createSyncWorld({ list: () => THREE });
    const run = await world.runToEnd(await world.start(USERS));
    expect(presentRun(run)).toEqual({
      id: run.id,
      sync_job_id: run.jobId,
      integrated_account_id: 'ia_1',
      status: 'completed',
      started_at: '2026-03-01T12:00:00.000Z',
      completed_at: '2026-03-01T12:00:00.000Z',
      previous_run_date: '1970-01-01T00:00:00.000Z',
      resources: { users: { fetched: 3, emitted: 2, errored: 1 } },
      error: null,
      rate_limited_count: 0,
      resume_at: null,
    });
  });

  it('moves the watermark to its start once it has completed', async () => {
    const world = await createSyncWorld({ latencyMs: 1_000 });
    const run = await world.runToEnd(await world.start());
    const watermark = await watermarkOf(world, run.jobId);
    expect(watermark?.previousRunDateMs).toBe(run.startedAtMs);
    expect(run.completedAtMs).toBeGreaterThan(run.startedAtMs!);
  });

  it('moves the watermark to its end where the job says so', async () => {
    const world = await createSyncWorld({ latencyMs: 1_000 });
    const run = await world.runToEnd(await world.start({ ...USERS, watermark: 'run_completion' }));
    const watermark = await watermarkOf(world, run.jobId);
    expect(watermark?.previousRunDateMs).toBe(run.completedAtMs);
  });

  it('hands over when its time is spent, and goes on where it stood', async () => {
    const world = await createSyncWorld({ latencyMs: 1_000, settings: { stepBudgetMs: 1 } });
    const started = await world.start({ ...TICKETS_JOB, records_per_event: 2 });
    expect(await world.nextStep()).toMatchObject({ kind: 'released' });
    expect(recordLines(world)).toEqual(['ticketing/users: u1 u2']);
    const run = await world.runToEnd(started);
    expect(run.counters['ticketing/comments']).toEqual({ fetched: 6, emitted: 6, errored: 0 });
    expect(recordLines(world)).toEqual([
      'ticketing/users: u1 u2',
      'ticketing/tickets: t0 t1',
      'ticketing/comments: t0-a t0-b',
      'ticketing/comments: t1-a t1-b',
      'ticketing/tickets: t2',
      'ticketing/comments: t2-a t2-b',
    ]);
  });

  it('drops a hint that is out of date', async () => {
    const world = await createSyncWorld();
    await world.start();
    const [first] = world.queue;
    await world.nextStep();
    expect(await world.clock.run(world.step(first!.hint))).toEqual({ kind: 'dropped' });
  });
});

describe('a consumer that fails', () => {
  it('gets the same events again until it answers, and nothing is skipped', async () => {
    const world = await createSyncWorld();
    world.receiver.answer = (_, post) => ({ status: post >= 3 && post <= 6 ? 500 : 200 });
    const run = await world.runToEnd(await world.start());
    expect(run.status).toBe('completed');
    const bySequence = world.receiver.posts.map(({ sequence, id }) => `${sequence} ${id}`);
    expect(new Set(bySequence).size).toBe(5);
    expect(world.receiver.accepted.map(({ sequence }) => sequence)).toContain(2);
    expect(recordLines(world)).toContain('ticketing/tickets: t0 t1 t2');
  });

  it('leaves the run running, due after the wait, and the checkpoint where it was', async () => {
    const world = await createSyncWorld();
    world.receiver.answer = ({ type }) => ({ status: type.endsWith('started') ? 200 : 503 });
    const { id } = await world.start();
    expect(await world.nextStep()).toMatchObject({ kind: 'parked' });
    const run = await world.runs.get(id);
    expect(run).toMatchObject({ status: 'running', seq: 1, consumerFailures: 1, leaseUntilMs: 0 });
    expect(run!.counters['ticketing/users']).toEqual({ fetched: 0, emitted: 0, errored: 0 });
  });

  it('shows when the run will try again', async () => {
    const world = await createSyncWorld();
    world.receiver.answer = () => ({ status: 503 });
    const { id } = await world.start();
    await world.nextStep();
    const run = await world.runs.get(id);
    expect(run!.dueAtMs).toBeGreaterThan(world.clock.now());
    expect(presentRun(run!)['resume_at']).toBe(new Date(run!.dueAtMs!).toISOString());
  });

  it('waits longer each time, up to the limit', async () => {
    const world = await createSyncWorld({
      settings: { consumerBackoffMinMs: 5_000, consumerBackoffMaxMs: 20_000 },
    });
    world.receiver.answer = () => ({ status: 500 });
    await world.start();
    const waits: number[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const outcome = await world.nextStep();
      if (outcome.kind === 'parked')
        waits.push(Math.floor((outcome.untilMs - world.clock.now()) / 5_000));
    }
    expect(waits).toEqual([1, 2, 4, 4]);
  });

  it('is waited for as long as it asks', async () => {
    const world = await createSyncWorld();
    world.receiver.answer = () => ({ status: 429, headers: { 'retry-after': '120' } });
    await world.start();
    const outcome = await world.nextStep();
    expect(outcome.kind === 'parked' && outcome.untilMs - world.clock.now()).toBe(120_000);
  });

  it('does not keep a run from failing for ever', async () => {
    const world = await createSyncWorld({
      before: () => {
        throw new NeedsReauthError('dead');
      },
    });
    world.receiver.answer = ({ type }) => ({ status: type.endsWith('failed') ? 500 : 200 });
    const run = await world.runToEnd(await world.start());
    expect(run).toMatchObject({ status: 'failed', error: { code: 'needs_reauth' } });
    expect(world.receiver.posts.filter(({ type }) => type.endsWith('failed'))).toHaveLength(5);
  });

  it('ends the run when it is gone and nobody else takes the records', async () => {
    const world = await createSyncWorld();
    world.receiver.answer = ({ type }) => ({ status: type.endsWith('record') ? 410 : 200 });
    const run = await world.runToEnd(await world.start());
    expect(run).toMatchObject({ status: 'failed', error: { code: 'no_subscription' } });
    expect(await watermarkOf(world, run.jobId)).toBeUndefined();
  });
});

describe('a provider that limits the rate', () => {
  const limited = (resumeInMs?: number) => {
    let isFirst = true;
    return (world: () => SyncWorld) => () => {
      if (!isFirst) return;
      isFirst = false;
      const nowMs = world().clock.now();
      const resumeAtMs = resumeInMs === undefined ? undefined : nowMs + resumeInMs;
      throw new RateLimitedError({ status: 429 }, resumeAtMs, nowMs);
    };
  };

  async function worldWith(resumeInMs?: number): Promise<SyncWorld> {
    const holder: { world?: SyncWorld } = {};
    holder.world = await createSyncWorld({ before: limited(resumeInMs)(() => holder.world!) });
    return holder.world;
  }

  it('parks the run until the reset and tells about it', async () => {
    const world = await worldWith(60_000);
    const { id } = await world.start(USERS);
    await world.nextStep();
    const run = (await world.runs.get(id))!;
    const waitMs = run.resumeAtMs! - world.clock.now();
    expect(waitMs).toBeGreaterThanOrEqual(60_000);
    expect(waitMs).toBeLessThanOrEqual(61_000);
    expect(presentRun(run)).toMatchObject({
      status: 'rate_limited',
      rate_limited_count: 1,
      resume_at: new Date(run.resumeAtMs!).toISOString(),
    });
    expect(world.receiver.accepted.at(-1)).toMatchObject({
      type: 'sync_job_run:rate_limited',
      sequence: 2,
      data: { provider: 'desk', resource: 'users', hits: 1, alert: false },
    });
  });

  it('does not end the run, which goes on and completes', async () => {
    const world = await worldWith(60_000);
    const run = await world.runToEnd(await world.start());
    expect(run).toMatchObject({ status: 'completed', rateLimitedCount: 1 });
    expect(eventTypes(world)).toEqual([
      'started',
      'rate_limited',
      'record',
      'record',
      'record',
      'completed',
    ]);
  });

  it('is asked again after a doubling wait where it names no time', async () => {
    let calls = 0;
    const world = await createSyncWorld({
      before: () => {
        calls += 1;
        if (calls <= 3) throw new RateLimitedError({ status: 429 }, undefined, 0);
      },
    });
    const started = await world.start(USERS);
    const waits: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const outcome = await world.nextStep();
      if (outcome.kind === 'parked') waits.push(outcome.untilMs - world.clock.now());
    }
    expect(waits[0]).toBeGreaterThanOrEqual(1_000);
    expect(waits[0]).toBeLessThanOrEqual(2_000);
    expect(waits[1]).toBeGreaterThanOrEqual(2_000);
    expect(waits[2]).toBeGreaterThanOrEqual(4_000);
    expect((await world.runToEnd(started)).status).toBe('completed');
  });

  it('ends the run where the job does not wait', async () => {
    const world = await worldWith(60_000);
    const job = { ...USERS, rate_limit: { mode: 'fail' as const } };
    const run = await world.runToEnd(await world.start(job));
    expect(run).toMatchObject({ status: 'failed', error: { code: 'rate_limited' } });
  });

  it('ends the run after the waits that the job allows, and alerts once before', async () => {
    const world = await createSyncWorld({
      before: () => {
        throw new RateLimitedError({ status: 429 }, undefined, 0);
      },
    });
    const job = { ...USERS, rate_limit: { max_waits: 4, alert_after: 2 } };
    const run = await world.runToEnd(await world.start(job));
    expect(run).toMatchObject({ status: 'failed', rateLimitedCount: 4 });
    expect(world.alerts).toHaveLength(1);
  });

  it('costs no page that was read before it: what is there is delivered first', async () => {
    let calls = 0;
    const world = await createSyncWorld({
      before: () => {
        calls += 1;
        if (calls === 3) throw new RateLimitedError({ status: 429 }, undefined, 0);
      },
    });
    const started = await world.start();
    expect(await world.nextStep()).toMatchObject({ kind: 'parked' });
    expect(recordLines(world)).toEqual(['ticketing/users: u1 u2', 'ticketing/tickets: t0 t1']);
    await world.runToEnd(started);
    expect(recordLines(world).at(-1)).toBe('ticketing/comments: t0-a t0-b t1-a t1-b t2-a t2-b');
  });
});

describe('a provider that fails', () => {
  it.each([
    [new ProviderUnreachableError('no', {}, { retry: 'never' }), 'provider_unreachable'],
    [new ProviderTimeoutError('no', {}, { retry: 'never' }), 'provider_timeout'],
    [new ProviderError('no', 'transient', { status: 503 }), 'provider_error'],
  ])('is tried again a few times, then the run fails with its code', async (error, code) => {
    let calls = 0;
    const world = await createSyncWorld({
      before: () => {
        calls += 1;
        throw error;
      },
    });
    const run = await world.runToEnd(await world.start());
    expect(run).toMatchObject({ status: 'failed', error: { code } });
    expect(calls).toBe(5);
    expect(await watermarkOf(world, run.jobId)).toBeUndefined();
    expect(world.receiver.accepted.at(-1)).toMatchObject({
      type: 'sync_job_run:failed',
      data: { error: { code } },
    });
  });

  it('does not end the run where it recovers', async () => {
    let calls = 0;
    const world = await createSyncWorld({
      before: () => {
        calls += 1;
        if (calls % 3 === 0) throw new ProviderUnreachableError('no', {}, { retry: 'never' });
      },
    });
    expect((await world.runToEnd(await world.start())).status).toBe('completed');
  });

  it('ends the run at once where only the end user can help', async () => {
    const world = await createSyncWorld({
      before: () => {
        throw new NeedsReauthError('dead');
      },
    });
    const run = await world.runToEnd(await world.start());
    expect(run).toMatchObject({ status: 'failed', error: { code: 'needs_reauth' } });
    expect(world.provider.calls).toHaveLength(1);
  });

  it('costs one list only where it refuses that list', async () => {
    const world = await createSyncWorld({
      before: ({ resource, query }) => {
        if (resource === 'ticketing/comments' && query.reveal()['ticket_id'] === 't1') {
          throw new ProviderError('gone', 'not_found', { status: 404, message: 'no such ticket' });
        }
      },
    });
    const run = await world.runToEnd(await world.start());
    expect(run.status).toBe('completed');
    expect(recordLines(world).at(-1)).toBe('ticketing/comments: t0-a t0-b t2-a t2-b');
    expect(world.receiver.accepted.find(({ type }) => type.endsWith('record_error'))?.data).toEqual(
      {
        sync_job_id: run.jobId,
        sync_job_run_id: run.id,
        resource: 'ticketing/comments',
        http_status: 404,
        code: 'provider_error',
        message: 'no such ticket',
      },
    );
    expect(await watermarkOf(world, run.jobId)).toBeDefined();
  });

  it('has its words told to the consumer and not kept with the run', async () => {
    const world = await createSyncWorld({
      before: () => {
        throw new ProviderError('the provider refuses the input', 'validation', {
          status: 422,
          message: 'ada@example.com is taken',
        });
      },
    });
    const run = await world.runToEnd(await world.start({ ...USERS, error_handling: 'fail_fast' }));
    expect(run.error).toEqual({
      code: 'provider_error',
      message: 'the provider refuses the input (status 422)',
    });
  });

  it('keeps the watermark where a whole list of the job was not read', async () => {
    const world = await createSyncWorld({
      before: ({ resource }) => {
        if (resource === 'ticketing/users')
          throw new ProviderError('no', 'permission', { status: 403 });
      },
    });
    const run = await world.runToEnd(await world.start());
    expect(run).toMatchObject({ status: 'completed', incomplete: true });
    expect(await watermarkOf(world, run.jobId)).toBeUndefined();
  });
});

describe('a record that cannot be used', () => {
  it('is told by its reference, and the rest is delivered', async () => {
    const world = await createSyncWorld({ list: () => THREE, pageSize: 9 });
    await world.runToEnd(await world.start(USERS));
    expect(recordLines(world)).toEqual(['users: a c']);
    expect(world.receiver.accepted.at(-2)).toMatchObject({
      type: 'sync_job_run:record_error',
      data: { resource: 'users', http_status: null, code: 'record_invalid', record_ref: 'b' },
    });
  });

  it('ends a run that fails fast: what came before is delivered, the watermark stays', async () => {
    const world = await createSyncWorld({ list: () => THREE, pageSize: 9 });
    const run = await world.runToEnd(await world.start({ ...USERS, error_handling: 'fail_fast' }));
    expect(run).toMatchObject({ status: 'failed', error: { code: 'record_invalid' } });
    expect(eventTypes(world)).toEqual(['started', 'record', 'record_error', 'failed']);
    expect(recordLines(world)).toEqual(['users: a']);
    expect(await watermarkOf(world, run.jobId)).toBeUndefined();
  });
});

describe('an account that cannot be read', () => {
  it('that is gone ends the run', async () => {
    const world = await createSyncWorld();
    const started = await world.start();
    world.accounts.clear();
    expect(await world.runToEnd(started)).toMatchObject({
      status: 'failed',
      error: { code: 'account_deleted' },
    });
  });

  it('that is paused pauses the run, which can be resumed', async () => {
    const world = await createSyncWorld();
    const started = await world.start();
    world.accounts.set('ia_1', anAccount({ status: 'paused' }));
    expect(await world.nextStep()).toMatchObject({ kind: 'paused' });
    world.accounts.set('ia_1', anAccount());
    await world.control.resume(ENVIRONMENT, started.id);
    expect((await world.runToEnd(started)).status).toBe('completed');
  });

  it('whose key cannot be reached is tried again', async () => {
    const world = await createSyncWorld();
    const started = await world.start();
    world.accounts.set('ia_1', anAccount({ status: 'key_unavailable' }));
    expect(await world.nextStep()).toMatchObject({ kind: 'parked' });
    world.accounts.set('ia_1', anAccount());
    expect((await world.runToEnd(started)).status).toBe('completed');
  });
});

describe('a bug in the middle of a step', () => {
  it('is thrown, and ends the run after five more tries', async () => {
    let calls = 0;
    const world = await createSyncWorld({
      before: () => {
        calls += 1;
        throw new TypeError('a bug');
      },
    });
    const { id } = await world.start();
    await expect(world.nextStep()).rejects.toThrow('a bug');
    for (let minute = 0; minute < 10; minute += 1) {
      world.clock.advance(60_000);
      await world.sweep();
      while (world.queue.length > 0) await world.nextStep().catch(() => undefined);
    }
    expect(await world.runs.get(id)).toMatchObject({
      status: 'failed',
      error: { code: 'step_failed' },
    });
    expect(calls).toBeLessThanOrEqual(6);
  });
});

describe('a worker that dies between the end of a run and its consequences', () => {
  it('leaves them to the sweeper, and the API shows the run as running until then', async () => {
    const world = await createSyncWorld();
    const { id, token, jobId, accountId } = await world.start();
    const held = await world.runs.claim(id, token, 'worker');
    const begun = await world.runs.commit(held!, { startedAtMs: 1_000, events: 1 });
    const ended = await world.runs.finish(begun, 'completed', 1);
    expect(presentRun(ended)).toMatchObject({ status: 'running', completed_at: null });
    world.queue.length = 0;

    world.clock.advance(60_000);
    await world.sweep();
    expect(await world.nextStep()).toEqual({ kind: 'dropped' });

    expect(presentRun((await world.runs.get(id))!)).toMatchObject({ status: 'completed' });
    expect((await watermarkOf(world, jobId))?.previousRunDateMs).toBe(1_000);
    expect((await world.lock.read(jobId, accountId)).runId).toBeUndefined();
    expect(await world.sweep()).toMatchObject({ hints: 0 });
  });
});
