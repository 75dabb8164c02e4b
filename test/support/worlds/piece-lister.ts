/** Lists of an integration of many resources, from a provider that answers by path. */
import type { IntegratedAccount } from '../../../shared/account/integrated-account.ts';
import type { SendHttp } from '../../../shared/http/http-message.ts';
import type { Json } from '../../../shared/kernel/json.ts';
import type { ListCall, ListedPage } from '../../../shared/list/list-call.ts';
import { createListPage } from '../../../shared/list/list-page.ts';
import { createPiecewiseList } from '../../../shared/list/pieces/piecewise-list.ts';
import { createCallProvider } from '../../../shared/provider/provider-client.ts';
import {
  aDeps,
  anAccount,
  anIntegration,
  aSendHttp,
  type Canned,
  NOW_MS,
} from '../builders/an-integration.ts';

/** What the provider is asked: `GET /users?page=2`, and the body. */
export type Answers = (asked: string, body: string | undefined) => Canned;

const MOST_PAGES = 200;

export function pieceLister(resources: object, answers: Answers, parts: object = {}) {
  const asked: string[] = [];
  const send: SendHttp = async (request) => {
    const line = `${request.method} ${decodeURIComponent(request.url.href.replace('https://api.acme.com/v1', ''))}`;
    asked.push(line);
    const body = request.body?.reveal();
    return aSendHttp(answers(line, body === undefined ? undefined : String(body)))(request);
  };
  const integration = anIntegration({ resources, ...parts });
  const clock = drivenClock();
  const deps = { ...aDeps(send), clock };
  const callProvider = createCallProvider(deps);
  /** Another process: it remembers nothing. */
  const start = () =>
    createPiecewiseList(createListPage(callProvider, clock), { callProvider, clock });
  let listPage = start();
  const page = (
    name: string,
    more: Partial<ListCall> = {},
    account: IntegratedAccount = ACCOUNT,
  ): Promise<ListedPage> => {
    const resource = integration.resources[name]!;
    const method = resource.methods['list']!;
    return listPage({
      ...{ requestId: 'req-1', account, integration, resource, method, params: {}, query: {} },
      ...more,
    });
  };
  /** Pages to the end, as a sync does: the cursor goes through JSON. */
  const pages = async (name: string, more: Partial<ListCall> = {}) => {
    const found: ListedPage[] = [];
    let cursor: Json | undefined;
    while (found.length < MOST_PAGES) {
      const one = await page(name, { ...more, ...(cursor === undefined ? {} : { cursor }) });
      found.push(one);
      if (!one.next) return found;
      cursor = JSON.parse(JSON.stringify(one.next)) as Json;
    }
    throw new Error('the list has no end');
  };
  const all = async (name: string, more: Partial<ListCall> = {}) =>
    (await pages(name, more)).flatMap(({ records }) =>
      records.map((record) => record.ref ?? record.kind),
    );
  const restart = () => {
    listPage = start();
  };
  return { page, pages, all, asked, clock, restart, integration, listPage: () => listPage };
}

const ACCOUNT = anAccount();

/** Time passes while somebody sleeps. */
function drivenClock() {
  let nowMs = NOW_MS;
  return {
    now: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms;
    },
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

export const ids = (...all: (string | number)[]) => ({
  body: { items: all.map((id) => ({ id })) },
});
