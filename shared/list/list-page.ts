/**
 * One page of one of an integration's resources: asked for, checked, cut into records.
 *
 * Whether there is another page is decided on the raw page, before any record is filtered. After the
 * last page of one window of time comes the first of the next.
 *
 * Errors  those of CallProvider; ProviderError where the answer has no list; InvalidCursorError
 */
import type { Resource } from '../integration/method/plan.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CallProvider } from '../provider/provider-client.ts';
import type { Answer } from '../wire/decode/answer.ts';
import { ProviderError } from '../wire/provider-errors.ts';
import type { ListCall, ListedPage, ListPage } from './list-call.ts';
import { bindingsOf, idOf, rawRecords, toListed } from './listed-records.ts';
import { buildPageRequest, pageScope } from './page-request.ts';
import type { PageAsk } from './paging/kind.ts';
import { paginator } from './paging/paginator.ts';
import { emptiesAfter, type PageState, pageStateJson, parsePageState } from './paging/state.ts';
import { feedEnds } from './since.ts';
import { firstSpan, instantsOf, nextSpan, type Span } from './span.ts';

/** Where a list stands when a page is asked for. */
interface Standing {
  readonly state: PageState | undefined;
  readonly span: Span | undefined;
}

export function createListPage(callProvider: CallProvider, clock: Clock): ListPage {
  return async (call) => {
    const state = call.cursor === undefined ? undefined : parsePageState(call.cursor);
    const { incremental } = call.method;
    const span = state?.span ?? firstSpan(incremental, call.sinceMs, clock.now());
    try {
      return await readPage(callProvider, call, { state, span });
    } catch (error) {
      const begun = isReset(error) ? begunAgain({ state, span }) : undefined;
      if (!begun) throw error;
      return { records: [], next: pageStateJson(begun) };
    }
  };
}

async function readPage(
  callProvider: CallProvider,
  call: ListCall,
  standing: Standing,
): Promise<ListedPage> {
  const { method } = call;
  const instants = instantsOf(method.incremental, standing.span);
  const ask = paginator(method.pagination).ask(standing.state, instants);
  const isFirst = standing.state?.at === undefined;
  const request = buildPageRequest(call, { ask, instants, isFirst });
  const answer = await callProvider({
    requestId: call.requestId,
    account: call.account,
    integration: call.integration,
    operation: `${call.resource.name}.${method.name}`,
    request,
    timeoutMs: method.timeoutMs,
    ok: method.ok,
    errors: [...(call.errors ?? []), ...method.errors],
    ...(method.decode ? { decode: method.decode } : {}),
    ...(method.budget ? { budget: method.budget } : {}),
  });
  const raw = rawRecords(call, answer);
  const next = nextState(call, standing, { answer, raw, ask, url: request.url });
  const records = raw
    .map((record) => toListed(call, record))
    .filter((record) => record !== undefined);
  return {
    records,
    ...(next ? { next: pageStateJson(next) } : {}),
    ...(answer.rateLimit ? { rateLimit: answer.rateLimit } : {}),
  };
}

interface ReadPage {
  readonly answer: Answer;
  readonly raw: readonly unknown[];
  readonly ask: PageAsk;
  readonly url: URL;
}

function nextState(
  call: ListCall,
  { state, span }: Standing,
  { answer, raw, ask, url }: ReadPage,
): PageState | undefined {
  const { method, resource, integration } = call;
  const { incremental } = method;
  const isOver = answer.ignored || feedEnds(incremental, call.sinceMs, raw, bindingsOf(call));
  const next = isOver
    ? undefined
    : paginator(method.pagination).next(state, {
        integration: integration.name,
        scope: answer.scope.reveal(),
        url,
        records: raw,
        count: raw.length,
        mark: raw.map((record) => markOf(resource, record)).join('\n'),
        page: pageScope(method, ask),
        instants: instantsOf(incremental, span),
      });
  const resets = state?.resets === undefined ? {} : { resets: state.resets };
  if (next) {
    const empties = emptiesAfter(state, raw.length, integration.name);
    return { ...next, ...(span ? { span } : {}), ...resets, ...(empties ? { empties } : {}) };
  }
  const later = nextSpan(incremental, span);
  return later && { seen: [], span: later, ...resets };
}

/** The record itself where it has no id: pages of such records must not look alike. */
function markOf(resource: Resource, record: unknown): string {
  return idOf(resource, record) ?? JSON.stringify(record) ?? '';
}

/** A list that is begun again for ever would never end. */
const MOST_RESETS = 2;

function isReset(error: unknown): boolean {
  return error instanceof ProviderError && error.action === 'reset_pagination';
}

/** The windows before have been read to their ends; this one is read again. */
function begunAgain({ state, span }: Standing): PageState | undefined {
  const resets = (state?.resets ?? 0) + 1;
  if (resets > MOST_RESETS) return undefined;
  return { seen: [], resets, ...(span ? { span } : {}) };
}
