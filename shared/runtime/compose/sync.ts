/** Sync jobs and runs: their stores, and what starts and steps them. */
import type { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { type AccountStore, createFindAccount } from '../../account/account-store.ts';
import { createJobStore, type JobStore } from '../../sync/job/job-store.ts';
import { type ActiveRunLock, createActiveRunLock } from '../../sync/run/active-run.ts';
import { type CloseRun, createCloseRun } from '../../sync/run/close-run.ts';
import type { SendHint } from '../../sync/run/hint.ts';
import { createRunSnapshotStore, type RunSnapshotStore } from '../../sync/run/run-snapshot.ts';
import { createRunStore, type RunStore } from '../../sync/run/run-store.ts';
import type { SyncRun } from '../../sync/run/sync-run.ts';
import { createWatermarkStore, type WatermarkStore } from '../../sync/run/watermark-store.ts';
import type { ReadAccount } from '../../sync/start/open-run.ts';
import type { AccountsOf } from '../../sync/start/start-scheduled.ts';
import { DEFAULT_SETTINGS, type SyncSettings, syncSettings } from '../../sync/step/settings.ts';
import type { Log } from '../telemetry.ts';
import { milliseconds } from './egress.ts';
import { createSendToQueue } from './queue-sender.ts';
import type { Storage } from './storage.ts';

/** Timing of runs; each has the default of sync/settings.ts. */
export const syncTimes = {
  STEP_BUDGET_MS: milliseconds.default(DEFAULT_SETTINGS.stepBudgetMs),
  LEASE_MS: milliseconds.default(DEFAULT_SETTINGS.leaseMs),
  DELIVERY_TIMEOUT_MS: milliseconds.default(DEFAULT_SETTINGS.deliveryTimeoutMs),
  CONSUMER_BACKOFF_MIN_MS: milliseconds.default(DEFAULT_SETTINGS.consumerBackoffMinMs),
  CONSUMER_BACKOFF_MAX_MS: milliseconds.default(DEFAULT_SETTINGS.consumerBackoffMaxMs),
} as const;

/** Of functions that start runs or hand them on. */
export const stepQueueSettings = { STEP_QUEUE_URL: z.string().min(1) } as const;

const PAGE = 100;

type SyncTimes = { readonly [Name in keyof typeof syncTimes]?: number };

export interface Sync {
  readonly jobs: JobStore;
  readonly runs: RunStore;
  readonly snapshots: RunSnapshotStore;
  readonly lock: ActiveRunLock;
  readonly watermarks: WatermarkStore;
  readonly closeRun: CloseRun;
  readonly readAccount: ReadAccount;
  readonly settings: SyncSettings;
  readonly graceMs: number;
}

export function createSync(storage: Storage, times: SyncTimes = {}): Sync {
  const { table } = storage;
  const settings = settingsOf(times);
  const { leaseMs, graceMs } = settings;
  const watermarks = createWatermarkStore(storage);
  const lock = createActiveRunLock(storage);
  const snapshots = createRunSnapshotStore(storage);
  return {
    jobs: createJobStore(storage),
    runs: createRunStore({ ...storage, leaseMs, graceMs }),
    snapshots,
    lock,
    watermarks,
    closeRun: createCloseRun({ table, watermarks, lock, snapshots }),
    readAccount: createFindAccount(table),
    settings,
    graceMs,
  };
}

export function createSendHint(
  sqs: SQSClient,
  { STEP_QUEUE_URL }: { readonly STEP_QUEUE_URL: string },
): SendHint {
  return createSendToQueue(sqs, STEP_QUEUE_URL);
}

/** Page after page. */
export function accountsOf(accounts: Pick<AccountStore, 'list'>): AccountsOf {
  return async function* (environmentId, integration) {
    let start: string | undefined;
    do {
      const page = await accounts.list(environmentId, { integration, limit: PAGE, start });
      yield* page.items;
      start = page.next;
    } while (start !== undefined);
  };
}

/** An operator may want to know of a run that waits for its provider again and again. */
export function rateLimitAlert(log: Log): (run: SyncRun) => void {
  return (run) =>
    log.warn('a sync run waits for its provider more often than its job takes for normal', {
      environment_id: run.environmentId,
      sync_job_run_id: run.id,
      integrated_account_id: run.accountId,
      rate_limited_count: run.rateLimitedCount,
    });
}

function settingsOf(times: SyncTimes): SyncSettings {
  const given = {
    stepBudgetMs: times.STEP_BUDGET_MS,
    leaseMs: times.LEASE_MS,
    deliveryTimeoutMs: times.DELIVERY_TIMEOUT_MS,
    consumerBackoffMinMs: times.CONSUMER_BACKOFF_MIN_MS,
    consumerBackoffMaxMs: times.CONSUMER_BACKOFF_MAX_MS,
  };
  return syncSettings(
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  );
}
