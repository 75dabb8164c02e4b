/**
 * One authenticated request and its answer, told to the boundary log. No retries, no judgement.
 *
 * Units   `latencyMs`: until the headers, or the whole body where it is read here
 * Errors  those of SendHttp and of reading a body, unchanged
 */
import type { CredentialSource, HeldCredential } from '../account/credential-source.ts';
import type { IntegratedAccount } from '../account/integrated-account.ts';
import type { InboundResponse, OutboundRequest, SendHttp } from '../http/http-message.ts';
import { observeLimits, type RateLimitState } from '../http/rate-limit.ts';
import { readBody } from '../http/read-body.ts';
import type { Integration } from '../integration/integration.ts';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { type Answer, parseAnswer } from './answer.ts';
import { authenticate, authOf } from './authenticate.ts';
import type { BoundaryCall, ObserveCall } from './boundary-call.ts';
import { providerRequestId } from './classify.ts';

export interface ProviderDeps {
  readonly send: SendHttp;
  readonly credentials: CredentialSource;
  readonly clock: Clock;
  readonly observe: ObserveCall;
  /** Default 16 MiB. */
  readonly maxBodyBytes?: number;
  /** Hard limit where the method sets none. Default: that of SendHttp, 15 s. */
  readonly timeoutMs?: number;
}

export interface ProviderCall {
  readonly requestId: string;
  readonly account: IntegratedAccount;
  readonly integration: Integration;
  /** `tickets.list`, `verify`, `proxy`. */
  readonly operation: string;
  readonly request: {
    readonly url: URL;
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: OutboundRequest['body'];
    readonly loggedUrl: string;
  };
  readonly timeoutMs?: number | undefined;
}

export interface RawAnswer {
  readonly response: InboundResponse;
  readonly rateLimit: RateLimitState | undefined;
}

const MAX_BODY_BYTES = 16 * 1_024 * 1_024;

/** Sends, and leaves the body unread. */
export async function exchange(
  deps: ProviderDeps,
  call: ProviderCall,
  held: HeldCredential | undefined,
): Promise<RawAnswer> {
  return told(deps, call, async () => {
    const response = await sendWith(deps, call, held);
    const answer = { response, rateLimit: limitsOf(deps, call, response) };
    return { result: answer, ...answer };
  });
}

/** Sends, and reads the whole body as JSON where it is that. */
export async function exchangeWhole(
  deps: ProviderDeps,
  call: ProviderCall,
  held: HeldCredential | undefined,
): Promise<Answer> {
  return told(deps, call, async () => {
    const response = await sendWith(deps, call, held);
    const rateLimit = limitsOf(deps, call, response);
    const bytes = await readBody(response.body, deps.maxBodyBytes ?? MAX_BODY_BYTES);
    const { status, headers } = response;
    const result = { status, rateLimit, ...parseAnswer(status, headers, bytes) };
    return { result, response, rateLimit };
  });
}

function sendWith(
  deps: ProviderDeps,
  call: ProviderCall,
  held: HeldCredential | undefined,
): Promise<InboundResponse> {
  const { request, account, integration } = call;
  const auth = authOf(integration, account);
  const { url, headers } = authenticate(request, auth, held?.credential, account);
  const timeoutMs = call.timeoutMs ?? deps.timeoutMs;
  return deps.send({
    url,
    headers,
    method: request.method,
    ...(request.body ? { body: request.body } : {}),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
}

function limitsOf(deps: ProviderDeps, call: ProviderCall, response: InboundResponse) {
  const { observes } = call.integration.rateLimit.rules;
  return observeLimits(observes, response.headers, deps.clock.now());
}

interface Told<Result> extends RawAnswer {
  readonly result: Result;
}

async function told<Result>(
  deps: ProviderDeps,
  call: ProviderCall,
  run: () => Promise<Told<Result>>,
): Promise<Result> {
  const startedAtMs = deps.clock.now();
  const tell = (outcome: Partial<BoundaryCall>) => {
    deps.observe({
      requestId: call.requestId,
      environmentId: call.account.environmentId,
      tenantId: call.account.tenantId,
      accountId: call.account.id,
      integration: call.integration.name,
      operation: call.operation,
      method: call.request.method,
      url: call.request.loggedUrl,
      startedAtMs,
      latencyMs: deps.clock.now() - startedAtMs,
      ...outcome,
    });
  };
  try {
    const { result, response, rateLimit } = await run();
    const requestId = providerRequestId(response.headers);
    tell({
      status: response.status,
      ...(requestId === undefined ? {} : { providerRequestId: requestId }),
      ...(rateLimit === undefined ? {} : { rateLimit }),
    });
    return result;
  } catch (error) {
    tell({ errorCode: error instanceof AppError ? error.code : 'internal_error' });
    throw error;
  }
}
