/**
 * What an answer means: success, nothing to speak of, or one of the fixed error classes.
 *
 * First the rate limit, then the rules of the call and of the integration in order, then the
 * engine's own by status, then `ok`.
 *
 * Source  RFC 9110 §15 (status codes)
 */
import type { Expression } from '../expression/expression.ts';
import { readWait } from '../http/limit-wait.ts';
import { type RateLimitState, rateLimitHeaders } from '../http/rate-limit.ts';
import type { Integration } from '../integration/document/plan.ts';
import type { ErrorAction, ErrorClass, ErrorRule } from '../integration/limits/plan.ts';
import type { AppError } from '../kernel/errors.ts';
import type { AnswerScope } from '../wire/decode/answer.ts';
import {
  NeedsReauthError,
  type ProviderAnswer,
  ProviderError,
  RateLimitedError,
} from '../wire/provider-errors.ts';
import { describeAnswer, evaluateSafely } from './provider-answer.ts';

/** What a call knows of its answers beforehand. */
export interface Expectation {
  /** What must hold for success, besides the status. */
  readonly ok?: Expression | undefined;
  /** Tried before the integration's. */
  readonly errors?: readonly ErrorRule[] | undefined;
  /** Inputs of the account: `conn` of rules that look it up. */
  readonly connection?: Readonly<Record<string, string>> | undefined;
}

export interface Failure {
  readonly class: Exclude<ErrorClass, 'ignore'>;
  /** What is done about it, once; undefined: what the class says. */
  readonly action?: ErrorAction | undefined;
  readonly provider: ProviderAnswer;
  /** Of a rate limit, where the provider says when to come back. */
  readonly resumeAtMs: number | undefined;
}

export type Verdict =
  | { readonly kind: 'success' }
  /** A list without records, a record that is not there: no error, and nothing to read. */
  | { readonly kind: 'ignored' }
  | { readonly kind: 'failure'; readonly failure: Failure };

const NOTHING: Expectation = {};

export function judge(
  integration: Integration,
  scope: AnswerScope,
  expected: Expectation | undefined,
  nowMs: number,
): Verdict {
  const { ok, errors = [], connection } = expected ?? NOTHING;
  const answer = connection ? { ...scope, conn: connection } : scope;
  const failed = (failureClass: Failure['class'], rule?: ErrorRule): Verdict => {
    const isWait = failureClass === 'rate_limited';
    const resumeAtMs = isWait
      ? readWait(integration.rateLimit.rules.waits, answer, nowMs)
      : undefined;
    const provider = describeAnswer(scope, rule);
    return {
      kind: 'failure',
      failure: { class: failureClass, action: rule?.action, provider, resumeAtMs },
    };
  };
  if (isLimited(integration, scope)) return failed('rate_limited');
  const matches = ({ when }: ErrorRule) => holds(when, answer);
  const rule = errors.find(matches) ?? integration.errors.find(matches);
  if (rule?.class === 'ignore') return { kind: 'ignored' };
  const errorClass = rule?.class ?? classOfStatus(scope.status);
  if (errorClass !== undefined) return failed(errorClass, rule);
  return ok && !holds(ok, scope) ? failed('config') : { kind: 'success' };
}

/** Undefined where the answer means success, or is to be ignored. */
export function classify(
  integration: Integration,
  scope: AnswerScope,
  expected: Expectation | undefined,
  nowMs: number,
): Failure | undefined {
  const verdict = judge(integration, scope, expected, nowMs);
  return verdict.kind === 'failure' ? verdict.failure : undefined;
}

/** Whether the call is worth repeating with a renewed credential. */
export function wantsRenewal(failure: Failure | undefined): boolean {
  if (!failure) return false;
  return failure.action === undefined
    ? failure.class === 'auth'
    : failure.action === 'refresh_and_retry';
}

function isLimited(integration: Integration, scope: AnswerScope): boolean {
  const { limited } = integration.rateLimit;
  if (scope.status === 429) return true;
  if (limited) return holds(limited, scope);
  return scope.status === 503 && scope.headers['retry-after'] !== undefined;
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
function holds(expression: Expression, scope: object): boolean {
  return evaluateSafely(expression, scope) === true;
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
  const { provider, resumeAtMs, action } = failure;
  const headers = rateLimitHeaders(rateLimit, nowMs, resumeAtMs);
  switch (failure.class) {
    case 'rate_limited':
      return new RateLimitedError(provider, resumeAtMs, nowMs, detail, headers);
    case 'auth':
      return new NeedsReauthError('the provider refused the credential', detail);
    default: {
      const sentence = SENTENCE[failure.class];
      return new ProviderError(sentence, failure.class, provider, detail, headers, action);
    }
  }
}

/** What a read of one record throws where the answer is to be ignored: it is not there. */
export function absentError(integration: string, status: number): ProviderError {
  return new ProviderError(SENTENCE.not_found, 'not_found', { status }, { integration });
}

/** The answer came, and is not what the integration says it would be. `reason` holds no value. */
export function structuralError(
  integration: string,
  status: number,
  reason: string,
): ProviderError {
  return new ProviderError(SENTENCE.config, 'config', { status, message: reason }, { integration });
}
