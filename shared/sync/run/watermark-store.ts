/**
 * `previous_run_date` of a job and an account: from when on the next run reads.
 *
 * Shape   `{ fence, previousRunDateMs? }`. The fence is that of the run that wrote it: an older run
 *         that ends late cannot move the date back, and the run that a reset overtook cannot undo
 *         the reset.
 */
import * as z from 'zod';
import { watermarkKey } from '../../aws/keys.ts';
import { type Condition, ConditionFailedError, type Table } from '../../aws/table.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { AccountId, JobId } from '../../kernel/id.ts';

/** `1970-01-01T00:00:00.000Z`: everything. */
export const EPOCH_MS = 0;

export interface Watermark {
  readonly previousRunDateMs: number;
  readonly updatedAtMs: number;
}

export interface WatermarkStore {
  /** Undefined before the first success and after a reset. */
  get(jobId: JobId, accountId: AccountId): Promise<Watermark | undefined>;
  /** Does nothing where a run with this fence or a later one has written. */
  advance(jobId: JobId, accountId: AccountId, fence: number, dateMs: number): Promise<void>;
  /** The next run reads everything. `fence`: of the last run that was started. */
  reset(jobId: JobId, accountId: AccountId, fence: number): Promise<void>;
}

const item = z.object({ previousRunDateMs: z.number().optional(), updatedAtMs: z.number() });

export function createWatermarkStore(deps: {
  readonly table: Table;
  readonly clock: Clock;
}): WatermarkStore {
  const { table, clock } = deps;
  const putIf = async (
    jobId: JobId,
    accountId: AccountId,
    members: { readonly fence: number; readonly previousRunDateMs?: number },
    condition: Condition,
  ): Promise<void> => {
    const stored = { ...watermarkKey(jobId, accountId), ...members, updatedAtMs: clock.now() };
    await table.put(stored, condition).catch((error: unknown) => {
      if (!(error instanceof ConditionFailedError)) throw error;
    });
  };
  return {
    async get(jobId, accountId) {
      const stored = await table.get(watermarkKey(jobId, accountId));
      const { previousRunDateMs, updatedAtMs } = item.parse(stored ?? { updatedAtMs: 0 });
      return previousRunDateMs === undefined ? undefined : { previousRunDateMs, updatedAtMs };
    },
    advance: (jobId, accountId, fence, previousRunDateMs) =>
      putIf(
        jobId,
        accountId,
        { fence, previousRunDateMs },
        {
          when: 'attribute_not_exists(#fence) OR #fence < :fence',
          values: { fence },
        },
      ),
    reset: (jobId, accountId, fence) =>
      putIf(
        jobId,
        accountId,
        { fence },
        {
          when: 'attribute_not_exists(#fence) OR #fence <= :fence',
          values: { fence },
        },
      ),
  };
}
