/**
 * The least each function needs, one row each. Items are allowed by the beginning of their
 * partition key, so that a function can reach no kind of item that it has no business with.
 */
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Storage } from './constructs/storage.ts';
import type { SyncSchedules } from './constructs/sync-schedules.ts';
import type { WorkQueues } from './constructs/work-queues.ts';
import type { FunctionName } from './functions.ts';
import {
  onClaimList,
  onClaims,
  onIndex,
  onItems,
  onOperatorKey,
  onOwnQueue,
  onQueues,
  onTenantKeys,
} from './permissions.ts';

export interface Resources {
  readonly storage: Storage;
  readonly queues: WorkQueues;
  readonly schedules: SyncSchedules;
}

export function functionPermissions(
  name: FunctionName,
  resources: Resources,
): readonly PolicyStatement[] {
  return permissionTable[name](resources);
}

const permissionTable: Readonly<Record<FunctionName, (resources: Resources) => PolicyStatement[]>> =
  {
    'control-api': ({ storage, queues, schedules }) => [
      onItems(
        'Items',
        storage.main,
        ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
        ['ACCT#*', 'ENV#*', 'IDEM#*', 'JOB#*', 'KEY#*', 'RUN#*'],
      ),
      onIndex('Listings', storage.main, 'gsi1', ['BRK#*', 'ENV#*', 'JOB#*', 'SUB#*']),
      onItems('OwnerKeys', storage.keys, ['GetItem', 'PutItem', 'DeleteItem'], ['ENV#*']),
      onTenantKeys(storage.tenantKek, ['GenerateDataKey', 'Decrypt']),
      ...onQueues(storage.queueKey, [queues.step.queue, queues.delivery.queue]),
      onClaims(storage.claims, ['PutObject']),
      ...schedules.permissions(),
    ],

    'proxy-api': ({ storage, queues }) => [
      onItems('Items', storage.main, ['GetItem'], ['ACCT#*', 'ENV#*', 'KEY#*']),
      onItems('Renewals', storage.main, ['UpdateItem'], ['ACCT#*']),
      ...accountNews(storage, queues),
      breaker(storage),
      ...openSecrets(storage),
    ],

    'unified-api': ({ storage, queues }) => [
      onItems('Items', storage.main, ['GetItem'], ['ACCT#*', 'ENV#*', 'KEY#*']),
      onItems('Renewals', storage.main, ['UpdateItem'], ['ACCT#*']),
      ...accountNews(storage, queues),
      breaker(storage),
      idempotency(storage),
      ...openSecrets(storage),
    ],

    'sync-stream': ({ storage, queues }) => [
      onItems('Items', storage.main, ['GetItem'], ['ACCT#*', 'ENV#*', 'JOB#*', 'KEY#*', 'RUN#*']),
      onItems('Renewals', storage.main, ['UpdateItem'], ['ACCT#*']),
      ...accountNews(storage, queues),
      breaker(storage),
      ...runs(storage),
      ...openSecrets(storage),
    ],

    'account-check': ({ storage, queues }) => [
      onItems('Items', storage.main, ['GetItem'], ['ACCT#*', 'ENV#*', 'KEY#*']),
      onItems('Renewals', storage.main, ['UpdateItem'], ['ACCT#*']),
      // An account goes with every version of its override.
      onItems('Removals', storage.main, ['Query', 'DeleteItem'], ['ACCT#*']),
      ...accountNews(storage, queues),
      breaker(storage),
      idempotency(storage),
      ...openSecrets(storage),
    ],

    // Opens nothing: a scheduled run has no arguments to seal.
    'sync-start': ({ storage, queues }) => [
      onItems('Items', storage.main, ['GetItem'], ['ACCT#*', 'JOB#*', 'RUN#*']),
      onIndex('Accounts', storage.main, 'gsi1', ['ENV#*']),
      ...runs(storage),
      ...onQueues(storage.queueKey, [queues.step.queue]),
      ...onOwnQueue(storage.queueKey, queues.start.queue),
    ],

    'sync-step': ({ storage, queues }) => [
      onItems('Items', storage.main, ['GetItem'], ['ACCT#*', 'ENV#*', 'JOB#*', 'RUN#*']),
      onItems('Renewals', storage.main, ['UpdateItem'], ['ACCT#*']),
      breaker(storage),
      ...runs(storage),
      ...subscribers(storage),
      ...openSecrets(storage),
      ...onQueues(storage.queueKey, [queues.step.queue, queues.delivery.queue]),
      // Events about the account or a subscription; a run's own events never rest.
      onClaims(storage.claims, ['PutObject']),
      ...onOwnQueue(storage.queueKey, queues.step.queue),
    ],

    'sync-sweep': ({ storage, queues }) => [
      onIndex('Due', storage.main, 'due', ['DUE#*']),
      onItems('Runs', storage.main, ['GetItem'], ['RUN#*']),
      ...onQueues(storage.queueKey, [queues.step.queue]),
    ],

    'webhook-deliver': ({ storage, queues }) => [
      onItems('Items', storage.main, ['GetItem'], ['ENV#*']),
      ...subscribers(storage),
      // What it signs with is the operator's; it has no business with a tenant's credential.
      ...onOperatorKey(storage.keys, storage.tenantKek),
      onClaimList(storage.claims),
      // It puts one too: that a subscription was disabled is an event for the others.
      onClaims(storage.claims, ['GetObject', 'DeleteObject', 'PutObject']),
      ...onQueues(storage.queueKey, [queues.delivery.queue]),
      ...onOwnQueue(storage.queueKey, queues.delivery.queue),
    ],

    // May find and delete claims, never read one.
    'claim-sweep': ({ storage }) => [
      onClaimList(storage.claims),
      onClaims(storage.claims, ['DeleteObject']),
    ],
  };

/** What calling a provider takes beside its credential: whether the provider is well. */
function breaker({ main }: Storage): PolicyStatement {
  return onItems('Circuits', main, ['GetItem', 'UpdateItem'], ['BRK#*']);
}

/** That an account is gone, or needs its user, is an event: to whoever wants it, by claim and queue. */
function accountNews({ main, queueKey, claims }: Storage, queues: WorkQueues): PolicyStatement[] {
  return [
    onItems('Subscriptions', main, ['Query'], ['ENV#*']),
    ...onQueues(queueKey, [queues.delivery.queue]),
    onClaims(claims, ['PutObject']),
  ];
}

/** Writes that take effect once for each key of their caller. */
function idempotency({ main }: Storage): PolicyStatement {
  const actions = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'] as const;
  return onItems('Idempotency', main, actions, ['IDEM#*']);
}

/** Making runs and taking them on; a run's snapshot is deleted when it ends. */
function runs({ main }: Storage): PolicyStatement[] {
  return [
    onItems('Runs', main, ['PutItem', 'UpdateItem'], ['JOB#*', 'RUN#*']),
    onItems('Snapshots', main, ['DeleteItem'], ['RUN#*']),
  ];
}

/** Finding who wants an event, noting how it went, and disabling who is gone. */
function subscribers({ main }: Storage): PolicyStatement[] {
  return [
    onItems('Subscriptions', main, ['Query', 'UpdateItem'], ['ENV#*']),
    onItems('Attempts', main, ['PutItem'], ['DLV#*']),
  ];
}

/** Opening what is sealed under an owner's key: credentials, signing secrets, cursors. */
function openSecrets({ keys, tenantKek }: Storage): PolicyStatement[] {
  return [onItems('OwnerKeys', keys, ['GetItem'], ['ENV#*']), onTenantKeys(tenantKek, ['Decrypt'])];
}
