/** What the outcome of a misbehaviour must be. */
import { AppError } from '#shared/kernel/errors.ts';
import { RateLimitedError } from '#shared/wire/provider-errors.ts';
import { describeError } from '../engine/replay.ts';
import type { Played } from './misbehaviour.ts';

/** A day, and the second that rounding may add. */
const LONGEST_WAIT_MS = 86_401_000;

/** The error, where it failed with one of these codes; else what is wrong. */
export function mustFail(played: Played, ...codes: readonly string[]): AppError | string {
  const { outcome } = played;
  if (outcome.kind === 'completed') {
    return `completed with ${outcome.records.length} records, expected ${codes.join(' or ')}`;
  }
  const { error } = outcome;
  if (error instanceof AppError && codes.includes(error.code)) return error;
  return `expected ${codes.join(' or ')}, found ${describeError(error)}`;
}

export function fails(...codes: readonly string[]) {
  return (played: Played): string | undefined => {
    const error = mustFail(played, ...codes);
    return typeof error === 'string' ? error : undefined;
  };
}

/** The answer is not what the integration describes, and trying again will not help. */
export function failsForGood(played: Played): string | undefined {
  const error = mustFail(played, 'provider_error');
  if (typeof error === 'string') return error;
  return error.retry === 'never' ? undefined : 'is tried again, which will not help';
}

/** Trying again may help. */
export function failsForNow(...codes: readonly string[]) {
  return (played: Played): string | undefined => {
    const error = mustFail(played, ...codes);
    if (typeof error === 'string') return error;
    return error.retry === 'never' ? 'is not tried again' : undefined;
  };
}

export interface WaitExpectation {
  /** Undefined: a provider that does not say. */
  readonly waitMs?: number | undefined;
  /** Whether there must be a wait at all. */
  readonly told: boolean;
}

/** Limited, with a wait that no misread unit could have made. */
export function isLimited(expected: WaitExpectation) {
  return (played: Played): string | undefined => {
    const error = mustFail(played, 'rate_limited');
    if (typeof error === 'string') return error;
    return error instanceof RateLimitedError
      ? judgeWait(error, expected, played.nowMs)
      : 'is no rate limit';
  };
}

function judgeWait(
  { resumeAtMs, headers }: RateLimitedError,
  { waitMs, told }: WaitExpectation,
  nowMs: number,
): string | undefined {
  if (resumeAtMs === undefined) return told ? 'does not know when to come back' : undefined;
  const foundMs = resumeAtMs - nowMs;
  if (foundMs < 0 || foundMs > LONGEST_WAIT_MS) return `waits ${foundMs} ms`;
  if (waitMs !== undefined && Math.abs(foundMs - waitMs) > 1_000) {
    return `waits ${foundMs} ms instead of ${waitMs}`;
  }
  return headers['retry-after'] === undefined ? 'does not pass on retry-after' : undefined;
}

/** Goes on as if nothing had been. */
export function completes(count: number) {
  return ({ outcome }: Played): string | undefined => {
    if (outcome.kind === 'failed') return `failed: ${describeError(outcome.error)}`;
    const found = outcome.records.length;
    return found === count ? undefined : `completed with ${found} records instead of ${count}`;
  };
}
