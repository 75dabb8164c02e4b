/**
 * One execution of a sync job for one account: what is known of it, and how the API shows it.
 *
 * Life    queued → running ⇄ rate_limited → completed | failed; paused and cancelled from any of
 *         the first three. While `closing`, the end is decided and its consequences (watermark,
 *         lock) are being written; the API shows `running` until they are, so that whoever sees
 *         the end sees its consequences too.
 * Units   `seq` counts commits, `sequence` the events that were delivered
 */
import { isoTime } from '../../kernel/clock.ts';
import type { AccountId, EnvironmentId, JobId, RunId, TenantId } from '../../kernel/id.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { RecordFault } from './record-fault.ts';

export type RunStatus =
  | 'queued'
  | 'running'
  | 'rate_limited'
  | 'paused'
  | 'completed'
  | 'failed'
  | 'cancelled';

export type ResourceCounter = {
  readonly fetched: number;
  readonly emitted: number;
  readonly errored: number;
};

export interface Counters {
  readonly [resource: string]: ResourceCounter;
}

/** Why a run failed: a public code and a sentence. */
export interface RunError {
  readonly [member: string]: string;
  readonly code: string;
  readonly message: string;
}

export interface SyncRun {
  readonly id: RunId;
  readonly jobId: JobId;
  readonly environmentId: EnvironmentId;
  readonly tenantId: TenantId;
  readonly accountId: AccountId;
  /** Delivered by steps to subscriptions, or written into one HTTP answer. */
  readonly mode: 'steps' | 'stream';
  readonly status: RunStatus;
  readonly closing: boolean;
  /** The end that a run is heading for, decided before it is told. */
  readonly error?: RunError | undefined;
  readonly createdAtMs: number;
  readonly startedAtMs?: number | undefined;
  readonly completedAtMs?: number | undefined;
  readonly previousRunDateMs: number;
  /** A list was not read to its end: the watermark must not move. */
  readonly incomplete: boolean;
  readonly counters: Counters;
  readonly seq: number;
  readonly sequence: number;
  /** Pages of the batch at `seq`, where an earlier try has cut it. */
  readonly cutPages?: number | undefined;
  /** Claims of this position that did not give the run back in order; 1 for the one that works. */
  readonly attempts: number;
  /** Failures in a row, each kind since the last commit. */
  readonly consumerFailures: number;
  readonly fetchFailures: number;
  readonly rateLimitStreak: number;
  readonly rateLimitedCount: number;
  readonly resumeAtMs?: number | undefined;
  /** Of the lock that makes this the one active run of its job and account. */
  readonly fence: number;
  readonly token: string;
  readonly leaseOwner?: string | undefined;
  readonly leaseUntilMs: number;
  readonly dueAtMs?: number | undefined;
}

const FINAL: ReadonlySet<RunStatus> = new Set(['completed', 'failed', 'cancelled']);

export function isFinal({ status }: Pick<SyncRun, 'status'>): boolean {
  return FINAL.has(status);
}

export function emptyCounters(resources: readonly string[]): Counters {
  return Object.fromEntries(
    resources.map((resource) => [resource, { fetched: 0, emitted: 0, errored: 0 }]),
  );
}

export interface BatchCounts {
  readonly fetched: ReadonlyMap<string, number>;
  readonly groups: ReadonlyMap<string, readonly unknown[]>;
  readonly faults: readonly Pick<RecordFault, 'resource'>[];
}

export function countBatch(counters: Counters, batch: BatchCounts): Counters {
  const next: Record<string, ResourceCounter> = { ...counters };
  const add = (resource: string, by: Partial<ResourceCounter>) => {
    const now = next[resource] ?? { fetched: 0, emitted: 0, errored: 0 };
    next[resource] = {
      fetched: now.fetched + (by.fetched ?? 0),
      emitted: now.emitted + (by.emitted ?? 0),
      errored: now.errored + (by.errored ?? 0),
    };
  };
  for (const [resource, fetched] of batch.fetched) add(resource, { fetched });
  for (const [resource, group] of batch.groups) add(resource, { emitted: group.length });
  for (const { resource } of batch.faults) add(resource, { errored: 1 });
  return next;
}

export function presentCounters(counters: Counters): JsonObject {
  return Object.fromEntries(
    Object.entries(counters).map(([resource, { fetched, emitted, errored }]) => [
      resource,
      { fetched, emitted, errored },
    ]),
  );
}

/** When a run that waits goes on: for the provider's limit, or for whoever failed it last. */
function resumesAtMs(run: SyncRun): number | undefined {
  if (run.status === 'rate_limited') return run.resumeAtMs;
  const waits = run.consumerFailures > 0 || run.fetchFailures > 0;
  // A lease means that a worker has it in hand just now.
  return run.status === 'running' && waits && run.leaseUntilMs === 0 ? run.dueAtMs : undefined;
}

/** The run as the API answers it. */
export function presentRun(run: SyncRun): JsonObject {
  const ended = isFinal(run) && !run.closing;
  const time = (atMs: number | undefined) => (atMs === undefined ? null : isoTime(atMs));
  return {
    id: run.id,
    sync_job_id: run.jobId,
    integrated_account_id: run.accountId,
    status: run.closing ? 'running' : run.status,
    started_at: time(run.startedAtMs),
    completed_at: ended ? time(run.completedAtMs) : null,
    previous_run_date: isoTime(run.previousRunDateMs),
    resources: presentCounters(run.counters),
    error: ended && run.error ? { code: run.error.code, message: run.error.message } : null,
    rate_limited_count: run.rateLimitedCount,
    resume_at: time(resumesAtMs(run)),
  };
}
