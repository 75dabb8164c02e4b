import { Readable } from 'node:stream';
import fc from 'fast-check';
import type { SendHttp } from '../../../shared/http/http-message.ts';
import { Transient } from '../../../shared/kernel/transient.ts';
import { createListPage, type ListedPage } from '../../../shared/proxy/list-page.ts';
import { createCallProvider } from '../../../shared/proxy/provider-client.ts';
import { aDeps, anAccount, anIntegration } from '../../support/an-integration.ts';

const SIZE = { size: { param: 'limit', value: 7 } };
const KINDS = {
  page: { kind: 'page', param: 'page', more: 'body.next != null', ...SIZE },
  offset: {
    kind: 'offset',
    param: 'offset',
    more: 'page.offset + page.count < body.total',
    ...SIZE,
  },
  cursor: { kind: 'cursor', param: 'cursor', cursor: 'body.next', ...SIZE },
  next_url: { kind: 'next_url', next: 'body.next_url', ...SIZE },
};

/** A provider of `total` things that gives at most `cap` at a time, whatever it is asked for. */
function provider(total: number, cap: number): SendHttp {
  return async ({ url }) => {
    const asked = (name: string) => Number(url.searchParams.get(name) ?? 0);
    const page = url.searchParams.has('page') ? (asked('page') - 1) * cap : 0;
    const start = page + asked('offset') + asked('cursor');
    const count = Math.max(0, Math.min(cap, total - start));
    const end = start + count;
    const next = end < total ? String(end) : null;
    const things = Array.from({ length: count }, (_, index) => ({ id: start + index }));
    const body = { things, total, next, next_url: next && `/v1/things?cursor=${next}` };
    return { status: 200, headers: {}, body: Transient.of(Readable.from([JSON.stringify(body)])) };
  };
}

it.each(Object.entries(KINDS))(
  'paging by %s yields every record once, in order',
  async (_kind, pagination) => {
    const integration = anIntegration({
      resources: {
        things: { id: 'id', list: { path: '/things', records: 'body.things', pagination } },
      },
    });
    const resource = integration.resources['things']!;
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 40 }), fc.integer({ min: 1, max: 9 }), async (total, cap) => {
        const listPage = createListPage(createCallProvider(aDeps(provider(total, cap))));
        const refs: (string | undefined)[] = [];
        let next: ListedPage['next'];
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
          refs.push(...page.records.map(({ ref }) => ref));
          next = page.next;
        } while (next !== undefined);

        expect(refs).toEqual(Array.from({ length: total }, (_, index) => String(index)));
      }),
    );
  },
);
