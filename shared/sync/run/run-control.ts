/**
 * What a caller does to a run from outside: cancel, pause, resume. Each is a conditional change of
 * its status; the worker that holds the run learns of it at its next commit.
 *
 * Errors  {@link RunStateError}
 */
import { runKey } from '../../aws/keys.ts';
import { type Change, ConditionFailedError, type Table } from '../../aws/table.ts';
import type { Clock } from '../../kernel/clock.ts';
import { ConflictError, NotFoundError } from '../../kernel/errors.ts';
import type { EnvironmentId, IdFactory, RunId } from '../../kernel/id.ts';
import type { CloseRun } from './close-run.ts';
import { hintFor, type SendHint } from './hint.ts';
import { readRun } from './run-item.ts';
import { dueAgain } from './run-store.ts';
import type { SyncRun } from './sync-run.ts';

export interface RunControl {
  cancel(environmentId: EnvironmentId, runId: RunId): Promise<SyncRun>;
  pause(environmentId: EnvironmentId, runId: RunId): Promise<SyncRun>;
  resume(environmentId: EnvironmentId, runId: RunId): Promise<SyncRun>;
  /** @throws NotFoundError */
  get(environmentId: EnvironmentId, runId: RunId): Promise<SyncRun>;
}

export interface RunControlDeps {
  readonly table: Table;
  readonly clock: Clock;
  readonly ids: IdFactory;
  readonly closeRun: CloseRun;
  readonly sendHint: SendHint;
}

const ACTIVE = '(#status = :queued OR #status = :running OR #status = :limited)';
const ACTIVE_VALUES = { queued: 'queued', running: 'running', limited: 'rate_limited' };
const PAUSED = { when: '#status = :paused', values: { paused: 'paused' } };

export function createRunControl(deps: RunControlDeps): RunControl {
  const { table, clock, ids, closeRun, sendHint } = deps;

  const get = async (environmentId: EnvironmentId, runId: RunId): Promise<SyncRun> => {
    const item = await table.get(runKey(runId));
    const run = item && readRun(item);
    // Another environment's run is as good as none.
    if (run?.environmentId === environmentId) return run;
    throw new NotFoundError('no such sync run', { runId });
  };

  const change = async (
    run: SyncRun,
    what: Change,
    when: string,
    values: Readonly<Record<string, string>>,
  ): Promise<SyncRun> => {
    try {
      return readRun(await table.update(runKey(run.id), what, { when, values }));
    } catch (error) {
      if (!(error instanceof ConditionFailedError)) throw error;
      throw new ConflictError('the run is not in a state that allows this', {
        runId: run.id,
        status: run.status,
      });
    }
  };

  return {
    get,

    async cancel(environmentId, runId) {
      const run = await get(environmentId, runId);
      const nowMs = clock.now();
      const set = { status: 'cancelled', completedAtMs: nowMs, closing: true, leaseUntilMs: 0 };
      const cancelled = await change(
        run,
        {
          // Due, so that the sweeper finds it should we not live to close it.
          set: { ...set, ...dueAgain(run, nowMs) },
          remove: ['leaseOwner', 'cursor', 'cutPages', 'resumeAtMs'],
        },
        `${ACTIVE} OR ${PAUSED.when}`,
        { ...ACTIVE_VALUES, ...PAUSED.values },
      );
      return closeRun(cancelled);
    },

    async pause(environmentId, runId) {
      const run = await get(environmentId, runId);
      if (run.mode === 'stream') throw new ConflictError('a stream cannot be paused', { runId });
      const what = { set: { status: 'paused' }, remove: ['duePk', 'dueAt', 'resumeAtMs'] };
      return change(run, what, ACTIVE, ACTIVE_VALUES);
    },

    async resume(environmentId, runId) {
      const run = await get(environmentId, runId);
      const token = ids.make('tok');
      const set = { status: 'running', token, attempts: 0, ...dueAgain(run, clock.now()) };
      const resumed = await change(run, { set }, PAUSED.when, PAUSED.values);
      // A worker that has not noticed the pause still holds its lease: then it goes on by itself.
      await sendHint(hintFor(resumed), 0);
      return resumed;
    },
  };
}
