/**
 * Subscriptions as their owner sees them: made, listed, changed, ended.
 *
 * Errors  {@link NotFoundError}, InsecureUrlError; ConditionFailedError where `ifVersion` is not
 *         the version any more
 */
import { environmentPartition, sortPrefix, subscriptionKey } from '../../aws/keys.ts';
import { type Change, ConditionFailedError, type Table } from '../../aws/table.ts';
import type { Clock } from '../../kernel/clock.ts';
import { NotFoundError } from '../../kernel/errors.ts';
import type { EnvironmentId, IdFactory, SubscriptionId } from '../../kernel/id.ts';
import type { Transient } from '../../kernel/transient.ts';
import {
  checkTargetUrl,
  type NewSubscription,
  type Subscription,
  type SubscriptionChange,
} from './subscription.ts';
import {
  readSubscription,
  type StoredSubscription,
  subscriptionItem,
} from './subscription-item.ts';
import { rotated, type SubscriptionSecrets } from './subscription-secrets.ts';

export interface SubscriptionStoreDeps {
  readonly table: Table;
  readonly secrets: Pick<SubscriptionSecrets, 'make'>;
  readonly ids: IdFactory;
  readonly clock: Clock;
  /** Accept http://127.0.0.1 and the like; only ever true in the local runtime. */
  readonly allowLoopback: boolean;
}

/** The secret is shown to the caller this once. */
export interface WithSecret {
  readonly subscription: Subscription;
  readonly secret: Transient<string>;
}

export interface ListPage {
  readonly limit?: number;
  readonly start?: string;
}

export interface SubscriptionList {
  readonly subscriptions: readonly Subscription[];
  readonly next?: string;
}

export interface SubscriptionStore {
  create(environmentId: EnvironmentId, input: NewSubscription): Promise<WithSecret>;
  get(environmentId: EnvironmentId, id: SubscriptionId): Promise<Subscription>;
  list(environmentId: EnvironmentId, page?: ListPage): Promise<SubscriptionList>;
  patch(
    environmentId: EnvironmentId,
    id: SubscriptionId,
    change: SubscriptionChange,
    ifVersion?: number,
  ): Promise<Subscription>;
  delete(environmentId: EnvironmentId, id: SubscriptionId): Promise<void>;
  /** The secrets before sign on for `overlapMs`; 0 ends them now. */
  rotateSecret(
    environmentId: EnvironmentId,
    id: SubscriptionId,
    overlapMs: number,
  ): Promise<WithSecret>;
  /** Also forgets the failures that led to it being disabled. */
  enable(environmentId: EnvironmentId, id: SubscriptionId): Promise<Subscription>;
}

export function createSubscriptionStore(deps: SubscriptionStoreDeps): SubscriptionStore {
  const { table, clock, secrets, allowLoopback } = deps;
  const changeOf = (environmentId: EnvironmentId, id: SubscriptionId) =>
    changer(deps, environmentId, id);
  return {
    create: (environmentId, input) => create(deps, environmentId, input),

    get: async (environmentId, id) => (await load(table, environmentId, id)).subscription,

    async list(environmentId, page = {}) {
      const answer = await table.query({
        partition: environmentPartition(environmentId),
        sort: { beginsWith: sortPrefix.subscription },
        consistent: true,
        ...page,
      });
      const subscriptions = answer.items.map((item) => readSubscription(item).subscription);
      return answer.next === undefined ? { subscriptions } : { subscriptions, next: answer.next };
    },

    async patch(environmentId, id, { description, url, events }, ifVersion) {
      if (url !== undefined) checkTargetUrl(url, allowLoopback);
      const set = { url, events, description: description ?? undefined };
      const remove = description === null ? ['description'] : [];
      return changeOf(environmentId, id)({ set, remove }, ifVersion);
    },

    async delete(environmentId, id) {
      const when = { when: 'attribute_exists(#pk)' };
      await table.delete(subscriptionKey(environmentId, id), when).catch((error: unknown) => {
        throw error instanceof ConditionFailedError ? missing(id, error) : error;
      });
    },

    async rotateSecret(environmentId, id, overlapMs) {
      const stored = await load(table, environmentId, id);
      const { secret, sealed } = await secrets.make(stored.subscription);
      const set = { secrets: rotated(stored.secrets, sealed, clock.now(), overlapMs) };
      // Of two rotations at once, the second finds another version: no secret is lost unseen.
      const subscription = await changeOf(environmentId, id)({ set }, stored.subscription.version);
      return { subscription, secret };
    },

    enable: (environmentId, id) =>
      changeOf(
        environmentId,
        id,
      )({
        set: { status: 'enabled', failures: 0 },
        remove: ['disabledReason', 'firstFailureAtMs'],
      }),
  };
}

async function create(
  { table, secrets, ids, clock, allowLoopback }: SubscriptionStoreDeps,
  environmentId: EnvironmentId,
  { url, events, description }: NewSubscription,
): Promise<WithSecret> {
  checkTargetUrl(url, allowLoopback);
  const nowMs = clock.now();
  const subscription: Subscription = {
    id: ids.make('sub'),
    environmentId,
    url,
    events,
    ...(description === undefined ? {} : { description }),
    status: 'enabled',
    failures: 0,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    version: 1,
  };
  const { secret, sealed } = await secrets.make(subscription);
  await table.put(subscriptionItem({ subscription, secrets: [sealed] }), {
    when: 'attribute_not_exists(#pk)',
  });
  return { subscription, secret };
}

async function load(
  table: Table,
  environmentId: EnvironmentId,
  id: SubscriptionId,
): Promise<StoredSubscription> {
  const item = await table.get(subscriptionKey(environmentId, id));
  if (!item) throw missing(id);
  return readSubscription(item);
}

/** What a caller changes: one version more, on the version it saw if it says so. */
function changer(
  { table, clock }: SubscriptionStoreDeps,
  environmentId: EnvironmentId,
  id: SubscriptionId,
) {
  const key = subscriptionKey(environmentId, id);
  return async ({ set, remove }: Change, ifVersion?: number): Promise<Subscription> => {
    const change = {
      set: { ...set, updatedAtMs: clock.now() },
      add: { version: 1 },
      remove: remove ?? [],
    };
    const condition =
      ifVersion === undefined
        ? { when: 'attribute_exists(#pk)' }
        : { when: '#version = :seen', values: { seen: ifVersion } };
    try {
      return readSubscription(await table.update(key, change, condition)).subscription;
    } catch (error) {
      if (!(error instanceof ConditionFailedError)) throw error;
      if (ifVersion !== undefined && (await table.get(key))) throw error;
      throw missing(id, error);
    }
  };
}

function missing(id: SubscriptionId, cause?: unknown): NotFoundError {
  return new NotFoundError('no such webhook subscription', { subscriptionId: id }, { cause });
}
