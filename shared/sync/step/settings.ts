/**
 * The lengths of time and the limits that a run keeps, and what must hold between them.
 *
 * - `leaseMs > deliveryTimeoutMs + LEASE_MARGIN_MS`: nothing is sent unless the lease outlives the
 *   answer; a lease that does not is renewed first, and every commit renews it.
 * - `stepBudgetMs + slowBatchMs + provider timeout + deliveryTimeoutMs ≤` the function's timeout:
 *   a step that is out of time still finishes the batch that it has begun (infra/settings.ts).
 */
import { InvariantError } from '../../kernel/errors.ts';

/** For the write that renews, and for clocks that differ. */
export const LEASE_MARGIN_MS = 200;

export interface SyncSettings {
  /** How long a step works before it hands over to the next. */
  readonly stepBudgetMs: number;
  readonly leaseMs: number;
  /** The longest that one event waits for its answer. */
  readonly deliveryTimeoutMs: number;
  /** A batch that takes longer to fill is delivered as far as it is. */
  readonly slowBatchMs: number;
  readonly consumerBackoffMinMs: number;
  readonly consumerBackoffMaxMs: number;
  /** Tries again of a provider that cannot be reached, before the run fails. */
  readonly fetchRetries: number;
  readonly fetchBackoffBaseMs: number;
  /** Where the provider names no time: base × 2^attempt, at most the maximum. */
  readonly rateLimitBaseMs: number;
  readonly rateLimitMaxMs: number;
  /** Claims of one position without a commit before the run counts as poisoned. */
  readonly maxAttempts: number;
  /** After which the sweeper looks for a run whose hint may be lost. */
  readonly graceMs: number;
  /** Tries to tell that a run failed, before it fails untold. */
  readonly failedEventTries: number;
}

export const DEFAULT_SETTINGS: SyncSettings = {
  stepBudgetMs: 240_000,
  leaseMs: 90_000,
  deliveryTimeoutMs: 15_000,
  slowBatchMs: 20_000,
  consumerBackoffMinMs: 5_000,
  consumerBackoffMaxMs: 900_000,
  // Three to five tries again for what may pass by itself.
  fetchRetries: 4,
  fetchBackoffBaseMs: 1_000,
  rateLimitBaseMs: 1_000,
  rateLimitMaxMs: 86_400_000,
  maxAttempts: 5,
  graceMs: 30_000,
  failedEventTries: 5,
};

/** @throws InvariantError where the numbers cannot hold together */
export function syncSettings(given: Partial<SyncSettings> = {}): SyncSettings {
  const settings = { ...DEFAULT_SETTINGS, ...given };
  if (settings.leaseMs <= settings.deliveryTimeoutMs + LEASE_MARGIN_MS) {
    throw new InvariantError('expected that a lease outlives one delivery');
  }
  return settings;
}
