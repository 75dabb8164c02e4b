/**
 * How long an access token lives.
 *
 * Shape   by the integration's word, else `expires_in` of RFC 6749 §5.1; undefined: until refused
 * Units   milliseconds; a life is counted from before the request that brought the token
 */
import type { Expiry } from '../../integration/auth/plan.ts';
import { evaluateOn, type TokenAnswer } from './token-answer.ts';

/** Ten years; a longer life is not believed, and would not fit a date. */
const MAX_LIFETIME_S = 315_360_000;
/** Numbers and texts of one: `3600`, `"3600"`, `"1.5"`. */
const NUMBER = /^\d+(?:\.\d+)?$/;

export function lifetimeMs(
  expires: Expiry | undefined,
  expiresIn: unknown,
  answer: TokenAnswer,
  nowMs: number,
): number | undefined {
  switch (expires?.kind) {
    case undefined:
      return believable(numberOf(expiresIn));
    case 'unknown':
      return undefined;
    case 'after':
      return expires.ms;
    case 'seconds':
      return believable(numberOf(evaluateOn(expires.expression, answer)));
    case 'at': {
      const atMs = instantOf(evaluateOn(expires.expression, answer));
      // One that is past ends at once, and is renewed before its use.
      return atMs === undefined ? undefined : believable(Math.max(0.001, (atMs - nowMs) / 1_000));
    }
  }
}

function believable(seconds: number | undefined): number | undefined {
  if (seconds === undefined || seconds <= 0 || seconds > MAX_LIFETIME_S) return undefined;
  return Math.floor(seconds * 1_000);
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'string' && NUMBER.test(value) ? Number(value) : undefined;
}

/** ISO 8601, or seconds since the epoch. */
function instantOf(value: unknown): number | undefined {
  const seconds = numberOf(value);
  if (seconds !== undefined) return seconds * 1_000;
  const atMs = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(atMs) ? atMs : undefined;
}
