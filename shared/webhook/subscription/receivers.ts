/** The subscriptions that can be sent to, with the secrets that sign for them. */
import { environmentPartition, sortPrefix, subscriptionKey } from '../../aws/keys.ts';
import type { Table } from '../../aws/table.ts';
import type { EnvironmentId, SubscriptionId } from '../../kernel/id.ts';
import type { Transient } from '../../kernel/transient.ts';
import type { Subscription } from './subscription.ts';
import { readSubscription, type StoredSubscription } from './subscription-item.ts';
import type { SubscriptionSecrets } from './subscription-secrets.ts';

export interface Receiver {
  readonly subscription: Subscription;
  /** Newest first. */
  readonly secrets: readonly Transient<string>[];
}

export interface Receivers {
  /** Undefined where the subscription is gone. It may be disabled. */
  one(environmentId: EnvironmentId, id: SubscriptionId): Promise<Receiver | undefined>;
  /** Every enabled subscription of the environment, ready to be sent to. */
  enabled(environmentId: EnvironmentId): Promise<readonly Receiver[]>;
  /** The same without their secrets: enough to ask who wants what. */
  enabledSubscriptions(environmentId: EnvironmentId): Promise<readonly Subscription[]>;
}

export function createReceivers(deps: {
  readonly table: Table;
  readonly secrets: Pick<SubscriptionSecrets, 'open'>;
}): Receivers {
  const open = async (stored: StoredSubscription): Promise<Receiver> => ({
    subscription: stored.subscription,
    secrets: await deps.secrets.open(stored),
  });
  return {
    async one(environmentId, id) {
      const item = await deps.table.get(subscriptionKey(environmentId, id));
      return item && open(readSubscription(item));
    },
    async enabled(environmentId) {
      return Promise.all((await allEnabled(deps.table, environmentId)).map(open));
    },
    async enabledSubscriptions(environmentId) {
      return (await allEnabled(deps.table, environmentId)).map(({ subscription }) => subscription);
    },
  };
}

async function allEnabled(
  table: Table,
  environmentId: EnvironmentId,
): Promise<readonly StoredSubscription[]> {
  const found: StoredSubscription[] = [];
  let start: string | undefined;
  do {
    const page = await table.query({
      partition: environmentPartition(environmentId),
      sort: { beginsWith: sortPrefix.subscription },
      consistent: true,
      ...(start === undefined ? {} : { start }),
    });
    found.push(...page.items.map(readSubscription));
    start = page.next;
  } while (start !== undefined);
  return found.filter(({ subscription }) => subscription.status === 'enabled');
}
