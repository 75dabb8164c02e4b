/** A run's batches, from where it stands to its end. */
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import type { Clock } from '../../kernel/clock.ts';
import { isoTime } from '../../kernel/clock.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Transient } from '../../kernel/transient.ts';
import type { FetchPage, PageCursor } from '../../unified/fetch-page.ts';
import { fillQuery } from '../job/fill-query.ts';
import { parentsFirst, type ResourceNode, resourceForest } from '../job/graph.ts';
import type { SyncJobSpec } from '../job/sync-job.ts';
import { isListFault } from '../run/judge-failure.ts';
import type { SyncRun } from '../run/sync-run.ts';
import { type Batch, batches } from './batch.ts';
import type { Position } from './cursor-stack.ts';
import { type Ancestors, traverse } from './traverse.ts';

export interface RunSource {
  readonly run: SyncRun;
  readonly spec: SyncJobSpec;
  readonly account: IntegratedAccount;
  readonly args: Transient<JsonObject>;
  readonly position: Position;
}

export interface RunBatches {
  readonly batches: AsyncGenerator<Batch, void, void>;
  /** The resource that was asked for last: where a failure came from. */
  resource(): string;
}

export function runBatches(
  deps: { readonly fetchPage: FetchPage; readonly clock: Clock; readonly slowBatchMs: number },
  { run, spec, account, args, position }: RunSource,
): RunBatches {
  const names = spec.resources.map(({ resource }) => resource);
  let current = names[0] ?? '';
  const fetchPage = async (
    node: ResourceNode,
    ancestors: Ancestors,
    cursor: PageCursor | undefined,
  ) => {
    current = node.resource;
    return deps.fetchPage({
      requestId: run.id,
      account,
      resource: node.resource,
      method: node.method,
      query: queryOf(node, run, args, ancestors, names),
      ...(cursor === undefined ? {} : { cursor }),
    });
  };
  const forest = resourceForest(spec.resources);
  const units = traverse(forest, position, {
    fetchPage,
    skips: isListFault,
  });
  return {
    resource: () => current,
    batches: batches(units, {
      resources: parentsFirst(forest),
      from: position,
      uncut: deliveredBefore(run),
      recordsPerEvent: spec.records_per_event,
      stopsAtFault: spec.error_handling === 'fail_fast',
      slowMs: deps.slowBatchMs,
      clock: deps.clock,
      ...(run.cutPages === undefined ? {} : { firstPages: run.cutPages }),
    }),
  };
}

function queryOf(
  { query }: ResourceNode,
  run: SyncRun,
  args: Transient<JsonObject>,
  ancestors: Ancestors,
  names: readonly string[],
): Transient<JsonObject> {
  const records = new Map([...ancestors].map(([name, record]) => [name, record.reveal()]));
  const previousRunDate = isoTime(run.previousRunDateMs);
  return args.map((revealed) =>
    fillQuery(query, { previousRunDate, args: revealed, records }, names),
  );
}

/**
 * How many batches from this position may have been delivered already. A worker delivers one batch
 * while the commit of the one before travels, so one that died may leave two; a consumer that
 * refused may have taken the first. A provider that keeps failing halfway outweighs that: the run
 * must get on, if need be with records that come again in another batch.
 */
function deliveredBefore(run: SyncRun): number {
  if (run.rateLimitStreak > 0 || run.fetchFailures > 0) return 0;
  if (run.attempts > 1) return 2;
  return run.consumerFailures > 0 ? 1 : 0;
}
