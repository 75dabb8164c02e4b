/** How long to wait before a try again where nobody said: capped exponential, with jitter. */
import type { Random } from '../kernel/random.ts';

export interface BackoffRule {
  readonly baseMs: number;
  readonly capMs: number;
  /** Chance added, so that callers that failed together do not return together. */
  readonly jitterMs: number;
}

/** `base × 2^attempt`, capped, plus up to `jitterMs`. `attempt` counts from 0. */
export function backoffMs(rule: BackoffRule, attempt: number, random: Random): number {
  // 2^30 times any base is above any cap; beyond it the power would lose precision.
  const grown = rule.baseMs * 2 ** Math.min(attempt, 30);
  return Math.min(grown, rule.capMs) + random.integer(0, rule.jitterMs);
}
