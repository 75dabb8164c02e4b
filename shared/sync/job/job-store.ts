/**
 * Sync jobs in the table, guarded by `version`.
 *
 * Errors  {@link NotFoundError}; ConditionFailedError where `ifVersion` is not the version any more
 */
import * as z from 'zod';
import { environmentPartition, jobKey, jobListing, listingPrefix } from '../../aws/keys.ts';
import { ConditionFailedError, type StoredItem, type Table } from '../../aws/table.ts';
import type { Clock } from '../../kernel/clock.ts';
import { NotFoundError } from '../../kernel/errors.ts';
import { brandId, type EnvironmentId, type IdFactory, type JobId } from '../../kernel/id.ts';
import { type SyncJob, type SyncJobSpec, syncJobBody } from './sync-job.ts';

export interface Page {
  readonly limit?: number;
  readonly start?: string;
}

export interface JobList {
  readonly jobs: readonly SyncJob[];
  readonly next?: string;
}

export interface JobStore {
  create(environmentId: EnvironmentId, spec: SyncJobSpec): Promise<SyncJob>;
  /** @throws NotFoundError */
  get(environmentId: EnvironmentId, id: JobId): Promise<SyncJob>;
  list(environmentId: EnvironmentId, page?: Page): Promise<JobList>;
  /** A validated spec in the place of the one before. */
  replace(
    environmentId: EnvironmentId,
    id: JobId,
    spec: SyncJobSpec,
    ifVersion?: number,
  ): Promise<SyncJob>;
  delete(environmentId: EnvironmentId, id: JobId): Promise<void>;
}

const item = z.object({
  id: z.string().transform((id) => brandId<'job'>(id)),
  environmentId: z.string().transform((id) => brandId<'env'>(id)),
  /** As text: a query may use any name, and an empty one, which attributes may not. */
  spec: z.string(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
  version: z.number(),
});

export function createJobStore(deps: {
  readonly table: Table;
  readonly clock: Clock;
  readonly ids: IdFactory;
}): JobStore {
  const { table, clock, ids } = deps;

  const get = async (environmentId: EnvironmentId, id: JobId): Promise<SyncJob> => {
    const stored = await table.get(jobKey(id));
    const job = stored && readJob(stored);
    // Another environment's job is as good as none.
    if (job?.environmentId === environmentId) return job;
    throw missing(id);
  };

  return {
    get,

    async create(environmentId, spec) {
      const id = ids.make('job');
      const nowMs = clock.now();
      const job = { id, environmentId, createdAtMs: nowMs, updatedAtMs: nowMs, version: 1 };
      await table.put(
        {
          ...jobKey(id),
          ...jobListing(environmentId, id),
          ...job,
          spec: JSON.stringify(spec),
        },
        { when: 'attribute_not_exists(#pk)' },
      );
      return { ...job, spec };
    },

    async list(environmentId, page = {}) {
      const answer = await table.query({
        index: 'gsi1',
        partition: environmentPartition(environmentId),
        sort: { beginsWith: listingPrefix.job },
        ...page,
      });
      const jobs = answer.items.map(readJob);
      return answer.next === undefined ? { jobs } : { jobs, next: answer.next };
    },

    async replace(environmentId, id, spec, ifVersion) {
      const job = await get(environmentId, id);
      const change = {
        set: { spec: JSON.stringify(spec), updatedAtMs: clock.now() },
        add: { version: 1 },
      };
      const values = { seen: ifVersion ?? job.version };
      return readJob(await table.update(jobKey(id), change, { when: '#version = :seen', values }));
    },

    async delete(environmentId, id) {
      await get(environmentId, id);
      const when = { when: 'attribute_exists(#pk)' };
      await table.delete(jobKey(id), when).catch((error: unknown) => {
        throw error instanceof ConditionFailedError ? missing(id, error) : error;
      });
    },
  };
}

function readJob(stored: StoredItem): SyncJob {
  const { spec, ...rest } = item.parse(stored);
  return { ...rest, spec: syncJobBody.parse(JSON.parse(spec)) };
}

function missing(id: JobId, cause?: unknown): NotFoundError {
  return new NotFoundError('no such sync job', { jobId: id }, { cause });
}
