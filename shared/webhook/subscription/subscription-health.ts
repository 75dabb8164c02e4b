/**
 * What deliveries note about a receiver, and the end of one that never answers.
 *
 * These writes are not guarded by the subscription's version: a count that is lost to a race costs
 * one more try, and disabling is conditional, so that one of several racers tells about it.
 */
import { subscriptionKey } from '../../aws/keys.ts';
import { type Change, ConditionFailedError, type Table } from '../../aws/table.ts';
import type { Clock } from '../../kernel/clock.ts';
import { type DisabledReason, isExhausted, type Subscription } from './subscription.ts';
import { readSubscription } from './subscription-item.ts';

export interface DeliveryResult {
  readonly ok: boolean;
  /** The receiver said that it is gone for good. */
  readonly gone: boolean;
}

export interface SubscriptionHealth {
  /** Counts the result. True where it is what disabled the subscription. */
  note(subscription: Subscription, result: DeliveryResult): Promise<boolean>;
}

export function createSubscriptionHealth(deps: {
  readonly table: Table;
  readonly clock: Clock;
  /** Tells the other receivers; see publish.ts. */
  readonly onDisabled: (subscription: Subscription, why: DisabledReason) => Promise<void>;
}): SubscriptionHealth {
  const { table, clock } = deps;
  const disable = async (subscription: Subscription, why: DisabledReason): Promise<boolean> => {
    const set = { status: 'disabled', disabledReason: why, updatedAtMs: clock.now() };
    const changed = await updateIf(table, subscription, '#status = :enabled', {
      set,
      add: { version: 1 },
    });
    if (changed) await deps.onDisabled(subscription, why);
    return changed !== undefined;
  };
  return {
    async note(subscription, { ok, gone }) {
      if (ok) {
        // The usual case writes nothing: there is no failure to forget.
        if (subscription.firstFailureAtMs !== undefined) await forget(table, subscription);
        return false;
      }
      if (gone) return disable(subscription, 'gone');
      const counted = await count(table, subscription, clock.now());
      return counted && isExhausted(counted, clock.now()) ? disable(counted, 'failing') : false;
    },
  };
}

async function forget(table: Table, subscription: Subscription): Promise<void> {
  await updateIf(table, subscription, 'attribute_exists(#firstFailureAtMs)', {
    set: { failures: 0 },
    remove: ['firstFailureAtMs'],
  });
}

async function count(
  table: Table,
  subscription: Subscription,
  nowMs: number,
): Promise<Subscription | undefined> {
  const first = await updateIf(
    table,
    subscription,
    'attribute_exists(#pk) AND attribute_not_exists(#firstFailureAtMs)',
    { set: { firstFailureAtMs: nowMs, failures: 1 } },
  );
  return first ?? updateIf(table, subscription, 'attribute_exists(#pk)', { add: { failures: 1 } });
}

/** The subscription after the change, or undefined where the condition did not hold. */
async function updateIf(
  table: Table,
  { environmentId, id }: Subscription,
  when: string,
  change: Change,
): Promise<Subscription | undefined> {
  const values = when.includes(':enabled') ? { enabled: 'enabled' } : {};
  try {
    const item = await table.update(subscriptionKey(environmentId, id), change, { when, values });
    return readSubscription(item).subscription;
  } catch (error) {
    if (error instanceof ConditionFailedError) return undefined;
    throw error;
  }
}
