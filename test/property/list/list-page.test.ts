import { Readable } from 'node:stream';
import fc from 'fast-check';
import type { OutboundRequest, SendHttp } from '../../../shared/http/http-message.ts';
import { Transient } from '../../../shared/kernel/transient.ts';
import type { ListedPage } from '../../../shared/list/list-call.ts';
import { createListPage } from '../../../shared/list/list-page.ts';
import { createCallProvider } from '../../../shared/provider/provider-client.ts';
import { aDeps, anAccount, anIntegration, NOW_MS } from '../../support/builders/an-integration.ts';

const ASKED = 7;
const SIZE = { size: { param: 'limit', value: ASKED } };
const KINDS = {
  page: { kind: 'page', param: 'page', more: 'body.next != null', ...SIZE },
  offset: {
    kind: 'offset',
    param: 'offset',
    more: 'page.offset + page.count < body.total',
    ...SIZE,
  },
  cursor: { kind: 'cursor', param: 'cursor', cursor: 'body.next', ...SIZE },
  cursor_in_header: { kind: 'cursor', param: 'cursor', in: 'header', cursor: 'body.next' },
  next_url: { kind: 'next_url', next: 'body.next_url', ...SIZE },
  link_header: { kind: 'link_header', ...SIZE },
  link_attribute: {
    kind: 'link_header',
    rel: 'onward',
    attribute: { name: 'cursor', param: 'cursor' },
    only_if: { attribute: 'results', equals: 'true' },
  },
  range: { kind: 'range', length: ASKED },
  expr: {
    kind: 'expr',
    init: "{ 'offset': 0 }",
    next: "page.offset + count < body.total ? { 'offset': page.offset + count }",
  },
};

interface Thing {
  readonly id: number;
  readonly atMs: number;
}

/** Where the caller wants to go on, by whichever of the ways it was told. */
function startOf({ url, headers }: OutboundRequest, cap: number): number {
  const asked = (name: string) => Number(url.searchParams.get(name) ?? 0);
  const page = url.searchParams.has('page') ? (asked('page') - 1) * cap : 0;
  const range = /^items=(\d+)-/.exec(headers['range'] ?? '')?.[1];
  const header = Number(headers['cursor'] ?? 0);
  return page + asked('offset') + asked('cursor') + header + Number(range ?? 0);
}

/** A provider of `held` that gives at most `cap` at a time, whatever it is asked for. */
function provider(held: readonly Thing[], cap: number): SendHttp {
  return async (request) => {
    const { searchParams } = request.url;
    const from = Number(searchParams.get('from') ?? 0);
    const to = Number(searchParams.get('to') ?? Number.MAX_SAFE_INTEGER);
    const fitting = held.filter(({ atMs }) => atMs >= from && atMs < to);
    const total = fitting.length;
    const start = startOf(request, cap);
    const things = fitting.slice(start, start + cap);
    const end = start + things.length;
    const next = end < total ? String(end) : null;
    const onward = `/v1/things?from=${from}&to=${to}&cursor=${end}`;
    const body = { things, total, next, next_url: next && onward };
    const always = `<${onward}>; rel="onward"; results="${next !== null}"; cursor="${end}"`;
    const link = next === null ? always : `${always}, <${onward}>; rel="next"`;
    const isRange = request.headers['range'] !== undefined;
    return {
      status: isRange ? (start < total ? 206 : 416) : 200,
      headers: {
        link,
        'content-range':
          things.length > 0 ? `items ${start}-${end - 1}/${total}` : `items */${total}`,
      },
      body: Transient.of(Readable.from([JSON.stringify(body)])),
    };
  };
}

const DAY_MS = 86_400_000;
const EARLIEST_MS = Date.parse('2026-02-01');

async function refsOf(list: object, held: readonly Thing[], cap: number): Promise<string[]> {
  const integration = anIntegration({
    resources: {
      things: {
        id: 'id',
        list: {
          path: '/things',
          query: { offset: { expr: 'page.offset' } },
          records: 'body.things',
          ...list,
        },
      },
    },
  });
  const resource = integration.resources['things']!;
  const deps = aDeps(provider(held, cap));
  const listPage = createListPage(createCallProvider(deps), deps.clock);
  const refs: string[] = [];
  let next: ListedPage['next'];
  let pages = 0;
  do {
    const page = await listPage({
      requestId: 'r',
      account: anAccount(),
      integration,
      resource,
      method: resource.methods['list']!,
      params: {},
      query: {},
      ...(next === undefined ? {} : { cursor: next }),
    });
    refs.push(...page.records.map(({ ref }) => ref ?? '?'));
    next = page.next === undefined ? undefined : JSON.parse(JSON.stringify(page.next));
    pages += 1;
  } while (next !== undefined && pages < 200);
  return refs;
}

describe.each(Object.entries(KINDS))('paging by %s', (kind, pagination) => {
  // Only kind expr looks the offset up; the others place theirs themselves.
  const query = kind === 'expr' ? {} : { query: {} };

  it('yields every record once, in order, and stops', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 40 }), fc.integer({ min: 1, max: 9 }), async (total, cap) => {
        const held = Array.from({ length: total }, (_, id) => ({ id, atMs: NOW_MS - 1 }));

        expect(await refsOf({ pagination, ...query }, held, cap)).toEqual(
          held.map(({ id }) => String(id)),
        );
      }),
    );
  });

  it('does so in windows of time, too', async () => {
    const incremental = {
      cursor: 'atMs',
      format: 'epoch_ms',
      since: { param: 'from' },
      until: { param: 'to' },
      window: 'P5D',
      earliest: '2026-02-01',
    };
    const days = fc.array(fc.integer({ min: 0, max: 27 }), {
      maxLength: 25,
    });
    await fc.assert(
      fc.asyncProperty(days, fc.integer({ min: 1, max: 9 }), async (spread, cap) => {
        const held = spread
          .toSorted((a, b) => a - b)
          .map((day, id) => ({ id, atMs: EARLIEST_MS + day * DAY_MS }));

        expect(await refsOf({ pagination, incremental, ...query }, held, cap)).toEqual(
          held.map(({ id }) => String(id)),
        );
      }),
      { numRuns: 40 },
    );
  });
});
