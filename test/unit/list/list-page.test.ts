import { InvalidCursorError } from '../../../shared/list/paging/state.ts';
import { ProviderError } from '../../../shared/wire/provider-errors.ts';
import { NOW_MS } from '../../support/builders/an-integration.ts';
import { lister, things } from '../../support/worlds/lister.ts';

const LIMIT = { size: { param: 'limit', value: 2 } };

describe('paging by page number', () => {
  const PAGES = { pagination: { kind: 'page', param: 'page', ...LIMIT } };

  it('ends at the first page that is not full', async () => {
    const { all, asked } = lister(
      PAGES,
      { body: { things: things(1, 2) } },
      { body: { things: things(3) } },
    );

    expect(await all()).toEqual(['1', '2', '3']);
    expect(asked()).toEqual(['/things?limit=2&page=1', '/things?limit=2&page=2']);
  });

  it('goes on past a page that is not full where the provider says so', async () => {
    const { all } = lister(
      { pagination: { ...PAGES.pagination, more: 'body.page < body.pages' } },
      { body: { things: things(1), page: 1, pages: 2 } },
      { body: { things: things(2), page: 2, pages: 2 } },
    );

    expect(await all()).toEqual(['1', '2']);
  });

  it('goes on past empty pages where the provider says so, but not for ever', async () => {
    const more = { pagination: { ...PAGES.pagination, more: 'body.more' } };
    const empty = { body: { things: [], more: true } };
    const { all } = lister(more, empty, empty, empty, { body: { things: things(1), more: false } });

    expect(await all()).toEqual(['1']);
    await expect(lister(more, empty).all()).rejects.toMatchObject({
      provider: { message: 'the list turned in a circle' },
    });
  });

  it('tells pages of records without ids apart', async () => {
    const full = (...names: string[]) => ({ body: { things: names.map((name) => ({ name })) } });
    const { pages } = lister(PAGES, full('a', 'b'), full('c', 'd'), full('e'));

    expect(await pages()).toHaveLength(3);
    await expect(lister(PAGES, full('a', 'b')).pages()).rejects.toThrow(ProviderError);
  });

  it('finds out a provider that ignores the page number', async () => {
    const { all } = lister(PAGES, { body: { things: things(1, 2) } });

    await expect(all()).rejects.toMatchObject({
      provider: { message: 'the list turned in a circle' },
    });
  });

  it('starts where the integration says', async () => {
    const { all, asked } = lister(
      { pagination: { ...PAGES.pagination, start: 0 } },
      { body: { things: [] } },
    );
    await all();

    expect(asked()).toEqual(['/things?limit=2&page=0']);
  });
});

describe('paging by offset', () => {
  const OFFSET = { pagination: { kind: 'offset', param: 'offset', ...LIMIT } };

  it('moves on by what came, for sizes are capped without a word', async () => {
    const { all, asked } = lister(
      { pagination: { ...OFFSET.pagination, more: 'page.offset + page.count < body.total' } },
      { body: { things: things(1), total: 3 } },
      { body: { things: things(2), total: 3 } },
      { body: { things: things(3), total: 3 } },
    );

    expect(await all()).toEqual(['1', '2', '3']);
    expect(asked()).toEqual([
      '/things?limit=2&offset=0',
      '/things?limit=2&offset=1',
      '/things?limit=2&offset=2',
    ]);
  });

  it('ends at an empty page, whatever the total says', async () => {
    const { all } = lister(
      { pagination: { ...OFFSET.pagination, more: 'page.offset + page.count < body.total' } },
      { body: { things: things(1, 2), total: 9 } },
      { body: { things: [], total: 9 } },
    );

    expect(await all()).toEqual(['1', '2']);
  });
});

describe('paging by cursor', () => {
  const CURSOR = { pagination: { kind: 'cursor', param: 'after', cursor: 'body.next' } };
  const FLAGGED = { pagination: { ...CURSOR.pagination, more: 'body.has_more' } };

  it('follows the cursor until there is none', async () => {
    const { all, asked } = lister(
      CURSOR,
      { body: { things: things(1), next: 'c d' } },
      { body: { things: things(2), next: null } },
    );

    expect(await all()).toEqual(['1', '2']);
    expect(asked()).toEqual(['/things', '/things?after=c+d']);
  });

  it('goes on past an empty page that has a cursor', async () => {
    const { all } = lister(
      CURSOR,
      { body: { things: [], next: 'c' } },
      { body: { things: things(1) } },
    );

    expect(await all()).toEqual(['1']);
  });

  it('ends where the flag is false, though there is a cursor', async () => {
    const { all } = lister(FLAGGED, { body: { things: things(1), next: 'c', has_more: false } });

    expect(await all()).toEqual(['1']);
  });

  it.each([
    ['is missing', { next: 'c' }],
    ['is null', { next: 'c', has_more: null }],
    ['is a text', { next: 'c', has_more: 'true' }],
  ])('fails where the flag %s', async (_what, body) => {
    const { all } = lister(FLAGGED, { body: { things: things(1), ...body } });

    await expect(all()).rejects.toMatchObject({
      code: 'provider_error',
      class: 'config',
      provider: { message: '`more` is not true or false' },
    });
  });

  it('does without a flag that is declared optional', async () => {
    const { all } = lister(
      { pagination: { ...FLAGGED.pagination, more_optional: true } },
      { body: { things: things(1), next: 'c' } },
      { body: { things: things(2) } },
    );

    expect(await all()).toEqual(['1', '2']);
  });

  it('fails where there is more and no cursor', async () => {
    const { all } = lister(FLAGGED, { body: { things: things(1), has_more: true } });

    await expect(all()).rejects.toThrow(ProviderError);
  });

  it('finds out a cursor that repeats', async () => {
    const { all } = lister(CURSOR, { body: { things: things(1), next: 'c' } });

    await expect(all()).rejects.toMatchObject({
      provider: { message: 'the list turned in a circle' },
    });
  });

  it('finds out a circle of several cursors', async () => {
    const { all } = lister(
      CURSOR,
      { body: { things: things(1), next: 'a' } },
      { body: { things: things(2), next: 'b' } },
      { body: { things: things(3), next: 'a' } },
    );

    await expect(all()).rejects.toThrow(ProviderError);
  });

  it.each([
    ['body', { method: 'POST', body: { q: 'x' } }],
    ['header', {}],
    ['path', { path: '/things/after/{{page.after}}' }],
  ])('puts the cursor into the %s', async (place, method) => {
    const { all, sent } = lister(
      { pagination: { ...CURSOR.pagination, in: place }, ...method },
      { body: { things: things(1), next: 'c' } },
      { body: { things: [] } },
    );
    await all();
    const second = sent[1]!;

    expect([second.body, second.headers['after'], second.url]).toEqual(
      {
        body: ['{"q":"x","after":"c"}', undefined, 'https://api.acme.com/v1/things'],
        header: [undefined, 'c', 'https://api.acme.com/v1/things'],
        path: [undefined, undefined, 'https://api.acme.com/v1/things/after/c'],
      }[place],
    );
  });

  it('asks with some parameters for the first page only', async () => {
    const { all, asked } = lister(
      {
        query: { since: 'x', a: '1' },
        pagination: { ...CURSOR.pagination, first_page_only: ['since'] },
      },
      { body: { things: things(1), next: 'c' } },
      { body: { things: things(2) } },
    );
    await all();

    expect(asked()).toEqual(['/things?since=x&a=1', '/things?a=1&after=c']);
  });

  it.each([[{ at: true, seen: [] }], ['c'], [{ at: 'c' }], [{ at: 'c', seen: [], more: 1 }]])(
    'refuses %p, which is no cursor of ours',
    async (cursor) => {
      await expect(lister(CURSOR, {}).page({ cursor })).rejects.toThrow(InvalidCursorError);
    },
  );
});

describe('paging by a URL in the body', () => {
  const NEXT = { pagination: { kind: 'next_url', next: 'body.next', ...LIMIT } };

  it.each(['https://api.acme.com/v1/things?limit=2&p=2', '/v1/things?limit=2&p=2', '?limit=2&p=2'])(
    'follows %s',
    async (next) => {
      const { all, asked } = lister(
        NEXT,
        { body: { things: things(1), next } },
        { body: { things: things(2) } },
      );

      expect(await all()).toEqual(['1', '2']);
      expect(asked()).toEqual(['/things?limit=2', '/things?limit=2&p=2']);
    },
  );

  it.each([
    'https://evil.com/things',
    '//evil.com/things',
    'http://api.acme.com/v1/things',
    'https://api.acme.com:8443/v1/things',
    'https://api.acme.com.evil.com/',
    'javascript:alert(1)',
  ])('does not carry the credential to %s', async (next) => {
    const { all, asked } = lister(NEXT, { body: { things: things(1), next } });

    await expect(all()).rejects.toMatchObject({
      provider: { message: 'the next page is at another origin' },
    });
    expect(asked()).toHaveLength(1);
  });

  it('refuses a stored URL whose host is not allowed any more', async () => {
    await expect(
      lister(NEXT, {}).page({ cursor: { at: 'https://evil.com/', seen: [] } }),
    ).rejects.toThrow(InvalidCursorError);
  });
});

describe('paging by Link header', () => {
  const LINK = { pagination: { kind: 'link_header' } };

  it('follows rel=next until there is none', async () => {
    const { all, asked } = lister(
      LINK,
      {
        body: { things: things(1) },
        headers: {
          link: '<https://api.acme.com/v1/things?p=0>; rel="prev", <https://api.acme.com/v1/things?p=2>; rel="next"',
        },
      },
      {
        body: { things: things(2) },
        headers: { link: '<https://api.acme.com/v1/things?p=1>; rel="prev"' },
      },
    );

    expect(await all()).toEqual(['1', '2']);
    expect(asked()).toEqual(['/things', '/things?p=2']);
  });

  it('does not follow a link to another origin', async () => {
    const { all } = lister(LINK, {
      body: { things: things(1) },
      headers: { link: '<https://evil.com/>; rel="next"' },
    });

    await expect(all()).rejects.toThrow(ProviderError);
  });
});

describe('records', () => {
  it('are a list though the expression yields a lone record', async () => {
    const { all } = lister(
      { records: 'body.things[open]' },
      { body: { things: [{ id: 1, open: true }, { id: 2 }] } },
    );

    expect(await all()).toEqual(['1']);
  });

  it.each([
    ['are not where the integration says', { body: { items: [] } }],
    ['are null', { body: { things: null } }],
    ['are in no JSON at all', {}],
  ])('fail the page where they %s', async (_what, answer) => {
    await expect(lister({}, answer).all()).rejects.toMatchObject({ class: 'config', status: 502 });
  });

  it('are filtered after paging has looked at the raw page', async () => {
    const { all } = lister(
      { filter: 'id > 2', pagination: { kind: 'page', param: 'page', ...LIMIT } },
      { body: { things: things(1, 2) } },
      { body: { things: things(3) } },
    );

    expect(await all()).toEqual(['3']);
  });

  it('are mapped with the parameters of the call', async () => {
    const { page } = lister(
      { map: '$merge([$, { "parent": $params.p }])' },
      { body: { things: things(1) } },
    );
    const [record] = (await page({ params: { p: '7' } })).records;

    expect(record).toMatchObject({ kind: 'record', ref: '1' });
    expect(record?.kind === 'record' && record.value.reveal()).toEqual({ id: 1, parent: '7' });
  });

  it('are rejected one by one where an expression fails on them', async () => {
    const { page } = lister(
      { filter: '$number(n) > 0' },
      {
        body: {
          things: [
            { id: 1, n: '1' },
            { id: 2, n: 'x' },
          ],
        },
      },
    );

    expect((await page()).records).toEqual([
      expect.objectContaining({ kind: 'record', ref: '1' }),
      {
        kind: 'rejected',
        ref: '2',
        code: 'mapping_failed',
        message: "the integration's expression failed on the record (D3030)",
      },
    ]);
  });

  it('are rejected where they are no objects', async () => {
    const { page } = lister({}, { body: { things: ['x'] } });

    expect((await page()).records).toEqual([
      { kind: 'rejected', code: 'model_mismatch', message: 'the record is no object' },
    ]);
  });
});

describe('what changed since', () => {
  const SERVER = { cursor: 'updated_at', since: { param: 'updated_since' } };

  it.each([
    ['iso8601', '2026-03-01T12%3A00%3A00.000Z'],
    ['iso8601_seconds', '2026-03-01T12%3A00%3A00Z'],
    ['epoch_s', '1772366400'],
    ['epoch_ms', '1772366400000'],
    ['date', '2026-03-01'],
  ])('is asked of the provider as %s', async (format, expected) => {
    const { page, asked } = lister(
      { incremental: { ...SERVER, format } },
      { body: { things: [] } },
    );
    await page({ sinceMs: NOW_MS });

    expect(asked()).toEqual([`/things?updated_since=${expected}`]);
  });

  it('is rounded down to what the provider can tell', async () => {
    const { page, asked } = lister(
      { incremental: { ...SERVER, format: 'epoch_s' } },
      { body: { things: [] } },
    );
    await page({ sinceMs: NOW_MS + 999 });

    expect(asked()).toEqual(['/things?updated_since=1772366400']);
  });

  it('is put into a text of the provider’s own', async () => {
    const since = { param: 'updated_on', value: '>={{since}}' };
    const { page, asked } = lister(
      { incremental: { ...SERVER, since, format: 'date' } },
      { body: { things: [] } },
    );
    await page({ sinceMs: NOW_MS });

    expect(asked()).toEqual(['/things?updated_on=%3E%3D2026-03-01']);
  });

  it('is not asked at the epoch where the integration leaves it out', async () => {
    const { page, asked } = lister(
      { incremental: { ...SERVER, format: 'iso8601', omit_at_epoch: true } },
      { body: { things: [] } },
    );
    await page({ sinceMs: 0 });

    expect(asked()).toEqual(['/things']);
  });

  it('looks back as far as the integration says', async () => {
    const { page, asked } = lister(
      { incremental: { ...SERVER, format: 'epoch_s', lookback: 'PT1M' } },
      { body: { things: [] } },
    );
    await page({ sinceMs: NOW_MS });

    expect(asked()).toEqual(['/things?updated_since=1772366340']);
  });

  it('is filtered by us where the provider cannot, and keeps what has no time', async () => {
    const { page } = lister(
      { incremental: { cursor: 'at', format: 'iso8601', mode: 'client' } },
      {
        body: {
          things: [
            { id: 1, at: '2026-03-01T11:59:59Z' },
            { id: 2, at: '2026-03-01T12:00:00Z' },
            { id: 3, at: '2026-03-01T12:00:01Z' },
            { id: 4 },
            { id: 5, at: 'soon' },
          ],
        },
      },
    );
    // Half a second past: the record of that same second may have changed after it.
    const { records } = await page({ sinceMs: NOW_MS + 500 });

    expect(records.map(({ ref }) => ref)).toEqual(['2', '3', '4', '5']);
  });
});
