/**
 * One request from its match to its answer: route, key, scope, input, idempotency, handler.
 *
 * Errors  none: every error becomes `application/problem+json` with the request's id
 */
import type { Authenticate, Principal } from '../../access/authenticate.ts';
import type { Clock } from '../../kernel/clock.ts';
import { AppError, CallerError, InvariantError } from '../../kernel/errors.ts';
import type { IdFactory } from '../../kernel/id.ts';
import { UnsupportedMethodError } from '../../unified/supported.ts';
import type { OncePerKey } from '../idempotency/idempotency.ts';
import type { ApiAnswer, ApiRequest, ServeApi } from './api-message.ts';
import { authorize } from './authorize.ts';
import type { Endpoint } from './endpoint.ts';
import { bodyEtag, namesEtag } from './etag.ts';
import { createMatcher, MethodNotSupportedError } from './match.ts';
import { problemAnswer } from './problem.ts';
import { requestIdOf } from './request-id.ts';
import type { Reply, Route } from './route.ts';

/** The body is larger than the route takes. */
export class PayloadTooLargeError extends CallerError {
  override readonly name = 'PayloadTooLargeError';
  readonly code = 'payload_too_large';
  readonly status = 413;
}

/** What the log keeps of a request: ids and outcome. */
export interface RequestRecord {
  readonly requestId: string;
  readonly method: string;
  /** The route's pattern, never the path itself: a path may hold a provider's record id. */
  readonly route: string | undefined;
  readonly status: number;
  readonly code: string | undefined;
  readonly latencyMs: number;
  readonly environmentId: string | undefined;
  readonly apiKeyId: string | undefined;
}

export interface RouterOptions {
  readonly routes: readonly Route[];
  readonly authenticate: Authenticate;
  /** Absent: `Idempotency-Key` is left to the route. */
  readonly once?: OncePerKey;
  readonly maxBodyBytes: number;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Pick<IdFactory, 'make'>;
  /** Called once per request; `error` only where it is a fault of ours or not known. */
  readonly observe: (record: RequestRecord, error: unknown) => void;
}

interface Progress {
  endpoint?: Endpoint;
  caller?: Principal | undefined;
}

export function createRouter(options: RouterOptions): ServeApi {
  const match = createMatcher(options.routes);

  const answer = async (request: ApiRequest, requestId: string, progress: Progress) => {
    const { item: route, params } = match(request.method, request.path);
    progress.endpoint = route.endpoint;
    const caller = await authorize(request.headers, route.endpoint.scopes, options.authenticate);
    progress.caller = caller;
    if (sizeOf(request) > options.maxBodyBytes) {
      throw new PayloadTooLargeError('the body is too large');
    }
    const call = route.prepare({ ...request, requestId, params }, caller);
    const key = request.headers['idempotency-key'];
    const { run, recall, isRepeatable } = call;
    const reply =
      options.once && caller && recall && key !== undefined
        ? await options.once({ key, caller, request, run, recall, isRepeatable })
        : await run();
    return answerOf(reply, route.endpoint, request, requestId);
  };

  return async (request) => {
    const requestId = requestIdOf(request.headers, options.ids);
    const startedAtMs = options.clock.now();
    const progress: Progress = {};
    let thrown: unknown;
    const result = await answer(request, requestId, progress).catch((error: unknown) => {
      thrown = error;
      return errorAnswer(error, requestId);
    });
    options.observe(
      {
        requestId,
        method: request.method,
        route: progress.endpoint?.path,
        status: result.status,
        code: codeOf(thrown),
        latencyMs: options.clock.now() - startedAtMs,
        environmentId: progress.caller?.environmentId,
        apiKeyId: progress.caller?.apiKeyId,
      },
      result.status >= 500 ? thrown : undefined,
    );
    return result;
  };
}

function sizeOf(request: ApiRequest): number {
  return request.body.reveal().byteLength;
}

function codeOf(thrown: unknown): string | undefined {
  if (thrown === undefined) return undefined;
  return thrown instanceof AppError ? thrown.code : new InvariantError('unknown').code;
}

function errorAnswer(error: unknown, requestId: string): ApiAnswer {
  const problem = problemAnswer(error, requestId);
  const refused =
    error instanceof MethodNotSupportedError || error instanceof UnsupportedMethodError;
  if (!refused) return problem;
  return { ...problem, headers: { ...problem.headers, allow: error.allowed.join(', ') } };
}

function answerOf(
  reply: Reply<unknown>,
  endpoint: Endpoint,
  request: ApiRequest,
  requestId: string,
): ApiAnswer {
  const status = reply.status ?? endpoint.status;
  const headers = { ...reply.headers, 'x-request-id': requestId };
  if (reply.stream) return { status, headers, body: { kind: 'stream', bytes: reply.stream } };
  if (reply.body === undefined) return { status, headers, body: { kind: 'none' } };
  const text = JSON.stringify(reply.body);
  const etag = reply.etag ?? (request.method === 'GET' ? bodyEtag(text) : undefined);
  const tagged = etag === undefined ? headers : { ...headers, etag };
  const known = request.headers['if-none-match'];
  if (request.method === 'GET' && etag && known !== undefined && namesEtag(known, etag)) {
    return { status: 304, headers: tagged, body: { kind: 'none' } };
  }
  return {
    status,
    headers: { 'content-type': endpoint.responseType ?? 'application/json', ...tagged },
    body: { kind: 'json', value: reply.body, text },
  };
}
