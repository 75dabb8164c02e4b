/** The request for one page of a list: what the integration declares, and where the list stands. */
import { loggedFreeUrl } from '../http/redact.ts';
import { urlWordsOf } from '../integration/document/url-words.ts';
import type { Method } from '../integration/method/plan.ts';
import type { Pagination } from '../integration/paging/plan.ts';
import type { Scope } from '../integration/template/scope.ts';
import { type BuiltRequest, buildRequest, type Placed } from '../provider/build-request.ts';
import type { ListCall } from './list-call.ts';
import type { PageAsk, PageScope } from './paging/kind.ts';
import { InvalidCursorError } from './paging/state.ts';
import { instantParams } from './since.ts';
import type { Instants } from './span.ts';

export interface PlacedPage {
  readonly ask: PageAsk;
  readonly instants: Instants;
  readonly isFirst: boolean;
}

/** @throws InvalidCursorError where the cursor leads to a host that is not allowed */
export function buildPageRequest(call: ListCall, place: PlacedPage): BuiltRequest {
  const { integration, method, account, params } = call;
  const { ask, instants, isFirst } = place;
  const { pagination } = method;
  const scope: Scope = {
    ...call.scope,
    ...instants,
    id: params['id'],
    params,
    page: requestPage(method, ask),
  };
  const instantScope = { ...scope, conn: account.connection };
  const placed: Placed[] = [...instantParams(method.incremental, instantScope)];
  if (pagination.kind !== 'none' && pagination.size) placed.push(pagination.size);
  if (ask.token) placed.push(ask.token);
  const omitted = isFirst || pagination.kind === 'none' ? [] : pagination.firstPageOnly;
  const built = buildRequest({
    integration,
    method,
    account,
    scope,
    query: call.query,
    placed: placed.filter(({ param }) => !omitted.includes(param)),
    omit: omitted,
  });
  return ask.url ? atUrl(call, built, ask.url) : built;
}

function atUrl(call: ListCall, built: BuiltRequest, url: URL): BuiltRequest {
  const { integration, account } = call;
  if (!integration.allowsHost(url, account.connection)) {
    throw new InvalidCursorError('the cursor leads to a host that is not allowed');
  }
  const logged = loggedFreeUrl(url, built.basePath, urlWordsOf(integration));
  return { ...built, url, loggedUrl: logged };
}

/** What expressions on the answer see as `page`. */
export function pageScope({ pagination }: Method, ask: PageAsk): PageScope {
  if (pagination.kind === 'none' || pagination.kind === 'expr' || !pagination.size) return ask.page;
  return { ...ask.page, size: pagination.size.value };
}

/** `in: path` fills `{{page.<param>}}` of the method's path; empty where there is no token yet. */
function requestPage(method: Method, ask: PageAsk): PageScope {
  const token = tokenOf(method.pagination);
  const page = pageScope(method, ask);
  return token?.in === 'path' ? { ...page, [token.param]: ask.token?.value ?? '' } : page;
}

function tokenOf(pagination: Pagination) {
  if (pagination.kind === 'link_header') return pagination.attribute?.token;
  return 'token' in pagination ? pagination.token : undefined;
}
