/**
 * Where every entity lives: the partition and sort keys of both tables, and of the indexes.
 *
 * Shape   `*Key` names one item; `*Listing` are the attributes that put an item into `gsi1`;
 *         `*Partition` and `*Prefix` are what a query asks for.
 *         Ids of ours hold no `#`. A tenant's id may: it always stands last, so that no two
 *         owners share a key.
 */
import { createHash } from 'node:crypto';
import type {
  AccountId,
  ApiKeyId,
  EnvironmentId,
  EventId,
  JobId,
  RunId,
  SubscriptionId,
  TenantId,
} from '../kernel/id.ts';
import type { ItemKey } from './table.ts';

/** Attributes that list an item in `gsi1`. */
export interface Listing {
  readonly gsi1pk: string;
  readonly gsi1sk: string;
}

/** What an environment's API keys, tenants, accounts and jobs start with in its `gsi1` partition. */
export const listingPrefix = {
  apiKey: 'KEY#',
  tenant: 'TEN#',
  account: 'ACCT#',
  job: 'JOB#',
  run: 'RUN#',
} as const;

/** Sort-key prefixes inside a table partition. */
export const sortPrefix = {
  subscription: 'SUB#',
  watermark: 'WM#',
  attempt: 'A#',
  /** An override and its versions. */
  override: 'OVR',
  overrideVersion: 'OVR#V#',
} as const;

/** Runs that are due are spread over this many partitions of the `due` index. */
export const DUE_SHARDS = 8;

/** Partition of `gsi1` that lists what belongs to an environment, and of the table for subscriptions. */
export function environmentPartition(environmentId: EnvironmentId): string {
  return `ENV#${environmentId}`;
}

export function environmentKey(environmentId: EnvironmentId): ItemKey {
  return { pk: environmentPartition(environmentId), sk: 'META' };
}

export function apiKeyKey(apiKeyId: ApiKeyId): ItemKey {
  return { pk: `KEY#${apiKeyId}`, sk: 'META' };
}

export function apiKeyListing(environmentId: EnvironmentId, apiKeyId: ApiKeyId): Listing {
  return { gsi1pk: environmentPartition(environmentId), gsi1sk: `KEY#${apiKeyId}` };
}

export function tenantKey(environmentId: EnvironmentId, tenantId: TenantId): ItemKey {
  return { pk: `ENV#${environmentId}#TEN#${tenantId}`, sk: 'META' };
}

export function tenantListing(environmentId: EnvironmentId, tenantId: TenantId): Listing {
  return { gsi1pk: environmentPartition(environmentId), gsi1sk: `TEN#${tenantId}` };
}

export function accountKey(accountId: AccountId): ItemKey {
  return { pk: `ACCT#${accountId}`, sk: 'META' };
}

/** `createdAt`: ISO 8601, so that accounts list in the order they were made. */
export function accountListing(
  environmentId: EnvironmentId,
  createdAt: string,
  accountId: AccountId,
): Listing {
  return { gsi1pk: environmentPartition(environmentId), gsi1sk: `ACCT#${createdAt}#${accountId}` };
}

export function credentialKey(accountId: AccountId): ItemKey {
  return { pk: `ACCT#${accountId}`, sk: 'CRED' };
}

/** What an environment changes of an integration's mappings. */
export function environmentOverrideKey(environmentId: EnvironmentId, integration: string): ItemKey {
  return { pk: `ENV#${environmentId}#OVR#${integration}`, sk: sortPrefix.override };
}

/** What an account changes of its integration's mappings. */
export function accountOverrideKey(accountId: AccountId): ItemKey {
  return { pk: `ACCT#${accountId}`, sk: sortPrefix.override };
}

/** What an override was before; padded, so that versions sort as they came. */
export function overrideVersionKey({ pk }: ItemKey, version: number): ItemKey {
  return { pk, sk: `${sortPrefix.overrideVersion}${String(version).padStart(8, '0')}` };
}

/** The environment's OAuth client of an integration. */
export function appKey(environmentId: EnvironmentId, integration: string): ItemKey {
  return { pk: `ENV#${environmentId}#APP#${integration}`, sk: 'META' };
}

export function jobPartition(jobId: JobId): string {
  return `JOB#${jobId}`;
}

export function jobKey(jobId: JobId): ItemKey {
  return { pk: jobPartition(jobId), sk: 'META' };
}

export function jobListing(environmentId: EnvironmentId, jobId: JobId): Listing {
  return { gsi1pk: environmentPartition(environmentId), gsi1sk: `JOB#${jobId}` };
}

export function watermarkKey(jobId: JobId, accountId: AccountId): ItemKey {
  return { pk: jobPartition(jobId), sk: `WM#${accountId}` };
}

/** Held by the one active run of a job and an account. */
export function activeRunKey(jobId: JobId, accountId: AccountId): ItemKey {
  return { pk: jobPartition(jobId), sk: `ACTIVE#${accountId}` };
}

export function runKey(runId: RunId): ItemKey {
  return { pk: `RUN#${runId}`, sk: 'STATE' };
}

export function runListing(jobId: JobId, runId: RunId): Listing {
  return { gsi1pk: jobPartition(jobId), gsi1sk: `RUN#${runId}` };
}

/** Partition of the `due` index for shard 0 to {@link DUE_SHARDS} - 1. */
export function runDuePartition(shard: number): string {
  return `DUE#run#${shard}`;
}

/** The shard that a run is always in. */
export function runShard(runId: RunId): number {
  return createHash('sha256').update(runId).digest().readUInt8(0) % DUE_SHARDS;
}

export function subscriptionKey(
  environmentId: EnvironmentId,
  subscriptionId: SubscriptionId,
): ItemKey {
  return { pk: environmentPartition(environmentId), sk: `SUB#${subscriptionId}` };
}

export function deliveryPartition(eventId: EventId, subscriptionId: SubscriptionId): string {
  return `DLV#${eventId}#${subscriptionId}`;
}

/** `attempt` counts from 1; padded, so that attempts sort as they happened. */
export function attemptKey(
  eventId: EventId,
  subscriptionId: SubscriptionId,
  attempt: number,
): ItemKey {
  const number = String(attempt).padStart(4, '0');
  return { pk: deliveryPartition(eventId, subscriptionId), sk: `A#${number}` };
}

/** The caller's own key is hashed: it may be long, and it is not ours to show. */
export function idempotencyKey(environmentId: EnvironmentId, callerKey: string): ItemKey {
  const digest = createHash('sha256').update(callerKey).digest('hex');
  return { pk: `IDEM#${environmentId}#${digest}`, sk: 'I' };
}

/** An upstream is shared by all environments of a deployment, and so is what is known of its health. */
export function circuitKey(upstream: {
  readonly integration: string;
  readonly host: string;
}): ItemKey {
  return { pk: `BRK#${upstream.integration}#${upstream.host}`, sk: 'STATE' };
}

/** Partition of `gsi1` that lists the circuits that are open. */
export function openCircuitsPartition(): string {
  return 'BRK#open';
}

export function circuitListing(upstream: {
  readonly integration: string;
  readonly host: string;
}): Listing {
  return { gsi1pk: openCircuitsPartition(), gsi1sk: `${upstream.integration}#${upstream.host}` };
}

/** A lease that guards no item of its own. */
export function lockKey(name: string): ItemKey {
  return { pk: `LOCK#${name}`, sk: 'L' };
}

/** In table `keys`. `ownerId`: a tenant's id, or `environment`. */
export function ownerKeyKey(environmentId: EnvironmentId, ownerId: string): ItemKey {
  return { pk: `ENV#${environmentId}#TEN#${ownerId}`, sk: 'KEY' };
}
