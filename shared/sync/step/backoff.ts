/**
 * How long a run waits, and for whom.
 *
 * Source  the required backoff: base × 2^attempt + random(0..1000) ms where the provider names no time
 */
import { backoffMs } from '../../http/backoff.ts';
import type { Random } from '../../kernel/random.ts';
import type { SyncSettings } from './settings.ts';

const JITTER_MS = 1_000;

/** For a consumer that did not take an event. `failures` before this one; it may ask for longer. */
export function consumerWaitMs(
  { consumerBackoffMinMs, consumerBackoffMaxMs }: SyncSettings,
  failures: number,
  askedMs: number | undefined,
  random: Random,
): number {
  const rule = {
    baseMs: consumerBackoffMinMs,
    capMs: consumerBackoffMaxMs,
    // Never more than the wait itself, which tests make short.
    jitterMs: Math.min(JITTER_MS, consumerBackoffMinMs),
  };
  const waitMs = Math.max(backoffMs(rule, failures, random), askedMs ?? 0);
  return Math.min(waitMs, consumerBackoffMaxMs);
}

/** For a provider that cannot be reached. */
export function fetchWaitMs(settings: SyncSettings, failures: number, random: Random): number {
  const { fetchBackoffBaseMs: baseMs } = settings;
  const rule = {
    baseMs,
    capMs: settings.consumerBackoffMaxMs,
    jitterMs: Math.min(JITTER_MS, baseMs),
  };
  return backoffMs(rule, failures, random);
}

/**
 * When to ask a provider again that limits the rate: `saidMs`, the instant that it named, or after
 * a wait that doubles with each of `waits` in a row. Jitter is on top, so that the runs that wait
 * for the same instant do not all come at once.
 */
export function rateLimitUntilMs(
  { rateLimitBaseMs, rateLimitMaxMs }: SyncSettings,
  saidMs: number | undefined,
  waits: number,
  nowMs: number,
  random: Random,
): number {
  if (saidMs !== undefined) {
    const waitMs = Math.min(Math.max(0, saidMs - nowMs), rateLimitMaxMs);
    return nowMs + waitMs + random.integer(0, JITTER_MS);
  }
  const rule = { baseMs: rateLimitBaseMs, capMs: rateLimitMaxMs, jitterMs: JITTER_MS };
  return nowMs + backoffMs(rule, waits, random);
}
