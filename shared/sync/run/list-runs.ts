/**
 * Runs, newest first: of one job, or of all jobs of an environment.
 *
 * Runs are listed by job, so the second merges the newest of each; ids sort by the time they were
 * made, and the id of the last run is where the next page starts.
 */
import { jobPartition, listingPrefix } from '../../aws/keys.ts';
import type { Table } from '../../aws/table.ts';
import type { EnvironmentId, JobId } from '../../kernel/id.ts';
import type { JobStore } from '../job/job-store.ts';
import { readRun } from './run-item.ts';
import { presentRun, type RunStatus, type SyncRun } from './sync-run.ts';

export interface RunQuery {
  readonly jobId?: JobId;
  readonly status?: RunStatus;
  readonly limit: number;
  /** `next` of the answer before. */
  readonly before?: string;
}

export interface RunList {
  readonly runs: readonly SyncRun[];
  readonly next?: string;
}

export type ListRuns = (environmentId: EnvironmentId, query: RunQuery) => Promise<RunList>;

/** Above every character of an id. */
const LAST = '~';

export function createListRuns(deps: {
  readonly table: Pick<Table, 'query'>;
  readonly jobs: Pick<JobStore, 'list' | 'get'>;
}): ListRuns {
  return async (environmentId, query) => {
    const jobIds = query.jobId
      ? [(await deps.jobs.get(environmentId, query.jobId)).id]
      : await allJobs(deps.jobs, environmentId);
    const found: SyncRun[] = [];
    for (const jobId of jobIds) found.push(...(await newest(deps.table, jobId, query)));
    found.sort((a, b) => (a.id < b.id ? 1 : -1));
    const runs = found.slice(0, query.limit);
    const last = runs.at(-1);
    return found.length > query.limit && last ? { runs, next: last.id } : { runs };
  };
}

/** One run more than asked for, which tells whether there is a next page. */
async function newest(
  table: Pick<Table, 'query'>,
  jobId: JobId,
  { status, limit, before }: RunQuery,
): Promise<readonly SyncRun[]> {
  const found: SyncRun[] = [];
  const top = `${listingPrefix.run}${before ?? LAST}`;
  let start: string | undefined;
  do {
    const page = await table.query({
      index: 'gsi1',
      partition: jobPartition(jobId),
      sort: { between: [listingPrefix.run, top] },
      descending: true,
      limit: limit + 2,
      ...(start === undefined ? {} : { start }),
    });
    const runs = page.items.map(readRun);
    found.push(...runs.filter((run) => run.id !== before && hasStatus(run, status)));
    start = page.next;
  } while (start !== undefined && found.length <= limit);
  return found.slice(0, limit + 1);
}

/** By the status that the API shows. */
function hasStatus(run: SyncRun, status: RunStatus | undefined): boolean {
  return status === undefined || presentRun(run)['status'] === status;
}

async function allJobs(
  jobs: Pick<JobStore, 'list'>,
  environmentId: EnvironmentId,
): Promise<readonly JobId[]> {
  const found: JobId[] = [];
  let start: string | undefined;
  do {
    const page = await jobs.list(environmentId, start === undefined ? {} : { start });
    found.push(...page.jobs.map(({ id }) => id));
    start = page.next;
  } while (start !== undefined);
  return found;
}
