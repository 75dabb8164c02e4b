import { NOW_MS } from '../../support/builders/an-integration.ts';
import { lister, things } from '../../support/worlds/lister.ts';

const AN_HOUR_AGO_MS = NOW_MS - 3_600_000;
const EMPTY = { body: { things: [] } };

describe('since and until', () => {
  it.each([
    ['http_date', 'Sun, 01 Mar 2026 11:00:00 GMT'],
    [{ picture: '[M01]/[D01]/[Y0001] [H01]:[m01]' }, '03/01/2026 11:00'],
  ])('are written as %j', async (format, expected) => {
    const since = { param: 'x-since', in: 'header' };
    const { page, sent } = lister({ incremental: { cursor: 'at', format, since } }, EMPTY);
    await page({ sinceMs: AN_HOUR_AGO_MS });

    expect(sent[0]?.headers['x-since']).toBe(expected);
  });

  it('go where the integration says, by template or expression', async () => {
    const { page, sent } = lister(
      {
        method: 'POST',
        incremental: {
          cursor: 'at',
          format: 'epoch_s',
          since: { param: 'filter.from', in: 'body' },
          until: { param: 'before', value: { expr: "until & ':' & conn.zone" } },
        },
      },
      EMPTY,
    );
    await page({ sinceMs: AN_HOUR_AGO_MS });

    expect(sent[0]?.body).toBe('{"filter":{"from":"1772362800"}}');
    expect(new URL(sent[0]!.url).searchParams.get('before')).toBe('1772366400:');
  });

  it('are looked up by the path, the query and the body of the method itself', async () => {
    const { page, sent } = lister(
      {
        method: 'POST',
        path: '/things/{{since}}',
        query: { q: { expr: "'changed >= ' & since & ' and changed < ' & until" } },
        body: { from: '{{since}}' },
        incremental: { cursor: 'at', format: 'date' },
      },
      EMPTY,
    );
    await page({ sinceMs: NOW_MS - 86_400_000 });

    expect(sent[0]?.url).toBe(
      'https://api.acme.com/v1/things/2026-02-28?q=changed+%3E%3D+2026-02-28+and+changed+%3C+2026-03-01',
    );
    expect(sent[0]?.body).toBe('{"from":"2026-02-28"}');
  });

  it.each([
    ['nobody asks for what changed', {}],
    ['the epoch is to be left out', { sinceMs: 0 }],
  ])('are absent where %s', async (_what, call) => {
    const { page, asked } = lister(
      {
        query: { q: { expr: "$exists(since) or $exists(until) ? 'changed' : 'all'" } },
        incremental: {
          cursor: 'at',
          format: 'date',
          since: { param: 'from' },
          until: { param: 'to' },
          omit_at_epoch: true,
        },
      },
      EMPTY,
    );
    await page(call);

    expect(asked()).toEqual(['/things?q=all']);
  });

  it('stay the same for all pages of the list', async () => {
    const { page, asked } = lister(
      {
        incremental: {
          cursor: 'at',
          format: 'epoch_ms',
          since: { param: 'from' },
          until: { param: 'to' },
        },
        pagination: { kind: 'cursor', cursor: 'body.next', param: 'after' },
      },
      { body: { things: things(1), next: 'c' } },
      EMPTY,
    );
    const first = await page({ sinceMs: NOW_MS - 5 });

    expect(first.next).toMatchObject({
      span: { fromMs: NOW_MS - 5, toMs: NOW_MS, untilMs: NOW_MS },
    });
    // Whoever goes on later asks for the time that the first page asked for.
    const later = { fromMs: 1, toMs: 2, untilMs: 2 };
    await page({ sinceMs: NOW_MS - 5, cursor: { ...first.next!, span: later } });
    expect(asked()).toEqual([
      `/things?from=${NOW_MS - 5}&to=${NOW_MS}`,
      '/things?from=1&to=2&after=c',
    ]);
  });

  it('are asked for by a cursor from before they were kept', async () => {
    const { page, asked } = lister(
      {
        incremental: { cursor: 'at', format: 'epoch_ms', since: { param: 'from' } },
        pagination: { kind: 'cursor', cursor: 'body.next', param: 'after' },
      },
      EMPTY,
    );
    await page({ sinceMs: 5, cursor: { at: 'c', seen: ['abc'] } });

    expect(asked()).toEqual(['/things?from=5&after=c']);
  });
});

describe('windows', () => {
  const WINDOWS = {
    incremental: {
      cursor: 'at',
      format: 'date',
      since: { param: 'from' },
      until: { param: 'to' },
      window: 'P10D',
      earliest: '2026-02-01',
    },
  };

  it('are walked one after the other, the empty ones too, from the earliest to now', async () => {
    const { all, asked } = lister(WINDOWS, { body: { things: things(1) } }, EMPTY, {
      body: { things: things(2) },
    });

    expect(await all({ sinceMs: 0 })).toEqual(['1', '2']);
    expect(asked()).toEqual([
      '/things?from=2026-02-01&to=2026-02-11',
      '/things?from=2026-02-11&to=2026-02-21',
      '/things?from=2026-02-21&to=2026-03-01',
    ]);
  });

  it('are walked for a plain list, which the provider gives in no other way', async () => {
    const { all, asked } = lister(WINDOWS, EMPTY);
    await all();

    expect(asked()).toHaveLength(3);
  });

  it('begin at since, looked back, but never before the earliest', async () => {
    const { all, asked } = lister(
      { incremental: { ...WINDOWS.incremental, lookback: 'P1D' } },
      EMPTY,
    );
    await all({ sinceMs: Date.parse('2026-02-26T12:00:00Z') });

    expect(asked()).toEqual(['/things?from=2026-02-25&to=2026-03-01']);
  });

  it('begin so long ago, where the provider keeps no more', async () => {
    const { all, asked } = lister(
      { incremental: { ...WINDOWS.incremental, earliest: 'P11D' } },
      EMPTY,
    );
    await all();

    expect(asked()).toEqual([
      '/things?from=2026-02-18&to=2026-02-28',
      '/things?from=2026-02-28&to=2026-03-01',
    ]);
  });

  it('have pages of their own', async () => {
    const { all, asked } = lister(
      {
        incremental: { ...WINDOWS.incremental, window: 'P20D' },
        pagination: { kind: 'page', param: 'page', size: { param: 'size', value: 2 } },
      },
      { body: { things: things(1, 2) } },
      { body: { things: things(3) } },
      { body: { things: things(4) } },
    );

    expect(await all()).toEqual(['1', '2', '3', '4']);
    expect(asked()).toEqual([
      '/things?from=2026-02-01&to=2026-02-21&size=2&page=1',
      '/things?from=2026-02-01&to=2026-02-21&size=2&page=2',
      '/things?from=2026-02-21&to=2026-03-01&size=2&page=1',
    ]);
  });

  it('do not take the same records twice for a circle', async () => {
    const { all } = lister(
      { ...WINDOWS, pagination: { kind: 'offset', param: 'skip', size: { param: 'n', value: 1 } } },
      { body: { things: things(1) } },
      EMPTY,
      { body: { things: things(1) } },
      EMPTY,
      EMPTY,
    );

    expect(await all()).toEqual(['1', '1']);
  });

  it('go on after one that the provider has nothing for', async () => {
    const { all } = lister(
      { ...WINDOWS, errors: [{ when: 'status = 404', class: 'ignore' }] },
      { status: 404 },
      { body: { things: things(1) } },
      EMPTY,
    );

    expect(await all()).toEqual(['1']);
  });
});

describe('a feed, newest first', () => {
  const FEED = {
    incremental: { cursor: 'at', format: 'iso8601', mode: 'feed' },
    pagination: { kind: 'cursor', cursor: 'body.next', param: 'after' },
  };
  const at = (id: number, time: string) => ({ id, at: `2026-03-01T${time}:00Z` });

  it('ends with the page that comes to what is older, and leaves that out', async () => {
    const { all, asked } = lister(
      FEED,
      { body: { things: [at(4, '11:50'), at(3, '11:40')], next: 'b' } },
      { body: { things: [at(2, '11:10'), at(1, '10:59')], next: 'c' } },
    );

    expect(await all({ sinceMs: AN_HOUR_AGO_MS })).toEqual(['4', '3', '2']);
    expect(asked()).toEqual(['/things', '/things?after=b']);
  });

  it('looks back as far as the integration says', async () => {
    const { all } = lister(
      { ...FEED, incremental: { ...FEED.incremental, lookback: 'PT2M' } },
      { body: { things: [at(2, '10:59'), at(1, '10:57')], next: 'c' } },
    );

    expect(await all({ sinceMs: AN_HOUR_AGO_MS })).toEqual(['2']);
  });

  it('is read to its end where nobody asks for what changed', async () => {
    const { all } = lister(
      FEED,
      { body: { things: [at(1, '10:00')], next: 'b' } },
      { body: { things: [at(2, '09:00')] } },
    );

    expect(await all()).toEqual(['1', '2']);
  });

  it('goes on past a last record whose time cannot be read', async () => {
    const { all } = lister(
      FEED,
      { body: { things: [{ id: 1 }], next: 'b' } },
      { body: { things: [at(2, '09:00')] } },
    );

    expect(await all({ sinceMs: AN_HOUR_AGO_MS })).toEqual(['1']);
  });
});

describe('our own filter', () => {
  it('reads times by the picture, and in whole days where it tells no more', async () => {
    const format = { picture: '[D01].[M01].[Y0001]' };
    const { all } = lister(
      { incremental: { cursor: 'at', format, mode: 'client' } },
      {
        body: {
          things: [
            { id: 1, at: '28.02.2026' },
            { id: 2, at: '01.03.2026' },
            { id: 3, at: 'yesterday' },
          ],
        },
      },
    );

    expect(await all({ sinceMs: NOW_MS })).toEqual(['2', '3']);
  });

  it('sees the parent of the record, which may be what tells the time', async () => {
    const { all } = lister(
      { incremental: { cursor: '$parent.at', format: 'iso8601', mode: 'client' } },
      { body: { things: [{ id: 1 }] } },
    );
    const of = (at: string) => ({ sinceMs: NOW_MS, scope: { parent: { at } } });

    expect(await all(of('2026-03-01T11:59:59Z'))).toEqual([]);
    expect(await all(of('2026-03-01T12:00:01Z'))).toEqual(['1']);
  });
});
