/**
 * One request to a server that gives out tokens, and its answer read whole: told to the boundary
 * log, never tried again.
 *
 * Units   `deadlineMs`: the instant by which the answer must be read
 * Errors  RateLimitedError, BodyTooLargeError, {@link TokenEndpointError}; those of SendHttp
 */
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import type { InboundResponse, OutboundRequest, SendHttp } from '../../http/http-message.ts';
import { readBody } from '../../http/read-body.ts';
import { loggedUrl } from '../../http/redact.ts';
import { USER_AGENT } from '../../http/user-agent.ts';
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Random } from '../../kernel/random.ts';
import type { BoundaryCall, ObserveCall } from '../../wire/boundary-call.ts';
import { isHeaderValue } from '../../wire/header-value.ts';
import { RateLimitedError } from '../../wire/provider-errors.ts';
import { parseTokenAnswer, type TokenAnswer } from './token-answer.ts';
import { RETRY, TokenEndpointError } from './token-response.ts';

export interface TokenCallDeps {
  readonly send: SendHttp;
  readonly clock: Clock;
  readonly random: Random;
  readonly observe: ObserveCall;
}

/** On whose behalf, and until when. */
export interface TokenCallContext {
  readonly account: IntegratedAccount;
  readonly requestId: string;
  /** `token`, `revoke`. */
  readonly operation: string;
  readonly deadlineMs: number;
}

export interface TokenCallRequest {
  readonly method: string;
  readonly url: URL;
  /** As the integration writes it, for the log. */
  readonly urlTemplate: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: OutboundRequest['body'];
}

/** Token answers are a few kilobytes; ID tokens with many claims may reach ten. */
const MAX_ANSWER_BYTES = 65_536;
const TOO_MANY_REQUESTS = 429;

export async function callTokenServer(
  deps: TokenCallDeps,
  context: TokenCallContext,
  request: TokenCallRequest,
): Promise<TokenAnswer> {
  const { clock } = deps;
  if (!Object.values(request.headers).every(isHeaderValue)) {
    throw new TokenEndpointError('a value cannot be sent in a header', {}, RETRY);
  }
  const startedAtMs = clock.now();
  let status: number | undefined;
  try {
    const response = await deps.send({
      method: request.method,
      url: request.url,
      headers: { 'user-agent': USER_AGENT, ...request.headers },
      ...(request.body ? { body: request.body } : {}),
      timeoutMs: Math.max(1, context.deadlineMs - startedAtMs),
    });
    status = response.status;
    const answer = await readAnswer(response, clock.now());
    note(deps, context, request, { startedAtMs, status });
    return answer;
  } catch (error) {
    const errorCode = error instanceof AppError ? error.code : 'internal_error';
    note(deps, context, request, { startedAtMs, errorCode, ...(status && { status }) });
    throw error;
  }
}

async function readAnswer(response: InboundResponse, nowMs: number): Promise<TokenAnswer> {
  const bytes = await readBody(response.body, MAX_ANSWER_BYTES);
  if (response.status === TOO_MANY_REQUESTS) {
    const resumeAtMs = resumesAt(response.headers['retry-after'], nowMs);
    throw new RateLimitedError({ status: TOO_MANY_REQUESTS }, resumeAtMs, nowMs);
  }
  return parseTokenAnswer(response.status, response.headers, bytes.reveal().toString());
}

/** Seconds or an HTTP date, RFC 9110 §10.2.3. */
function resumesAt(retryAfter: string | undefined, nowMs: number): number | undefined {
  if (retryAfter === undefined) return undefined;
  const atMs = /^\d+$/.test(retryAfter)
    ? nowMs + Number(retryAfter) * 1_000
    : Date.parse(retryAfter);
  return Number.isFinite(atMs) ? atMs : undefined;
}

function note(
  { clock, observe }: TokenCallDeps,
  { account, requestId, operation }: TokenCallContext,
  { method, url, urlTemplate }: TokenCallRequest,
  outcome: Pick<BoundaryCall, 'startedAtMs' | 'status' | 'errorCode'>,
): void {
  observe({
    requestId,
    environmentId: account.environmentId,
    tenantId: account.tenantId,
    accountId: account.id,
    integration: account.integration,
    operation,
    method,
    url: loggedUrl(url, { basePath: '', path: pathOf(urlTemplate) }),
    latencyMs: clock.now() - outcome.startedAtMs,
    ...outcome,
  });
}

/** Of a template: what follows its authority, where that can be told. */
function pathOf(template: string): string {
  const rest = template.replace(/^[^:/{}]+:\/\//, '').replace(/[?#].*$/s, '');
  const slash = rest.indexOf('/');
  return slash < 0 ? '' : rest.slice(slash);
}
