import { InvalidCursorError } from '../../../../shared/list/paging/state.ts';
import type { Canned } from '../../../support/builders/an-integration.ts';
import { ids, pieceLister } from '../../../support/worlds/piece-lister.ts';

const JOB = {
  create: { path: '/jobs', body: { kind: 'export' }, capture: { id: 'body.id' } },
  poll: {
    path: '/jobs/{{job.id}}',
    done: 'body.state = "done"',
    failed: 'body.state = "failed"',
    capture: { file: 'body.file' },
  },
};
const LIST = {
  path: '/files/{{job.file}}',
  records: 'body.items',
  pagination: { kind: 'cursor', param: 'c', cursor: 'body.next' },
};

/** A provider whose job is in these states, one after the other, the last one for ever. */
function exporter(job: object, states: readonly Canned[], list: object = {}) {
  const left = [...states];
  return pieceLister({ things: { id: 'id', list: { ...LIST, job, ...list } } }, (asked) => {
    if (asked.startsWith('POST /jobs')) return { status: 201, body: { id: 7 } };
    if (asked.startsWith('GET /jobs/7')) return (left.length > 1 ? left.shift() : left[0])!;
    if (asked.startsWith('GET /files/f1?c=2')) return ids(3);
    if (asked.startsWith('GET /files/f1')) return { body: { items: [{ id: 1 }], next: '2' } };
    return { status: 204 };
  });
}
const running: Canned = { body: { state: 'running' } };
const done: Canned = { body: { state: 'done', file: 'f1' } };

describe('a list that is prepared first', () => {
  it('is asked after once a page until it is done, and then read', async () => {
    const { pages, asked, clock } = exporter(JOB, [running, done]);
    const startedAtMs = clock.now();

    const found = await pages('things');

    expect(found.map(({ records }) => records.map(({ ref }) => ref))).toEqual([
      [],
      [],
      ['1'],
      ['3'],
    ]);
    expect(asked).toEqual([
      'POST /jobs',
      'GET /jobs/7',
      'GET /jobs/7',
      'GET /files/f1',
      'GET /files/f1?c=2',
    ]);
    expect(clock.now() - startedAtMs).toBe(4_000);
  });

  it('keeps of the job what is captured, and no more', async () => {
    const { pages } = exporter(JOB, [done]);

    const [created, read] = await pages('things');

    expect(created?.next).toEqual({
      phase: 'preparing',
      job: { id: '7' },
      askAtMs: expect.any(Number),
      giveUpAtMs: expect.any(Number),
    });
    expect(read?.next).toEqual({
      phase: 'reading',
      job: { id: '7', file: 'f1' },
      inner: { at: '2', seen: [expect.any(String)] },
    });
  });

  it('waits ten seconds at most in one call', async () => {
    const poll = { ...JOB.poll, every: 'PT25S' };
    const { pages, asked, clock } = exporter({ ...JOB, poll }, [done]);
    const startedAtMs = clock.now();

    const found = await pages('things');

    expect(found).toHaveLength(5);
    expect(asked.filter((line) => line === 'GET /jobs/7')).toHaveLength(1);
    expect(clock.now() - startedAtMs).toBe(25_000);
  });

  it('tells the job what changed since', async () => {
    const create = { ...JOB.create, query: { from: '{{since}}' } };
    const incremental = { cursor: 'at', format: 'date' };
    const { page, asked } = exporter({ ...JOB, create }, [done], { incremental });

    await page('things', { sinceMs: Date.parse('2026-02-01T00:00:00Z') });

    expect(asked).toEqual(['POST /jobs?from=2026-02-01']);
  });
});

describe('a job that is removed', () => {
  const REMOVED = { ...JOB, remove: { path: '/jobs/{{job.id}}' } };

  it('is removed in a call of its own, after the last page', async () => {
    const { pages, asked } = exporter(REMOVED, [done]);

    const found = await pages('things');

    expect(found.at(-2)?.next).toEqual({ phase: 'removing', job: { id: '7', file: 'f1' } });
    expect(found.at(-1)).toEqual({ records: [] });
    expect(asked.at(-1)).toBe('DELETE /jobs/7');
  });

  it('is removed where it failed', async () => {
    const { pages, asked } = exporter(REMOVED, [{ body: { state: 'failed' } }]);

    await expect(pages('things')).rejects.toMatchObject({
      class: 'config',
      provider: { message: 'the job failed' },
      retry: 'never',
    });
    expect(asked.at(-1)).toBe('DELETE /jobs/7');
  });

  it('does not fail the list where it cannot be removed', async () => {
    const { pages } = pieceLister(
      { things: { id: 'id', list: { ...LIST, job: REMOVED } } },
      (asked) => {
        if (asked.startsWith('DELETE')) return { status: 500 };
        if (asked.startsWith('POST')) return { body: { id: 7 } };
        return asked.startsWith('GET /jobs') ? done : ids(1);
      },
    );

    expect((await pages('things')).flatMap(({ records }) => records)).toHaveLength(1);
  });
});

describe('a job that goes wrong', () => {
  it('is given up where it takes too long', async () => {
    const { pages, asked } = exporter({ ...JOB, within: 'PT5S' }, [running]);

    await expect(pages('things')).rejects.toMatchObject({
      class: 'config',
      provider: { message: 'the job took longer than the integration allows' },
    });
    expect(asked).toHaveLength(4);
  });

  it.each([
    ['whose state is gone', { body: {} }, 'whether the job is done is not true or false'],
    [
      'whose result is nowhere',
      { body: { state: 'done' } },
      'the job is not where the integration says',
    ],
    [
      'whose result is named too long',
      { body: { state: 'done', file: 'f'.repeat(1_024) } },
      'what the job is told by is too long to keep',
    ],
  ])('is an error %s', async (_name, answer, message) => {
    const poll = { ...JOB.poll, done: '$exists(body.state) ? body.state = "done" : null' };
    const { pages } = exporter({ ...JOB, poll }, [answer]);

    await expect(pages('things')).rejects.toMatchObject({ class: 'config', provider: { message } });
  });

  it.each([
    ['create', 'POST', 'the job was not taken on'],
    ['poll', 'GET', 'the job cannot be asked after'],
  ])('is an error where a rule ignores the answer to its %s', async (_step, verb, message) => {
    const errors = [{ when: 'status = 409', class: 'ignore' }];
    const { pages } = pieceLister(
      { things: { id: 'id', list: { ...LIST, job: JOB, errors } } },
      (asked) => (asked.startsWith(verb) ? { status: 409 } : { body: { id: 7 } }),
    );

    await expect(pages('things')).rejects.toMatchObject({ class: 'config', provider: { message } });
  });

  it('is an error where the provider does not say which it is', async () => {
    const { pages } = pieceLister({ things: { id: 'id', list: { ...LIST, job: JOB } } }, () => ({
      status: 202,
    }));

    await expect(pages('things')).rejects.toMatchObject({
      provider: { message: 'the job is not where the integration says' },
    });
  });

  it('does not take the cursor of another list', async () => {
    const { page } = exporter(JOB, [done]);

    await expect(page('things', { cursor: { at: 2, seen: [] } })).rejects.toThrow(
      InvalidCursorError,
    );
  });
});
