/**
 * Sends a hint for every run that is due: crashed workers, lost hints, waits of any length, ends
 * that were not closed. This is what guarantees progress; everything else is haste.
 *
 * Source  docs/architecture.md, "How a sync run works"
 */
import { DUE_SHARDS, runDuePartition } from '../../aws/keys.ts';
import type { Table } from '../../aws/table.ts';
import type { Clock } from '../../kernel/clock.ts';
import { brandId } from '../../kernel/id.ts';
import { hintFor, type SendHint } from '../run/hint.ts';
import type { RunStore } from '../run/run-store.ts';

export interface SweepDeps {
  readonly table: Pick<Table, 'query'>;
  readonly runs: Pick<RunStore, 'get'>;
  readonly sendHint: SendHint;
  readonly clock: Clock;
}

export interface SweepResult {
  readonly hints: number;
  /** How long the oldest of them was due: above a few minutes, sweeping has stopped. */
  readonly oldestOverdueMs: number;
}

export function createSweep(deps: SweepDeps) {
  return async (): Promise<SweepResult> => {
    const shards = Array.from({ length: DUE_SHARDS }, (_, shard) => sweepShard(deps, shard));
    const results = await Promise.all(shards);
    return {
      hints: results.reduce((sum, { hints }) => sum + hints, 0),
      oldestOverdueMs: Math.max(...results.map(({ oldestOverdueMs }) => oldestOverdueMs)),
    };
  };
}

async function sweepShard(deps: SweepDeps, shard: number): Promise<SweepResult> {
  const nowMs = deps.clock.now();
  let hints = 0;
  let oldestOverdueMs = 0;
  let start: string | undefined;
  do {
    const page = await deps.table.query({
      index: 'due',
      partition: runDuePartition(shard),
      sort: { atMost: nowMs },
      ...(start === undefined ? {} : { start }),
    });
    for (const item of page.items) {
      // The index lags and does not hold all: the item says whether there is something to do.
      const run = await deps.runs.get(brandId(String(item['runId'])));
      if (run?.dueAtMs === undefined || run.dueAtMs > nowMs || run.leaseUntilMs > nowMs) continue;
      oldestOverdueMs = Math.max(oldestOverdueMs, nowMs - run.dueAtMs);
      await deps.sendHint(hintFor(run), 0);
      hints += 1;
    }
    start = page.next;
  } while (start !== undefined);
  return { hints, oldestOverdueMs };
}
