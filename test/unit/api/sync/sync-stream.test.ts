import { text } from 'node:stream/consumers';
import { syncStreamRoute } from '#shared/api/sync/sync-stream.ts';
import { brandId } from '#shared/kernel/id.ts';
import { Transient } from '#shared/kernel/transient.ts';
import { RunInProgressError, type StartRequest } from '#shared/sync/start/start-run.ts';
import type { StreamedRun } from '#shared/sync/stream/stream.ts';
import { aRequest, aRouter, CALLER, problemIn } from '../../../support/builders/api-requests.ts';

const RUN = { id: brandId<'run'>('run_1') } as StreamedRun['run'];
const BODY = { integrated_account_id: 'ia_1', full_resync: true, args: { since: 'x' } };

function aStream(streamRun: (request: StartRequest, deadlineMs: number) => Promise<StreamedRun>) {
  return aRouter([syncStreamRoute({ streamRun })], {
    authenticate: async () => ({ ...CALLER, scopes: ['sync'] }),
  });
}

async function* linesOf(texts: readonly string[], asked: string[] = []) {
  for (const line of texts) {
    asked.push(line);
    yield Transient.of(Buffer.from(line));
  }
}

describe('the stream route', () => {
  it('starts the run as it is asked to, and within the time that the answer may take', async () => {
    const seen: unknown[] = [];
    const { serve } = aStream(async (...given) => {
      seen.push(...given);
      return { run: RUN, lines: linesOf([]) };
    });

    await serve(aRequest('POST', '/v1/sync-jobs/job_1/stream', BODY));

    expect(seen).toEqual([
      {
        environmentId: CALLER.environmentId,
        jobId: 'job_1',
        accountId: 'ia_1',
        fullResync: true,
        args: { since: 'x' },
      },
      30_000,
    ]);
  });

  it('answers with one event a line', async () => {
    const { serve } = aStream(async () => ({
      run: RUN,
      lines: linesOf(['{"a":1}\n', '{"a":2}\n']),
    }));

    const answer = await serve(aRequest('POST', '/v1/sync-jobs/job_1/stream', BODY));

    expect(answer).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/x-ndjson', 'x-sync-run-id': 'run_1' },
    });
    if (answer.body.kind !== 'stream') throw new Error('not a stream');
    expect(await text(answer.body.bytes.reveal())).toBe('{"a":1}\n{"a":2}\n');
  });

  it('asks for a line only once the one before was taken', async () => {
    const asked: string[] = [];
    const { serve } = aStream(async () => ({ run: RUN, lines: linesOf(['1', '2', '3'], asked) }));
    const answer = await serve(aRequest('POST', '/v1/sync-jobs/job_1/stream', BODY));
    if (answer.body.kind !== 'stream') throw new Error('not a stream');
    const stream = answer.body.bytes.reveal();

    await new Promise((resolve) => stream.once('readable', resolve));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked).toEqual(['1']);
    stream.read();
    await new Promise((resolve) => setTimeout(resolve, 20));

    expect(asked).toEqual(['1', '2']);
    stream.destroy();
  });

  it('names the run that is in the way', async () => {
    const { serve } = aStream(() =>
      Promise.reject(new RunInProgressError('it runs already', { run_id: 'run_0' })),
    );

    const answer = await serve(aRequest('POST', '/v1/sync-jobs/job_1/stream', BODY));

    expect(problemIn(answer)).toMatchObject({
      status: 409,
      code: 'run_in_progress',
      ids: { run_id: 'run_0' },
    });
  });
});
