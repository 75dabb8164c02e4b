/**
 * Stands behind a worker: what fails by its type ends or parks the run, a run that is lost is let
 * go of, and a bug gives the run back for another try before it is thrown.
 */
import { judgeFailure } from '../run/judge-failure.ts';
import { FencedError } from '../run/run-store.ts';
import type { RunWorker, WorkerDeps, WorkOutcome } from './run-worker.ts';

/** Fenced: lost to another worker, or paused or cancelled in the middle. */
export type Supervised = WorkOutcome | { readonly kind: 'fenced' };

export async function supervise(
  deps: Pick<WorkerDeps, 'runs' | 'clock' | 'settings'>,
  worker: RunWorker,
  work: () => Promise<WorkOutcome>,
): Promise<Supervised> {
  try {
    return await obeying(worker, work);
  } catch (error) {
    if (error instanceof FencedError) {
      await deps.runs.letGo(worker.held);
      return { kind: 'fenced' };
    }
    // The claim has counted it. The next may have better luck, and need not wait for our lease.
    const retryAtMs = deps.clock.now() + deps.settings.fetchBackoffBaseMs;
    await deps.runs.abandon(worker.held, retryAtMs).catch(() => undefined);
    throw error;
  }
}

/** A failure that its type tells is a verdict, wherever it came from. */
async function obeying(worker: RunWorker, work: () => Promise<WorkOutcome>): Promise<WorkOutcome> {
  try {
    return await work();
  } catch (error) {
    const verdict = error instanceof FencedError ? undefined : judgeFailure(error);
    if (!verdict) throw error;
    return worker.obey(verdict);
  }
}
