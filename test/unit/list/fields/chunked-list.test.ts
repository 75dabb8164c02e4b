import { createListDiscovered } from '../../../../shared/list/fields/list-discovered.ts';
import { InvalidCursorError } from '../../../../shared/list/paging/state.ts';
import { anAccount, type Canned } from '../../../support/builders/an-integration.ts';
import { ids, pieceLister } from '../../../support/worlds/piece-lister.ts';

const FIELDS = { id: 'name', list: { path: '/fields', records: 'body.items' } };
const things = (properties: object, more: object = {}) => ({
  id: 'id',
  list: { path: '/things', records: 'body.items', properties, ...more },
});
const fields = (...names: string[]): Canned => ({
  body: { items: names.map((name) => ({ name })) },
});
const FROM = { from: { resource: 'fields', name: 'name' } };

/** Members of record 1 that were named in the query. */
function answered(line: string): Canned {
  const names = /fields=([^&]*)/.exec(line)?.[1]?.split(',') ?? [];
  const members = names.map((name) => [name, name.toUpperCase()]);
  return { body: { items: [{ id: 1, props: Object.fromEntries(members) }] } };
}

const values = async (lister: ReturnType<typeof pieceLister>) =>
  (await lister.pages('things')).flatMap(({ records }) =>
    records.map((record) => (record.kind === 'record' ? record.value.reveal() : record)),
  );

describe('fields that must be named', () => {
  it('are named in a query parameter', async () => {
    const { all, asked } = pieceLister(
      { things: things({ names: ['a', 'b'], param: 'fields', separator: ';' }) },
      () => ids(1),
    );

    await all('things');

    expect(asked).toEqual(['GET /things?fields=a;b']);
  });

  it('are looked up by expressions as a list', async () => {
    const query = { q: { expr: '"SELECT " & $join(properties, ", ")' } };
    const { all, asked } = pieceLister({ things: things({ names: ['a', 'b'] }, { query }) }, () =>
      ids(1),
    );

    await all('things');

    expect(asked).toEqual(['GET /things?q=SELECT+a,+b']);
  });

  it('are found out once for all pages and lists of an account, for some minutes', async () => {
    const lister = pieceLister(
      {
        fields: FIELDS,
        things: things(
          { names: ['z', 'a'], ...FROM, param: 'fields' },
          { pagination: { kind: 'page', param: 'page', more: 'false' } },
        ),
      },
      (line) => (line === 'GET /fields' ? fields('a', 'b') : ids(1)),
    );
    const { page, asked, clock } = lister;

    await page('things');
    await page('things');
    clock.pass(300_000);
    await page('things');
    await page('things', {}, anAccount({ id: 'ia_2' as never }));

    expect(asked).toEqual([
      'GET /fields',
      'GET /things?fields=z,a,b&page=1',
      'GET /things?fields=z,a,b&page=1',
      'GET /fields',
      'GET /things?fields=z,a,b&page=1',
      'GET /fields',
      'GET /things?fields=z,a,b&page=1',
    ]);
  });

  it('are found out once for all pieces of a list, which the listing of fields knows nothing of', async () => {
    const { all, asked } = pieceLister(
      {
        fields: FIELDS,
        things: things(
          { ...FROM, param: 'fields' },
          {
            path: '/things/{{params.kind}}',
            partitions: [{ param: 'kind', values: ['big', 'small'] }],
          },
        ),
      },
      (line) => (line === 'GET /fields' ? fields('a') : ids(1)),
    );

    await all('things');

    expect(asked).toEqual([
      'GET /fields',
      'GET /things/big?fields=a',
      'GET /things/small?fields=a',
    ]);
  });

  it('are asked for again where finding them out failed', async () => {
    const answers: Canned[] = [{ status: 500 }, fields('a'), ids(1)];
    const { page, asked } = pieceLister(
      { fields: FIELDS, things: things({ ...FROM, param: 'fields' }) },
      () => answers.shift()!,
    );

    await expect(page('things')).rejects.toMatchObject({ class: 'transient' });
    await page('things');

    expect(asked).toEqual(['GET /fields', 'GET /fields', 'GET /things?fields=a']);
  });

  it('are those that the caller names', async () => {
    const { page, asked } = pieceLister(
      { fields: FIELDS, things: things({ ...FROM, param: 'fields', chunk: 1 }) },
      () => ids(1),
    );

    await page('things', { query: { fields: 'x,y' } });

    expect(asked).toEqual(['GET /things?fields=x,y']);
  });
});

describe('fields in chunks', () => {
  const CHUNKED = { names: ['a', 'b', 'c'], param: 'fields', chunk: 2 };

  it('make one record, members of members as well', async () => {
    const lister = pieceLister({ things: things(CHUNKED) }, answered);

    expect(await values(lister)).toEqual([{ id: 1, props: { a: 'A', b: 'B', c: 'C' } }]);
    expect(lister.asked).toEqual(['GET /things?fields=a,b', 'GET /things?fields=c']);
  });

  it('are filtered and mapped as the whole record', async () => {
    const more = { filter: 'props.c = "C"', map: '{ "id": id, "ac": props.a & props.c }' };
    const lister = pieceLister({ things: things(CHUNKED, more) }, answered);

    expect(await values(lister)).toEqual([{ id: 1, ac: 'AC' }]);
  });

  it('keep what one chunk says of a record that another has not', async () => {
    const lister = pieceLister({ things: things(CHUNKED) }, (line) => ({
      body: {
        items: line.endsWith('=c')
          ? [
              { id: 2, c: 1 },
              { id: 3, c: 1 },
            ]
          : [
              { id: 1, a: 1 },
              { id: 2, a: 1 },
            ],
      },
    }));

    expect(await values(lister)).toEqual([
      { id: 1, a: 1 },
      { id: 2, a: 1, c: 1 },
      { id: 3, c: 1 },
    ]);
  });

  it('reject a record without an id', async () => {
    const lister = pieceLister({ things: things(CHUNKED) }, (line) => ({
      body: { items: line.endsWith('=c') ? [] : [{ a: 1 }] },
    }));

    expect(await values(lister)).toEqual([
      {
        kind: 'rejected',
        code: 'model_mismatch',
        message: 'the record has no id to join its parts by',
      },
    ]);
  });

  it('are filtered by time once joined, where the provider cannot', async () => {
    const incremental = { cursor: 'at', format: 'date', mode: 'client' };
    const { page } = pieceLister({ things: things(CHUNKED, { incremental }) }, (line) => ({
      body: {
        items: line.endsWith('=c')
          ? [{ id: 1 }, { id: 2 }]
          : [
              { id: 1, at: '2026-01-01' },
              { id: 2, at: '2026-03-01' },
            ],
      },
    }));

    const { records } = await page('things', { sinceMs: Date.parse('2026-02-01') });

    expect(records.map(({ ref }) => ref)).toEqual(['2']);
  });

  const byCursor = { pagination: { kind: 'cursor', param: 'at', cursor: 'body.next' } };

  it('go on at one place where all chunks do', async () => {
    const lister = pieceLister({ things: things(CHUNKED, byCursor) }, (line) =>
      line.includes('at=2') ? ids(2) : { body: { items: [{ id: 1 }], next: '2' } },
    );

    const [first] = await lister.pages('things');

    expect(first?.next).toEqual({ all: { at: '2', seen: [expect.any(String)] } });
    expect(lister.asked).toHaveLength(4);
  });

  it('go on each at its own place where the provider makes one for each', async () => {
    const lister = pieceLister({ things: things(CHUNKED, byCursor) }, (line) => {
      const chunk = line.includes('=c') ? 'c' : 'ab';
      if (line.includes('at=')) return ids(`2 ${line.slice(-4)}`);
      return { body: { items: [{ id: 1 }], next: `${chunk}2` } };
    });

    const [first] = await lister.pages('things');

    expect(first?.next).toMatchObject({ each: [{ at: 'ab2' }, { at: 'c2' }] });
    expect(lister.asked.slice(2)).toEqual([
      'GET /things?fields=a,b&at=ab2',
      'GET /things?fields=c&at=c2',
    ]);
  });

  it('go on with those that are not at their end', async () => {
    const lister = pieceLister({ things: things(CHUNKED, byCursor) }, (line) =>
      line.includes('=c') || line.includes('at=')
        ? ids(1)
        : { body: { items: [{ id: 1 }], next: '2' } },
    );

    await lister.pages('things');

    expect(lister.asked.slice(2)).toEqual(['GET /things?fields=a,b&at=2']);
  });

  it('start again where there are more chunks than there were', async () => {
    const { page, asked } = pieceLister({ things: things(CHUNKED, byCursor) }, () => ids(1));

    await page('things', { cursor: { each: [{ at: 'x', seen: [] }, null, null] } });

    expect(asked).toEqual(['GET /things?fields=a,b', 'GET /things?fields=c']);
  });

  it('do not take the cursor of another list', async () => {
    const { page } = pieceLister({ things: things(CHUNKED, byCursor) }, () => ids(1));

    await expect(page('things', { cursor: { at: 'x', seen: [] } })).rejects.toThrow(
      InvalidCursorError,
    );
  });

  it('can be asked for parent by parent', async () => {
    const { all, asked } = pieceLister(
      {
        users: { id: 'id', list: { path: '/users', records: 'body.items' } },
        things: things(CHUNKED, {
          path: '/users/{{params.user}}/things',
          partitions: [{ param: 'user', parent: 'users' }],
        }),
      },
      (line) => (line === 'GET /users' ? ids('u', 'v') : answered(line)),
    );

    expect(await all('things')).toEqual(['1', '1']);
    expect(asked).toHaveLength(5);
  });
});

describe('names that only the provider knows', () => {
  it('are listed for the caller, page by page', async () => {
    const { listPage, integration, clock, asked } = pieceLister(
      {
        types: {
          id: 'name',
          list: {
            path: '/types',
            records: 'body.items',
            pagination: { kind: 'page', param: 'page', size: { param: 'limit', value: 2 } },
          },
        },
        objects: {
          discovered: { from: 'types', name: 'name', param: 'type' },
          list: { path: '/objects/{{params.type}}', params: ['type'], records: 'body.items' },
        },
      },
      (line) => (line.endsWith('page=1') ? fields('cars', 'boats') : fields('cars')),
    );
    const listDiscovered = createListDiscovered(listPage(), clock);
    const call = { requestId: 'req-1', account: anAccount(), integration };

    expect(await listDiscovered(call, integration.resources['objects']!)).toEqual([
      'cars',
      'boats',
    ]);
    expect(await listDiscovered(call, integration.resources['types']!)).toEqual([]);
    expect(asked).toHaveLength(2);
  });
});
