/**
 * A provider that costs next to nothing: the sandbox's tickets, cursor paging and wire shape, with
 * every page made before it is asked for. Runs in a process of its own.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeSandboxData } from '../../local/sandbox/data.ts';
import { serveParent } from './child.ts';
import { PAGE_RECORDS } from './scenario.ts';

const HEADERS = {
  'content-type': 'application/json',
  'x-ratelimit-limit': '1000000',
  'x-ratelimit-remaining': '999999',
  'x-ratelimit-reset': '4102444800',
};

let pages: readonly Buffer[] = [];
let latencyMs = 0;

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://provider');
  const page = pages[Number(url.searchParams.get('cursor') ?? 0)];
  const answer = () => {
    response.writeHead(page ? 200 : 404, { ...HEADERS, 'content-length': page?.length ?? 0 });
    response.end(page);
  };
  if (latencyMs > 0) setTimeout(answer, latencyMs);
  else answer();
});
server.keepAliveTimeout = 60_000;

function makePages(records: number): readonly Buffer[] {
  const { tickets } = makeSandboxData(1, { tickets: records, comments: 0 });
  const count = Math.ceil(records / PAGE_RECORDS);
  return Array.from({ length: count }, (_, at) => {
    const next = at + 1 < count ? String(at + 1) : null;
    return Buffer.from(
      JSON.stringify({
        tickets: tickets.slice(at * PAGE_RECORDS, (at + 1) * PAGE_RECORDS),
        meta: { has_more: next !== null, next_cursor: next },
      }),
    );
  });
}

const api = {
  /** Resolves to the provider's origin. */
  listen: async (_: null): Promise<string> => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  },
  /** What it holds from now on, and how long each answer takes. */
  hold: (given: { readonly records: number; readonly latencyMs: number }): void => {
    if (pages.length !== Math.ceil(given.records / PAGE_RECORDS)) pages = makePages(given.records);
    latencyMs = given.latencyMs;
  },
};

export type ProviderApi = typeof api;
serveParent(api);
