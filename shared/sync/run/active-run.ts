/**
 * The lock that makes a run the one active run of its job and account.
 *
 * Shape   `{ runId?, fence, takenAtMs }`; the item outlives its holders, so that the fence never
 *         starts again
 */
import * as z from 'zod';
import { activeRunKey } from '../../aws/keys.ts';
import { ConditionFailedError, type Table } from '../../aws/table.ts';
import type { Clock } from '../../kernel/clock.ts';
import { type AccountId, brandId, type JobId, type RunId } from '../../kernel/id.ts';

export interface ActiveRun {
  readonly runId?: RunId | undefined;
  readonly fence: number;
  readonly takenAtMs: number;
}

export interface ActiveRunLock {
  /** The fence, or undefined while another run holds it. `instead`: a dead holder to take over from. */
  take(
    jobId: JobId,
    accountId: AccountId,
    runId: RunId,
    instead?: RunId,
  ): Promise<number | undefined>;
  /** Does nothing where another run holds it by now. */
  release(jobId: JobId, accountId: AccountId, runId: RunId): Promise<void>;
  /** Fence 0: none was ever started. */
  read(jobId: JobId, accountId: AccountId): Promise<ActiveRun>;
}

const item = z.object({
  runId: z
    .string()
    .transform((id) => brandId<'run'>(id))
    .optional(),
  fence: z.number(),
  takenAtMs: z.number(),
});

export function createActiveRunLock(deps: {
  readonly table: Table;
  readonly clock: Clock;
}): ActiveRunLock {
  const { table, clock } = deps;
  return {
    async take(jobId, accountId, runId, instead) {
      const change = { set: { runId, takenAtMs: clock.now() }, add: { fence: 1 } };
      const condition =
        instead === undefined
          ? { when: 'attribute_not_exists(#runId)' }
          : { when: '#runId = :instead', values: { instead } };
      try {
        const key = activeRunKey(jobId, accountId);
        return item.parse(await table.update(key, change, condition)).fence;
      } catch (error) {
        if (error instanceof ConditionFailedError) return undefined;
        throw error;
      }
    },
    async release(jobId, accountId, runId) {
      const condition = { when: '#runId = :runId', values: { runId } };
      await table
        .update(activeRunKey(jobId, accountId), { remove: ['runId'] }, condition)
        .catch((error: unknown) => {
          if (!(error instanceof ConditionFailedError)) throw error;
        });
    },
    async read(jobId, accountId) {
      const stored = await table.get(activeRunKey(jobId, accountId));
      return stored ? item.parse(stored) : { fence: 0, takenAtMs: 0 };
    },
  };
}
