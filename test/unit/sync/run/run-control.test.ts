import { ConflictError, NotFoundError } from '#shared/kernel/errors.ts';
import { brandId } from '#shared/kernel/id.ts';
import { presentRun } from '#shared/sync/run/sync-run.ts';
import {
  createSyncWorld,
  ENVIRONMENT,
  eventTypes,
  TICKETS_JOB,
} from '../../../support/worlds/sync-world.ts';

const SMALL = { ...TICKETS_JOB, records_per_event: 2 };

describe('cancelling a run', () => {
  it('ends it at once, and frees its job and account', async () => {
    const world = await createSyncWorld();
    const run = await world.start();
    expect(presentRun(await world.control.cancel(ENVIRONMENT, run.id))).toMatchObject({
      status: 'cancelled',
      completed_at: '2026-03-01T12:00:00.000Z',
    });
    expect(await world.lock.read(run.jobId, run.accountId)).not.toHaveProperty('runId', run.id);
    await world.nextStep();
    expect(world.receiver.posts).toEqual([]);
  });

  it('stops a worker at its next commit, and moves no watermark', async () => {
    const world = await createSyncWorld();
    const run = await world.start(SMALL);
    world.receiver.answer = async ({ sequence }) => {
      if (sequence === 2) await world.control.cancel(ENVIRONMENT, run.id);
      return { status: 200 };
    };
    expect(await world.nextStep()).toEqual({ kind: 'fenced' });
    expect(eventTypes(world)).not.toContain('completed');
    expect(await world.runs.get(run.id)).toMatchObject({ status: 'cancelled', closing: false });
    expect(await world.watermarks.get(run.jobId, run.accountId)).toBeUndefined();
  });

  it('is refused once the run has ended', async () => {
    const world = await createSyncWorld();
    const run = await world.runToEnd(await world.start());
    await expect(world.control.cancel(ENVIRONMENT, run.id)).rejects.toThrow(ConflictError);
  });
});

describe('pausing a run', () => {
  it('keeps it from going on until it is resumed, and then it misses nothing', async () => {
    const world = await createSyncWorld();
    const run = await world.start(SMALL);
    world.receiver.answer = async ({ sequence }, post) => {
      if (sequence === 3 && post === 3) await world.control.pause(ENVIRONMENT, run.id);
      return { status: 200 };
    };
    expect(await world.nextStep()).toEqual({ kind: 'fenced' });
    world.clock.advance(3_600_000);
    expect(await world.sweep()).toMatchObject({ hints: 0 });
    expect(presentRun((await world.runs.get(run.id))!)).toMatchObject({ status: 'paused' });

    await world.control.resume(ENVIRONMENT, run.id);
    const ended = await world.runToEnd(run);
    expect(ended.status).toBe('completed');
    expect(ended.counters['ticketing/comments']).toEqual({ fetched: 6, emitted: 6, errored: 0 });
  });

  it('does not free the job: another run cannot start', async () => {
    const world = await createSyncWorld();
    const run = await world.start();
    await world.control.pause(ENVIRONMENT, run.id);
    const request = { environmentId: ENVIRONMENT, jobId: run.jobId, accountId: run.accountId };
    await expect(world.startRun(request)).rejects.toMatchObject({ code: 'run_in_progress' });
  });

  it('is refused twice, and resuming what runs is too', async () => {
    const world = await createSyncWorld();
    const { id } = await world.start();
    await expect(world.control.resume(ENVIRONMENT, id)).rejects.toThrow(ConflictError);
    await world.control.pause(ENVIRONMENT, id);
    await expect(world.control.pause(ENVIRONMENT, id)).rejects.toThrow(ConflictError);
  });
});

describe('a run of another environment', () => {
  it('is as good as none', async () => {
    const world = await createSyncWorld();
    const { id } = await world.start();
    const other = brandId<'env'>('env_2');
    await expect(world.control.get(other, id)).rejects.toThrow(NotFoundError);
    await expect(world.control.cancel(other, id)).rejects.toThrow(NotFoundError);
  });
});

describe('listing runs', () => {
  it('shows the newest first, page by page, over all jobs', async () => {
    const world = await createSyncWorld();
    const ids: string[] = [];
    for (let at = 0; at < 5; at += 1) {
      world.clock.advance(1);
      ids.unshift((await world.start()).id);
    }
    const first = await world.listRuns(ENVIRONMENT, { limit: 3 });
    expect(first.runs.map(({ id }) => id)).toEqual(ids.slice(0, 3));
    const second = await world.listRuns(ENVIRONMENT, { limit: 3, before: first.next! });
    expect(second.runs.map(({ id }) => id)).toEqual(ids.slice(3));
    expect(second.next).toBeUndefined();
  });

  it('filters by job and by the status that the API shows', async () => {
    const world = await createSyncWorld();
    const [one, two] = [await world.start(), await world.start()];
    await world.control.cancel(ENVIRONMENT, one.id);
    const cancelled = await world.listRuns(ENVIRONMENT, { limit: 9, status: 'cancelled' });
    expect(cancelled.runs.map(({ id }) => id)).toEqual([one.id]);
    const ofTwo = await world.listRuns(ENVIRONMENT, { limit: 9, jobId: two.jobId });
    expect(ofTwo.runs.map(({ id }) => id)).toEqual([two.id]);
  });
});
