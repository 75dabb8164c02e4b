/**
 * One authenticated request and its answer, told to the boundary log. No retries, no judgement.
 *
 * Units   `latencyMs`: until the headers, or the whole body where it is read here
 * Errors  those of SendHttp and of reading a body, unchanged
 */
import type { CredentialSource, HeldCredential } from '../account/credential-source.ts';
import type { IntegratedAccount } from '../account/integrated-account.ts';
import type { InboundResponse, OutboundRequest, SendHttp } from '../http/http-message.ts';
import type { LimitAnswer } from '../http/limit-answer.ts';
import { observeLimits, type RateLimitState } from '../http/rate-limit.ts';
import { readBody } from '../http/read-body.ts';
import type { Apply } from '../integration/auth/plan.ts';
import type { Integration } from '../integration/document/plan.ts';
import type { Decode } from '../integration/request/decode.ts';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import type { Random } from '../kernel/random.ts';
import { authenticate, authOf } from '../wire/authenticate.ts';
import type { BoundaryCall, ObserveCall } from '../wire/boundary-call.ts';
import { type Answer, decodeAnswer, parseAnswer } from '../wire/decode/answer.ts';
import { currentWait } from '../wire/provider-wait.ts';
import type { Breaker } from './breaker/breaker.ts';
import { providerRequestId } from './provider-answer.ts';

export interface ProviderDeps {
  readonly send: SendHttp;
  readonly credentials: CredentialSource;
  readonly clock: Clock;
  /** For nonces of signatures. */
  readonly random: Random;
  readonly observe: ObserveCall;
  /** Default 16 MiB. */
  readonly maxBodyBytes?: number;
  /** Hard limit where the method sets none. Default: that of SendHttp, 15 s. */
  readonly timeoutMs?: number;
  /** Absent: a provider that fails is called all the same. */
  readonly breaker?: Breaker;
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
    /** Where the credential goes, instead of where the account's alternative says. */
    readonly apply?: Apply | undefined;
    readonly loggedUrl: string;
    /** What all of it is below, as the integration writes it: a log line may show it. */
    readonly basePath?: string;
  };
  readonly timeoutMs?: number | undefined;
  /** Of an answer that is passed on unread. */
  readonly maxAnswerBytes?: number;
  /** How the body is read, where it is not JSON. */
  readonly decode?: Decode | undefined;
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
    const answer = { response, rateLimit: limitsOf(deps, call, unread(response)) };
    return { result: answer, ...answer };
  });
}

/** Sends, and reads the whole body as the call says, or as JSON. */
export async function exchangeWhole(
  deps: ProviderDeps,
  call: ProviderCall,
  held: HeldCredential | undefined,
): Promise<Answer> {
  return told(deps, call, async () => {
    const response = await sendWith(deps, call, held);
    const bytes = await readBody(response.body, deps.maxBodyBytes ?? MAX_BODY_BYTES);
    const { status, headers } = response;
    const parsed = call.decode
      ? await decodeAnswer(status, headers, bytes, call.decode)
      : parseAnswer(status, headers, bytes);
    const rateLimit = limitsOf(deps, call, parsed.scope.reveal());
    const result = { status, rateLimit, ...parsed };
    return { result, response, rateLimit };
  });
}

async function sendWith(
  deps: ProviderDeps,
  call: ProviderCall,
  held: HeldCredential | undefined,
): Promise<InboundResponse> {
  const { account, integration } = call;
  const { loggedUrl: _logged, basePath: _base, body, ...bare } = call.request;
  const request = { ...bare, ...(body ? { body } : {}) };
  const auth = authOf(integration, account);
  const instant = { nowMs: deps.clock.now(), random: deps.random };
  const outgoing = await authenticate(request, auth, held?.credential, account, instant);
  const timeoutMs = call.timeoutMs ?? deps.timeoutMs;
  return deps.send({
    ...outgoing,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(call.maxAnswerBytes === undefined ? {} : { maxBodyBytes: call.maxAnswerBytes }),
  });
}

function limitsOf(deps: ProviderDeps, call: ProviderCall, answer: LimitAnswer) {
  const { observes } = call.integration.rateLimit.rules;
  return observeLimits(observes, answer, deps.clock.now());
}

function unread({ status, headers }: InboundResponse): LimitAnswer {
  return { status, headers };
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
  const wait = currentWait();
  wait?.begin();
  try {
    const { result, response, rateLimit } = await run().finally(() => wait?.end());
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
