import { ProviderUnreachableError } from '#shared/http/network-errors.ts';
import { brandId } from '#shared/kernel/id.ts';
import { presentRun } from '#shared/sync/run/sync-run.ts';
import { RateLimitedError } from '#shared/wire/provider-errors.ts';
import {
  createSyncWorld,
  ENVIRONMENT,
  type SyncWorld,
} from '../../../support/worlds/sync-world.ts';

async function openStream(world: SyncWorld) {
  const { id: jobId } = await world.createJob();
  return world.streamRun({ environmentId: ENVIRONMENT, jobId, accountId: brandId('ia_1') });
}

type Streamed = Awaited<ReturnType<typeof openStream>>;

interface Line {
  readonly type: string;
  readonly sequence: number;
  readonly data: Readonly<Record<string, unknown>>;
}

async function readAll(world: SyncWorld, { lines }: Streamed): Promise<readonly Line[]> {
  const events: Line[] = [];
  const reading = (async () => {
    for await (const line of lines) events.push(JSON.parse(line.reveal().toString()));
  })();
  await world.clock.run(reading);
  return events;
}

describe('a run as a stream', () => {
  it('writes the events of the run, a line each, from started to completed', async () => {
    const world = await createSyncWorld();
    const streamed = await openStream(world);
    const events = await readAll(world, streamed);
    expect(events.map(({ type, sequence }) => `${sequence} ${type}`)).toEqual([
      '1 sync_job_run:started',
      '2 sync_job_run:record',
      '3 sync_job_run:record',
      '4 sync_job_run:record',
      '5 sync_job_run:completed',
    ]);
    expect(events[1]?.data['records']).toEqual([{ id: 'u1' }, { id: 'u2' }]);
    expect(world.receiver.posts).toEqual([]);
  });

  it('ends each line with a line feed and holds none before it', async () => {
    const world = await createSyncWorld();
    const { lines } = await openStream(world);
    const iterator = lines[Symbol.asyncIterator]();
    const { value } = await world.clock.run(iterator.next());
    const text = value!.reveal().toString();
    expect(text.indexOf('\n')).toBe(text.length - 1);
    await world.clock.run(iterator.return!());
  });

  it('moves the watermark only once the last line was taken', async () => {
    const world = await createSyncWorld();
    const { run, lines } = await openStream(world);
    let type = '';
    const reading = (async () => {
      for await (const line of lines) {
        type = JSON.parse(line.reveal().toString()).type;
        expect(await world.watermarks.get(run.jobId, run.accountId)).toBeUndefined();
      }
    })();
    await world.clock.run(reading);
    expect(type).toBe('sync_job_run:completed');
    const ended = (await world.runs.get(run.id))!;
    expect(presentRun(ended)).toMatchObject({ status: 'completed' });
    expect(await world.watermarks.get(run.jobId, run.accountId)).toMatchObject({
      previousRunDateMs: ended.startedAtMs,
    });
  });

  it('reads no further ahead than its reader takes', async () => {
    const world = await createSyncWorld({ pageSize: 1 });
    const { id: jobId } = await world.createJob({
      integration_name: 'desk',
      resources: [{ resource: 'ticketing/tickets' }],
      records_per_event: 1,
    });
    const { lines } = await world.streamRun({
      environmentId: ENVIRONMENT,
      jobId,
      accountId: brandId('ia_1'),
    });
    const iterator = lines[Symbol.asyncIterator]();
    await world.clock.run(iterator.next());
    await world.clock.run(iterator.next());
    await new Promise(setImmediate);
    // The record in the reader's hands, the one that is read while it is, and the page behind them.
    expect(world.provider.calls).toHaveLength(3);
    await world.clock.run(iterator.return!());
  });

  it('ends as failed when its reader goes away, and frees its job', async () => {
    const world = await createSyncWorld();
    const { run, lines } = await openStream(world);
    const iterator = lines[Symbol.asyncIterator]();
    await world.clock.run(iterator.next());
    await world.clock.run(iterator.return!());
    expect(await world.runs.get(run.id)).toMatchObject({
      status: 'failed',
      error: { code: 'stream_interrupted' },
      closing: false,
    });
    expect(await world.watermarks.get(run.jobId, run.accountId)).toBeUndefined();
    expect(await world.lock.read(run.jobId, run.accountId)).not.toHaveProperty('runId', run.id);
  });

  it('whose process died is ended by the sweeper, and tells nobody', async () => {
    const world = await createSyncWorld();
    const { run } = await openStream(world);
    world.clock.advance(90_000);
    await world.sweep();
    expect(await world.nextStep()).toMatchObject({ kind: 'failed' });
    expect(await world.runs.get(run.id)).toMatchObject({ error: { code: 'stream_interrupted' } });
    expect(world.receiver.posts).toEqual([]);
  });

  it('waits for the rate limit and goes on, untouched by the sweeper', async () => {
    let calls = 0;
    const world: SyncWorld = await createSyncWorld({
      before: () => {
        calls += 1;
        if (calls === 1) {
          throw new RateLimitedError({ status: 429 }, world.clock.now() + 120_000, 0);
        }
      },
    });
    const { run, lines } = await openStream(world);
    const iterator = lines[Symbol.asyncIterator]();
    await world.clock.run(iterator.next());
    await world.clock.run(iterator.next());
    const next = iterator.next();
    await new Promise(setImmediate);
    const waiting = (await world.runs.get(run.id))!;
    expect(waiting.status).toBe('rate_limited');
    // Due only when the stream should have come back and shown that it lives.
    expect(waiting.dueAtMs).toBe(waiting.resumeAtMs! + world.settings.leaseMs);
    const { value } = await world.clock.run(next);
    expect(JSON.parse(value!.reveal().toString())).toMatchObject({ type: 'sync_job_run:record' });
    await world.clock.run(iterator.return!());
  });

  it('tells its failure in its last line', async () => {
    const world = await createSyncWorld({
      before: () => {
        throw new ProviderUnreachableError('no', {}, { retry: 'never' });
      },
    });
    const events = await readAll(world, await openStream(world));
    expect(events.at(-1)).toMatchObject({
      type: 'sync_job_run:failed',
      data: { error: { code: 'provider_unreachable' } },
    });
  });

  it('fails when it takes longer than an answer may', async () => {
    const world = await createSyncWorld({ latencyMs: 400_000 });
    const events = await readAll(world, await openStream(world));
    expect(events.at(-1)).toMatchObject({ data: { error: { code: 'stream_timeout' } } });
  });
});
