/**
 * Every error as `application/problem+json`.
 *
 * Shape   `{ type, title, status, code, detail, origin, retryable, request_id, errors?, provider?, ids? }`;
 *         `ids` names the things that the error is about, such as the run that is in progress.
 * Errors  none: whatever is thrown becomes a problem. An error that is not one of ours says nothing
 *         of itself to the caller; its text may hold a value.
 * Source  RFC 9457
 */
import { AppError, CallerError, type Fault, InvariantError } from '../../kernel/errors.ts';
import {
  type ProviderAnswer,
  ProviderError,
  RateLimitedError,
} from '../../wire/provider-errors.ts';
import type { ApiAnswer } from './api-message.ts';
import type { Problem } from './problem-schema.ts';

export const PROBLEM_TYPE = 'application/problem+json';

export function problemOf(thrown: unknown, requestId: string): Problem {
  const error = thrown instanceof AppError ? thrown : new InvariantError('an unknown error');
  const faults = faultsOf(error);
  const provider = providerOf(error);
  const ids = error instanceof CallerError ? snakeIds(error) : {};
  return {
    type: `urn:millrace:problem:${error.code}`,
    title: titleOf(error.code),
    status: error.status,
    code: error.code,
    // A bug's message is for us: it may name a table or a host.
    detail: error.code === 'internal_error' ? 'something went wrong on our side' : error.message,
    origin: error.origin,
    retryable: error.retry !== 'never',
    request_id: requestId,
    ...(faults.length > 0 && { errors: [...faults] }),
    ...(provider && { provider }),
    ...(Object.keys(ids).length > 0 && { ids }),
  };
}

/** The problem as an answer, with `Retry-After` where waiting helps. */
export function problemAnswer(thrown: unknown, requestId: string): ApiAnswer {
  const problem = problemOf(thrown, requestId);
  const retryAfter = retryAfterSeconds(thrown);
  return {
    status: problem.status,
    headers: {
      'content-type': PROBLEM_TYPE,
      'x-request-id': requestId,
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
      ...(isFromProvider(thrown) && thrown.headers),
      ...(problem.status === 401 && { 'www-authenticate': 'Bearer' }),
    },
    body: { kind: 'json', value: problem },
  };
}

/** Whole seconds, rounded up: coming back early only earns the same answer. */
function retryAfterSeconds(thrown: unknown): number | undefined {
  if (!(thrown instanceof AppError) || thrown.retry === 'never') return undefined;
  return Math.max(1, Math.ceil(thrown.retry.afterMs / 1_000));
}

/** `run_in_progress` as `Run in progress`: RFC 9457 wants one title per type. */
function titleOf(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Of what a caller sent: our own faults, or the fields that the provider refuses, by its names. */
function faultsOf(error: AppError): readonly Fault[] {
  if (error instanceof CallerError) return error.faults;
  if (!(error instanceof ProviderError)) return [];
  const fields = error.provider.fields ?? [];
  return fields.map((path) => ({ path, message: 'is refused by the provider' }));
}

function isFromProvider(thrown: unknown): thrown is ProviderError | RateLimitedError {
  return thrown instanceof ProviderError || thrown instanceof RateLimitedError;
}

function providerOf(error: AppError): Problem['provider'] {
  if (!isFromProvider(error)) return undefined;
  const answer: ProviderAnswer | undefined = error.provider;
  if (!answer) return undefined;
  return {
    status: answer.status,
    ...(answer.code !== undefined && { code: answer.code }),
    ...(answer.message !== undefined && { message: answer.message }),
    ...(answer.requestId !== undefined && { request_id: answer.requestId }),
  };
}

function snakeIds(error: AppError): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(error.detail).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}
