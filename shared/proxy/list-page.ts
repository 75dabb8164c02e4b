/**
 * One page of one of an integration's resources: asked for, checked, cut into records.
 *
 * Whether there is another page is decided on the raw page, before any record is filtered. A record
 * that an expression fails on is rejected by itself; the page goes on.
 *
 * Errors  those of CallProvider; ProviderError where the answer has no list; InvalidCursorError
 */
import type { IntegratedAccount } from '../account/integrated-account.ts';
import { ExpressionBudgetError, ExpressionEvaluationError } from '../expression/errors.ts';
import { loggedFreeUrl } from '../http/redact.ts';
import type { Integration, Method, Pagination, Resource } from '../integration/integration.ts';
import { urlWordsOf } from '../integration/url-words.ts';
import { isJsonObject, type Json, type JsonObject } from '../kernel/json.ts';
import { Transient } from '../kernel/transient.ts';
import type { Answer } from './answer.ts';
import { type BuiltRequest, buildRequest, type Placed } from './build-request.ts';
import { structuralError } from './classify.ts';
import type { PageAsk } from './paginate/kind.ts';
import { paginator } from './paginate/paginator.ts';
import {
  InvalidCursorError,
  type PageState,
  pageStateJson,
  parsePageState,
} from './paginate/state.ts';
import type { CallProvider } from './provider-client.ts';
import { changedSince, sinceParam } from './since.ts';

export interface ListCall {
  readonly requestId: string;
  readonly account: IntegratedAccount;
  readonly integration: Integration;
  readonly resource: Resource;
  readonly method: Method;
  /** What the method's `params` name. */
  readonly params: Readonly<Record<string, Json>>;
  /** Further query parameters of the provider. */
  readonly query: Readonly<Record<string, Json>>;
  readonly sinceMs?: number | undefined;
  /** `next` of the page before. */
  readonly cursor?: Json;
}

export type ListedRecord =
  | { readonly kind: 'record'; readonly ref?: string; readonly value: Transient<JsonObject> }
  | {
      readonly kind: 'rejected';
      readonly ref?: string;
      readonly code: string;
      readonly message: string;
    };

export interface ListedPage {
  readonly records: readonly ListedRecord[];
  readonly next?: JsonObject;
}

export type ListPage = (call: ListCall) => Promise<ListedPage>;

export function createListPage(callProvider: CallProvider): ListPage {
  return async (call) => {
    const kind = paginator(call.method.pagination);
    const state = call.cursor === undefined ? undefined : parsePageState(call.cursor);
    const ask = kind.ask(state);
    const request = buildPageRequest(call, ask, state);
    const answer = await callProvider({
      requestId: call.requestId,
      account: call.account,
      integration: call.integration,
      operation: `${call.resource.name}.${call.method.name}`,
      request,
      timeoutMs: call.method.timeoutMs,
      ok: call.method.ok,
    });
    const raw = rawRecords(call, answer);
    const next = kind.next(state, {
      integration: call.integration.name,
      scope: answer.scope.reveal(),
      url: request.url,
      count: raw.length,
      mark: raw.map((record) => idOf(call.resource, record) ?? '').join('\n'),
      page: { ...ask.page, ...sizeOf(call.method) },
    });
    const records = raw
      .map((record) => toListed(call, record))
      .filter((record) => record !== undefined);
    return { records, ...(next ? { next: pageStateJson(next) } : {}) };
  };
}

function sizeOf(method: Method): { size?: number } {
  const size = method.pagination.kind === 'none' ? undefined : method.pagination.size;
  return size ? { size: size.value } : {};
}

function buildPageRequest(
  call: ListCall,
  ask: PageAsk,
  state: PageState | undefined,
): BuiltRequest {
  const { integration, method, account } = call;
  const pagination = method.pagination;
  const placed: Placed[] = [];
  const since = sinceParam(method.incremental, call.sinceMs);
  if (since) placed.push(since);
  if (pagination.kind !== 'none' && pagination.size) placed.push(pagination.size);
  if (ask.token) placed.push(ask.token);
  const omitted = state && pagination.kind !== 'none' ? pagination.firstPageOnly : [];
  const page = { ...ask.page, ...sizeOf(method) };
  const built = buildRequest({
    integration,
    method,
    connection: account.connection,
    scope: {
      id: call.params['id'],
      params: call.params,
      page: { ...page, ...pathToken(pagination, ask) },
    },
    query: call.query,
    placed: placed.filter(({ param }) => !omitted.includes(param)),
    omit: omitted,
  });
  if (!ask.url) return built;
  if (!integration.allowsHost(ask.url, account.connection)) {
    throw new InvalidCursorError('the cursor leads to a host that is not allowed');
  }
  const basePath = integration.baseUrl(account.connection).pathname.replace(/\/+$/, '');
  const logged = loggedFreeUrl(ask.url, basePath, urlWordsOf(integration));
  return { ...built, url: ask.url, loggedUrl: logged };
}

/** `in: path` fills `{{page.<param>}}` of the method's path; empty where there is no token yet. */
function pathToken(
  pagination: Pagination,
  ask: PageAsk,
): Readonly<Record<string, string | number>> {
  if (!('token' in pagination) || pagination.token.in !== 'path') return {};
  return { [pagination.token.param]: ask.token?.value ?? '' };
}

/** @throws ProviderError where the list is not where the integration says */
function rawRecords(call: ListCall, answer: Answer): readonly unknown[] {
  const fail = (reason: string) => structuralError(call.integration.name, answer.status, reason);
  if (!answer.isJson) throw fail('the answer is not JSON');
  const { records, record } = call.method;
  const expression = records ?? record;
  if (!expression) throw fail('the method declares no records');
  const found = evaluate(() => expression.evaluate(answer.scope.reveal()));
  if (found.failed !== undefined || found.value === undefined || found.value === null) {
    throw fail('the records are not where the integration says');
  }
  // JSONata yields a lone item for a list of one.
  return Array.isArray(found.value) ? found.value : [found.value];
}

/** Undefined for a record that is filtered out. */
function toListed(call: ListCall, raw: unknown): ListedRecord | undefined {
  const { method, params } = call;
  const id = idOf(call.resource, raw);
  const ref = id === undefined ? {} : { ref: id };
  const mapped = evaluate(() => {
    if (!changedSince(method.incremental, call.sinceMs, raw)) return undefined;
    if (method.filter && method.filter.evaluate(raw, { params }) !== true) return undefined;
    return method.map ? (method.map.evaluate(raw, { params }) ?? null) : raw;
  });
  if (mapped.failed !== undefined) {
    const message = `the integration's expression failed on the record (${mapped.failed})`;
    return { kind: 'rejected', ...ref, code: 'mapping_failed', message };
  }
  if (mapped.value === undefined) return undefined;
  if (!isJsonObject(mapped.value)) {
    return { kind: 'rejected', ...ref, code: 'model_mismatch', message: 'the record is no object' };
  }
  return { kind: 'record', ...ref, value: Transient.of(mapped.value) };
}

/** The record's id, as text. */
export function idOf(resource: Resource, raw: unknown): string | undefined {
  const found = evaluate(() => resource.id?.evaluate(raw));
  const id = found.value;
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}

interface Evaluated {
  readonly value?: unknown;
  /** Code of the failure. */
  readonly failed?: string;
}

function evaluate(run: () => unknown): Evaluated {
  try {
    return { value: run() };
  } catch (error) {
    if (error instanceof ExpressionEvaluationError) return { failed: error.expressionCode };
    if (error instanceof ExpressionBudgetError) return { failed: error.code };
    throw error;
  }
}
