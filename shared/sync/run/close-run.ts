/**
 * What follows from a run's end: the watermark moves, the lock opens, the snapshot goes.
 *
 * The end itself is one write of the run's item (`closing`); everything here can be repeated, and
 * whoever comes across a run that is closing does so: the worker that ended it, a start that finds
 * its lock, the sweeper. So a crash between the writes delays them and loses none.
 */
import { runKey } from '../../aws/keys.ts';
import { ConditionFailedError, type Table } from '../../aws/table.ts';
import type { ActiveRunLock } from './active-run.ts';
import { readRun } from './run-item.ts';
import type { RunSnapshotStore } from './run-snapshot.ts';
import type { SyncRun } from './sync-run.ts';
import type { WatermarkStore } from './watermark-store.ts';

export type CloseRun = (run: SyncRun) => Promise<SyncRun>;

export function createCloseRun(deps: {
  readonly table: Table;
  readonly watermarks: Pick<WatermarkStore, 'advance'>;
  readonly lock: Pick<ActiveRunLock, 'release'>;
  readonly snapshots: RunSnapshotStore;
}): CloseRun {
  return async (run) => {
    if (!run.closing) return run;
    const { id, jobId, accountId, fence } = run;
    // The order matters: once the lock is open, the next run reads the watermark.
    const dateMs = nextWatermark(run, (await deps.snapshots.read(run))?.spec.watermark);
    if (dateMs !== undefined) await deps.watermarks.advance(jobId, accountId, fence, dateMs);
    await deps.lock.release(jobId, accountId, id);
    await deps.snapshots.delete(id);
    return endClosing(deps.table, run);
  };
}

/** Undefined where the watermark must not move: no success, or a list that was not read to its end. */
export function nextWatermark(
  run: SyncRun,
  rule: 'run_start' | 'run_completion' = 'run_start',
): number | undefined {
  if (run.status !== 'completed' || run.incomplete) return undefined;
  return rule === 'run_completion' ? run.completedAtMs : run.startedAtMs;
}

async function endClosing(table: Table, run: SyncRun): Promise<SyncRun> {
  try {
    const change = { remove: ['closing', 'duePk', 'dueAt'] };
    return readRun(
      await table.update(runKey(run.id), change, { when: 'attribute_exists(#closing)' }),
    );
  } catch (error) {
    // Somebody else has closed it in the meantime.
    if (!(error instanceof ConditionFailedError)) throw error;
    const { dueAtMs: _, ...closed } = run;
    return { ...closed, closing: false };
  }
}
