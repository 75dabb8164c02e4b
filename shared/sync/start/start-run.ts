/**
 * Starts a run of a job for an account: checks that it can be of use, takes the lock, writes the
 * run, hints at it.
 *
 * A crash between lock and run leaves a lock without a run: it counts as free after
 * {@link START_GRACE_MS}. A lock whose run has ended counts as free at once, and what was left to
 * do for that run is done first.
 *
 * A run that no subscription would receive is accepted like any other and then fails at once with
 * `no_subscription`: subscriptions may change between start and first step anyway, and nothing is
 * fetched or lost.
 *
 * Errors  NotFoundError, {@link RunInProgressError}, UnprocessableError, NeedsReauthError
 */
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import type { Clock } from '../../kernel/clock.ts';
import { ConflictError, NotFoundError, UnprocessableError } from '../../kernel/errors.ts';
import type { AccountId, EnvironmentId, IdFactory, JobId, RunId } from '../../kernel/id.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { NeedsReauthError } from '../../wire/provider-errors.ts';
import { argFaults } from '../job/args.ts';
import type { JobStore } from '../job/job-store.ts';
import type { SyncJob } from '../job/sync-job.ts';
import type { ActiveRunLock } from '../run/active-run.ts';
import type { CloseRun } from '../run/close-run.ts';
import { hintFor, type SendHint } from '../run/hint.ts';
import type { RunSnapshotStore } from '../run/run-snapshot.ts';
import type { RunStore } from '../run/run-store.ts';
import { emptyCounters, isFinal, type SyncRun } from '../run/sync-run.ts';
import { EPOCH_MS, type WatermarkStore } from '../run/watermark-store.ts';
import type { ReadAccount } from './open-run.ts';

export const START_GRACE_MS = 60_000;

/** The job runs for this account already; `detail.run_id` names that run. */
export class RunInProgressError extends ConflictError {
  override readonly code = 'run_in_progress';
}

export interface StartRequest {
  readonly environmentId: EnvironmentId;
  readonly jobId: JobId;
  readonly accountId: AccountId;
  readonly fullResync?: boolean;
  readonly args?: JsonObject;
}

export interface StartRunDeps {
  readonly jobs: Pick<JobStore, 'get'>;
  readonly runs: Pick<RunStore, 'create' | 'get'>;
  readonly snapshots: RunSnapshotStore;
  readonly lock: ActiveRunLock;
  readonly watermarks: Pick<WatermarkStore, 'get'>;
  readonly closeRun: CloseRun;
  readonly readAccount: ReadAccount;
  readonly ids: IdFactory;
  readonly clock: Clock;
  readonly graceMs: number;
}

export type StartRun = (request: StartRequest) => Promise<SyncRun>;

/** A run that steps deliver to the environment's subscriptions. */
export function createStartRun(deps: StartRunDeps & { readonly sendHint: SendHint }): StartRun {
  return async (request) => {
    const { job, account } = await checkStart(deps, request);
    const dueAtMs = deps.clock.now() + deps.graceMs;
    const run = await placeRun(deps, request, job, account, { mode: 'steps', dueAtMs });
    await deps.sendHint(hintFor(run), 0);
    return run;
  };
}

/** The job and the account, where a run of the one for the other makes sense. */
export async function checkStart(
  deps: Pick<StartRunDeps, 'jobs' | 'readAccount'>,
  { environmentId, jobId, accountId, args = {} }: StartRequest,
): Promise<{ readonly job: SyncJob; readonly account: IntegratedAccount }> {
  const job = await deps.jobs.get(environmentId, jobId);
  const account = await deps.readAccount(accountId);
  if (account?.environmentId !== environmentId) {
    throw new NotFoundError('no such integrated account', { accountId });
  }
  if (account.integration !== job.spec.integration_name) {
    throw new UnprocessableError('the account is of another integration than the job', [
      { path: 'integrated_account_id', message: `must be of ${job.spec.integration_name}` },
    ]);
  }
  if (account.status === 'needs_reauth') {
    throw new NeedsReauthError('the account must be connected again', { accountId });
  }
  if (account.status !== 'active' && account.status !== 'key_unavailable') {
    throw new UnprocessableError(`the account is ${account.status}`);
  }
  const faults = argFaults(job.spec, args);
  if (faults.length > 0)
    throw new UnprocessableError('args that the job needs are missing', faults);
  return { job, account };
}

/** Takes the lock and writes the run. @throws RunInProgressError */
export async function placeRun(
  deps: StartRunDeps,
  { environmentId, fullResync = false, args = {} }: StartRequest,
  job: SyncJob,
  account: IntegratedAccount,
  how: Pick<SyncRun, 'mode' | 'dueAtMs'>,
): Promise<SyncRun> {
  const id = deps.ids.make('run');
  const fence = await takeLock(deps, job.id, account.id, id);
  const watermark = fullResync ? undefined : await deps.watermarks.get(job.id, account.id);
  const run: SyncRun = {
    id,
    jobId: job.id,
    environmentId,
    tenantId: account.tenantId,
    accountId: account.id,
    ...how,
    status: 'queued',
    closing: false,
    createdAtMs: deps.clock.now(),
    previousRunDateMs: watermark?.previousRunDateMs ?? EPOCH_MS,
    incomplete: false,
    counters: emptyCounters(job.spec.resources.map(({ resource }) => resource)),
    seq: 0,
    sequence: 0,
    attempts: 0,
    consumerFailures: 0,
    fetchFailures: 0,
    rateLimitStreak: 0,
    rateLimitedCount: 0,
    fence,
    token: deps.ids.make('tok'),
    leaseUntilMs: 0,
  };
  // First the snapshot: a run without one could not go on.
  await deps.snapshots.put(run, job.spec, args);
  await deps.runs.create(run);
  return run;
}

async function takeLock(
  deps: StartRunDeps,
  jobId: JobId,
  accountId: AccountId,
  id: RunId,
): Promise<number> {
  const free = await deps.lock.take(jobId, accountId, id);
  if (free !== undefined) return free;
  const { runId: holder, takenAtMs } = await deps.lock.read(jobId, accountId);
  const run = holder && (await deps.runs.get(holder));
  if (run && isFinal(run)) await deps.closeRun(run);
  const isAbandoned = holder && !run && deps.clock.now() - takenAtMs >= START_GRACE_MS;
  const isFree = holder === undefined || (run && isFinal(run));
  const fence =
    isFree || isAbandoned
      ? await deps.lock.take(jobId, accountId, id, isAbandoned ? holder : undefined)
      : undefined;
  if (fence !== undefined) return fence;
  throw new RunInProgressError(
    'the job runs for this account already',
    holder === undefined ? {} : { run_id: holder },
  );
}
