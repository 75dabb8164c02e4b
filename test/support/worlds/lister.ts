/** Lists `things` of an integration, from a provider that answers as a test says. */

import type { ListCall, ListedPage } from '../../../shared/list/list-call.ts';
import { createListPage } from '../../../shared/list/list-page.ts';
import { createCallProvider } from '../../../shared/provider/provider-client.ts';
import {
  aCredentialSource,
  aDeps,
  anAccount,
  anIntegration,
  aSendHttp,
  type Canned,
} from '../builders/an-integration.ts';

export const things = (...ids: number[]) => ids.map((id) => ({ id }));

/** Pages that a list of a test has at most: more is a list without an end. */
const MOST_PAGES = 30;

/**
 * `things` declared as `list`, from a provider that answers `answers` in order. `integration` is
 * what else the integration declares.
 */
export function lister(list: object, ...answers: readonly Canned[]) {
  return listerOf({}, list, ...answers);
}

export function listerOf(parts: object, list: object, ...answers: readonly Canned[]) {
  const send = aSendHttp(...answers);
  const integration = anIntegration({
    resources: { things: { id: 'id', list: { path: '/things', records: 'body.things', ...list } } },
    ...parts,
  });
  const resource = integration.resources['things']!;
  const deps = aDeps(send, aCredentialSource({ token: 'old' }, { token: 'new' }));
  const listPage = createListPage(createCallProvider(deps), deps.clock);
  const page = (more: Partial<ListCall> = {}): Promise<ListedPage> =>
    listPage({
      requestId: 'req-1',
      account: anAccount(),
      integration,
      resource,
      method: resource.methods['list']!,
      params: {},
      query: {},
      ...more,
    });
  /** Pages to the end, as a sync does: the cursor goes through JSON. */
  const pages = async (more: Partial<ListCall> = {}) => {
    const found: ListedPage[] = [];
    let cursor: ListCall['cursor'];
    while (found.length < MOST_PAGES) {
      const one = await page({ ...more, ...(cursor === undefined ? {} : { cursor }) });
      found.push(one);
      if (!one.next) break;
      cursor = JSON.parse(JSON.stringify(one.next));
    }
    return found;
  };
  const all = async (more: Partial<ListCall> = {}) =>
    (await pages(more)).flatMap(({ records }) => records.map(({ ref }) => ref ?? '?'));
  const asked = () => send.sent.map(({ url }) => url.replace('https://api.acme.com/v1', ''));
  return { page, pages, all, asked, sent: send.sent };
}
