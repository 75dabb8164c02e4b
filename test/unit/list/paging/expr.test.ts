import { InvalidCursorError } from '../../../../shared/list/paging/state.ts';
import { NOW_MS } from '../../../support/builders/an-integration.ts';
import { lister, things } from '../../../support/worlds/lister.ts';

const BY_SKIP = {
  method: 'POST',
  body: { skip: { expr: 'page.skip' } },
  pagination: {
    kind: 'expr',
    init: "{ 'skip': 0 }",
    next: "count < 2 ? null : { 'skip': page.skip + count }",
  },
};
const bodies = (sent: readonly { readonly body: string | undefined }[]) =>
  sent.map(({ body }) => JSON.parse(body ?? 'null'));

describe('paging by expressions', () => {
  it('asks with the state, from the first one to null', async () => {
    const { all, sent } = lister(
      BY_SKIP,
      { body: { things: things(1, 2) } },
      { body: { things: things(3) } },
    );

    expect(await all()).toEqual(['1', '2', '3']);
    expect(bodies(sent)).toEqual([{ skip: 0 }, { skip: 2 }]);
  });

  it('starts with no members where no first state is declared', async () => {
    const { all, asked } = lister(
      {
        query: { after: { expr: 'page.after' } },
        pagination: { kind: 'expr', next: "body.next ? { 'after': body.next }" },
      },
      { body: { things: things(1), next: 'c' } },
      { body: { things: things(2) } },
    );

    expect(await all()).toEqual(['1', '2']);
    expect(asked()).toEqual(['/things', '/things?after=c']);
  });

  it('starts again by id where the provider lets nobody past a number of results', async () => {
    const held = Array.from({ length: 7 }, (_, index) => ({ id: index + 1 }));
    const capped = {
      method: 'POST',
      body: {
        after: { expr: 'page.after' },
        above: { expr: 'page.above' },
      },
      pagination: {
        kind: 'expr',
        init: "{ 'after': 0, 'above': 0 }",
        next: `count < 2 ? null
          : page.after + 2 >= 4 ? { 'after': 0, 'above': records[-1].id }
          : { 'after': page.after + 2, 'above': page.above }`,
      },
    };
    const answer = (after: number, above: number) => ({
      body: { things: held.filter(({ id }) => id > above).slice(after, after + 2) },
    });
    const { all, sent } = lister(capped, answer(0, 0), answer(2, 0), answer(0, 4), answer(2, 4));

    expect(await all()).toEqual(['1', '2', '3', '4', '5', '6', '7']);
    expect(bodies(sent)).toEqual([
      { after: 0, above: 0 },
      { after: 2, above: 0 },
      { after: 0, above: 4 },
      { after: 2, above: 4 },
    ]);
  });

  it('sees the answer, its records and the time that is asked for', async () => {
    const { pages } = lister(
      {
        incremental: { cursor: 'at', format: 'iso8601_seconds' },
        pagination: {
          kind: 'expr',
          next: "$exists(page.seen) ? null : { 'seen': [status, headers.`x-a`, body.b, records[0].id, count, since, until] }",
        },
      },
      { headers: { 'x-a': 'a' }, body: { things: things(1), b: 'b' } },
    );
    const [first] = await pages({ sinceMs: NOW_MS - 1_000 });

    expect(first?.next).toMatchObject({
      at: { seen: [200, 'a', 'b', 1, 1, '2026-03-01T11:59:59Z', '2026-03-01T12:00:00Z'] },
    });
  });

  it('sees since in the first state', async () => {
    const { all, asked } = lister(
      {
        query: { from: '{{page.from}}' },
        incremental: { cursor: 'at', format: 'date' },
        pagination: { kind: 'expr', init: "{ 'from': since }", next: 'null' },
      },
      { body: { things: [] } },
    );
    await all({ sinceMs: NOW_MS });

    expect(asked()).toEqual(['/things?from=2026-03-01']);
  });

  it.each([
    ['is no object', 'body.next'],
    ['is a list', '[1, 2]'],
    ['is larger than a cursor may be', "{ 'a': $pad('', 5000, 'x') }"],
    ['was there before', "{ 'skip': 0 }"],
    ['cannot be computed', '1 + body.next'],
  ])('fails where the next state %s', async (_what, next) => {
    const { all } = lister(
      { ...BY_SKIP, pagination: { ...BY_SKIP.pagination, next } },
      { body: { things: things(1, 2), next: 'c' } },
    );

    await expect(all()).rejects.toMatchObject({ code: 'provider_error', class: 'config' });
  });

  it('finds out states that turn in a circle', async () => {
    const { all } = lister(
      {
        ...BY_SKIP,
        pagination: { ...BY_SKIP.pagination, next: "{ 'skip': (page.skip + 1) % 3 }" },
      },
      { body: { things: things(1) } },
    );

    await expect(all()).rejects.toMatchObject({
      provider: { message: 'the list turned in a circle' },
    });
  });

  it('refuses the cursor of another kind of list', async () => {
    await expect(lister(BY_SKIP, {}).page({ cursor: { at: 'c', seen: [] } })).rejects.toThrow(
      InvalidCursorError,
    );
    const paged = lister({ pagination: { kind: 'page', param: 'page' } }, {});
    await expect(paged.page({ cursor: { at: { skip: 1 }, seen: [] } })).rejects.toThrow(
      InvalidCursorError,
    );
  });
});
