import { NotFoundError } from '#shared/kernel/errors.ts';
import { brandId } from '#shared/kernel/id.ts';
import { createStartScheduled } from '#shared/sync/start/start-scheduled.ts';
import { NeedsReauthError } from '#shared/wire/provider-errors.ts';
import {
  anAccount,
  createSyncWorld,
  ENVIRONMENT,
  type SyncWorld,
} from '../../../support/worlds/sync-world.ts';

const ACCOUNT = brandId<'ia'>('ia_1');

async function jobIn(world: SyncWorld, query = {}) {
  return world.createJob({
    integration_name: 'desk',
    resources: [{ resource: 'ticketing/users', query }],
  });
}

function request(jobId: string, over = {}) {
  return { environmentId: ENVIRONMENT, jobId: brandId<'job'>(jobId), accountId: ACCOUNT, ...over };
}

describe('starting a run', () => {
  it('answers a queued run and hints at it', async () => {
    const world = await createSyncWorld();
    const { id } = await jobIn(world);
    const run = await world.startRun(request(id));
    expect(run).toMatchObject({ status: 'queued', previousRunDateMs: 0, fence: 1 });
    expect(world.queue.map(({ hint }) => hint)).toEqual([
      {
        v: 1,
        run_id: run.id,
        environment_id: 'env_1',
        account_id: 'ia_1',
        token: run.token,
      },
    ]);
  });

  it('is refused while the job runs for this account, naming that run', async () => {
    const world = await createSyncWorld();
    const { id } = await jobIn(world);
    const first = await world.startRun(request(id));
    await expect(world.startRun(request(id))).rejects.toMatchObject({
      code: 'run_in_progress',
      status: 409,
      detail: { run_id: first.id },
    });
  });

  it('is possible for another account at the same time', async () => {
    const world = await createSyncWorld();
    const { id } = await jobIn(world);
    await world.startRun(request(id));
    world.accounts.set('ia_2', anAccount({ id: brandId('ia_2') }));
    const second = await world.startRun(request(id, { accountId: 'ia_2' }));
    expect(second.status).toBe('queued');
  });

  it('reads from where the last success started', async () => {
    const world = await createSyncWorld();
    const { id } = await jobIn(world);
    const first = await world.runToEnd(await world.startRun(request(id)));
    world.clock.advance(60_000);
    const second = await world.startRun(request(id));
    expect(second.previousRunDateMs).toBe(first.startedAtMs);
    expect(second.fence).toBe(2);
  });

  it('reads everything where a full resync is asked for', async () => {
    const world = await createSyncWorld();
    const { id } = await jobIn(world);
    await world.runToEnd(await world.startRun(request(id)));
    const second = await world.startRun(request(id, { fullResync: true }));
    expect(second.previousRunDateMs).toBe(0);
  });

  it('fails at once, unread, where nobody takes the records', async () => {
    const world = await createSyncWorld();
    const { id } = await jobIn(world);
    await world.subscriptions.patch(ENVIRONMENT, world.subscription.id, {
      events: ['sync_job_run:completed'],
    });
    const run = await world.runToEnd(await world.startRun(request(id)));
    expect(run).toMatchObject({ status: 'failed', error: { code: 'no_subscription' } });
    expect(world.provider.calls).toEqual([]);
    expect(await world.watermarks.get(brandId(id), ACCOUNT)).toBeUndefined();
  });

  it('is refused for an account of another environment, as for none', async () => {
    const world = await createSyncWorld();
    const { id } = await jobIn(world);
    world.accounts.set('ia_1', anAccount({ environmentId: brandId('env_2') }));
    await expect(world.startRun(request(id))).rejects.toThrow(NotFoundError);
  });

  it('is refused for an account of another integration', async () => {
    const world = await createSyncWorld();
    const { id } = await jobIn(world);
    world.accounts.set('ia_1', anAccount({ integration: 'other' }));
    await expect(world.startRun(request(id))).rejects.toMatchObject({ status: 422 });
  });

  it('is refused for an account that must be connected again', async () => {
    const world = await createSyncWorld();
    const { id } = await jobIn(world);
    world.accounts.set('ia_1', anAccount({ status: 'needs_reauth' }));
    await expect(world.startRun(request(id))).rejects.toThrow(NeedsReauthError);
  });

  it('is refused without the args that the job refers to', async () => {
    const world = await createSyncWorld();
    const { id } = await jobIn(world, { since: '{{args.since}}', more: '{{args.deep.x}}' });
    await expect(world.startRun(request(id, { args: { since: 1 } }))).rejects.toMatchObject({
      status: 422,
      faults: [{ path: 'args.deep.x', message: 'is required by the job' }],
    });
  });

  it('keeps args sealed, and fills them into the queries', async () => {
    const world = await createSyncWorld();
    const { id } = await jobIn(world, { since: '{{args.since}}' });
    const run = await world.startRun(request(id, { args: { since: 'canary-7' } }));
    expect(JSON.stringify(world.table.items())).not.toContain('canary-7');
    await world.runToEnd(run);
    expect(world.provider.calls).toEqual(['ticketing/users {"since":"canary-7"} 0']);
  });

  it('takes over from a start that died before it wrote its run, after a minute', async () => {
    const world = await createSyncWorld();
    const { id } = await jobIn(world);
    await world.lock.take(brandId(id), ACCOUNT, brandId('run_DEAD'));
    await expect(world.startRun(request(id))).rejects.toMatchObject({ code: 'run_in_progress' });
    world.clock.advance(60_000);
    expect(await world.startRun(request(id))).toMatchObject({ fence: 2 });
  });

  it('finishes what a dead worker left to do for a run that has ended', async () => {
    const world = await createSyncWorld();
    const { id } = await jobIn(world);
    const first = await world.startRun(request(id));
    const held = await world.runs.claim(first.id, first.token, 'worker');
    const begun = await world.runs.commit(held!, { startedAtMs: 1_000, events: 1 });
    // The worker dies here: the end is written, its consequences are not.
    await world.runs.finish(begun, 'completed', 1);
    const second = await world.startRun(request(id));
    expect(second.previousRunDateMs).toBe(1_000);
  });
});

describe('a schedule', () => {
  it('starts a run for each account that it can, and leaves out the rest', async () => {
    const world = await createSyncWorld();
    const { id } = await jobIn(world);
    world.accounts.set('ia_2', anAccount({ id: brandId('ia_2'), status: 'paused' }));
    const startScheduled = createStartScheduled({
      ...world,
      async *accountsOf() {
        yield* world.accounts.values();
      },
    });
    const message = { v: 1, job_id: id, environment_id: ENVIRONMENT } as const;
    expect(await startScheduled(message)).toEqual({ started: 1, skipped: 1 });
    // The same message again: the one run is still going.
    expect(await startScheduled(message)).toEqual({ started: 0, skipped: 2 });
  });
});
