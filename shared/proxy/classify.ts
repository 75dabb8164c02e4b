/**
 * What an answer means: success, or one of the fixed error classes.
 *
 * First the rate limit, then the integration's rules in order, then the engine's own by status,
 * then the method's `ok`. What an expression extracts for people is scrubbed and cut.
 *
 * Source  RFC 9110 §15 (status codes)
 */
import { ExpressionBudgetError, ExpressionEvaluationError } from '../expression/errors.ts';
import type { Expression } from '../expression/expression.ts';
import { type RateLimitState, rateLimitHeaders, readWait } from '../http/rate-limit.ts';
import { scrubMessage } from '../http/redact.ts';
import type { ErrorRule, Integration } from '../integration/integration.ts';
import type { AppError } from '../kernel/errors.ts';
import type { AnswerScope } from './answer.ts';
import {
  type ErrorClass,
  NeedsReauthError,
  type ProviderAnswer,
  ProviderError,
  RateLimitedError,
} from './provider-errors.ts';

export interface Failure {
  readonly class: Exclude<ErrorClass, 'ignore'>;
  readonly provider: ProviderAnswer;
  /** Of a rate limit, where the provider says when to come back. */
  readonly resumeAtMs: number | undefined;
}

/** Undefined where the answer means success. */
export function classify(
  integration: Integration,
  scope: AnswerScope,
  ok: Expression | undefined,
  nowMs: number,
): Failure | undefined {
  if (isLimited(integration, scope)) {
    const resumeAtMs = readWait(waitRules(integration, scope), scope.headers, nowMs);
    return { class: 'rate_limited', provider: describe(scope, undefined), resumeAtMs };
  }
  const rule = integration.errors.find(({ when }) => holds(when, scope));
  const errorClass = rule?.class ?? classOfStatus(scope.status);
  if (errorClass !== undefined && errorClass !== 'ignore') {
    const resumeAtMs =
      errorClass === 'rate_limited'
        ? readWait(waitRules(integration, scope), scope.headers, nowMs)
        : undefined;
    return { class: errorClass, provider: describe(scope, rule), resumeAtMs };
  }
  if (ok && !rule && !holds(ok, scope)) {
    return { class: 'config', provider: describe(scope, undefined), resumeAtMs: undefined };
  }
  return undefined;
}

function isLimited(integration: Integration, scope: AnswerScope): boolean {
  const { limited } = integration.rateLimit;
  if (scope.status === 429) return true;
  if (limited) return holds(limited, scope);
  return scope.status === 503 && scope.headers['retry-after'] !== undefined;
}

function waitRules(integration: Integration, scope: AnswerScope) {
  const { rules, waitConditions } = integration.rateLimit;
  return rules.waits.filter((_rule, index) => {
    const condition = waitConditions[index];
    return condition === undefined || holds(condition, scope);
  });
}

function classOfStatus(status: number): Failure['class'] | undefined {
  switch (status) {
    case 401:
      return 'auth';
    case 403:
      return 'permission';
    case 404:
    case 410:
      return 'not_found';
    case 409:
    case 412:
      return 'conflict';
    case 408:
    case 425:
      return 'transient';
    default:
  }
  if (status >= 500) return 'transient';
  if (status >= 400) return 'validation';
  // Redirects are not followed: they would carry the credential to wherever the answer says.
  return status >= 300 && status !== 304 ? 'config' : undefined;
}

/** A condition that cannot be evaluated on this answer does not hold: bodies of errors vary. */
function holds(expression: Expression, scope: AnswerScope): boolean {
  return evaluateSafely(expression, scope) === true;
}

function evaluateSafely(expression: Expression, scope: AnswerScope): unknown {
  try {
    return expression.evaluate(scope);
  } catch (error) {
    if (error instanceof ExpressionEvaluationError || error instanceof ExpressionBudgetError) {
      return undefined;
    }
    throw error;
  }
}

function describe(scope: AnswerScope, rule: ErrorRule | undefined): ProviderAnswer {
  const message = rule?.message && evaluateSafely(rule.message, scope);
  const code = rule?.code && evaluateSafely(rule.code, scope);
  const requestId = providerRequestId(scope.headers);
  return {
    status: scope.status,
    ...(isCode(code) ? { code: String(code) } : {}),
    ...(typeof message === 'string' && message !== '' ? { message: scrubMessage(message) } : {}),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

function isCode(code: unknown): code is string | number {
  return typeof code === 'number' || (typeof code === 'string' && /^[\w.-]{1,64}$/.test(code));
}

/** The id by which the provider finds the request in its own logs. */
export function providerRequestId(headers: Readonly<Record<string, string>>): string | undefined {
  const id = headers['x-request-id'] ?? headers['request-id'] ?? headers['x-correlation-id'];
  return id !== undefined && /^[\w.:/+=-]{1,128}$/.test(id) ? id : undefined;
}

const SENTENCE = {
  permission: 'the provider does not allow this account to do that',
  not_found: 'the provider does not know what was asked for',
  validation: 'the provider refused the request as wrong',
  conflict: 'the request contradicts the state that the provider holds',
  transient: 'the provider failed',
  config: 'the provider answered in a way that the integration does not describe',
} as const;

export function toError(
  failure: Failure,
  nowMs: number,
  integration: string,
  rateLimit: RateLimitState | undefined,
): AppError {
  const detail = { integration };
  const { provider, resumeAtMs } = failure;
  const headers = rateLimitHeaders(rateLimit, nowMs, resumeAtMs);
  switch (failure.class) {
    case 'rate_limited':
      return new RateLimitedError(provider, resumeAtMs, nowMs, detail, headers);
    case 'auth':
      return new NeedsReauthError('the provider refused the credential', detail);
    default:
      return new ProviderError(SENTENCE[failure.class], failure.class, provider, detail, headers);
  }
}

/** The answer came, and is not what the integration says it would be. `reason` holds no value. */
export function structuralError(
  integration: string,
  status: number,
  reason: string,
): ProviderError {
  return new ProviderError(SENTENCE.config, 'config', { status, message: reason }, { integration });
}
