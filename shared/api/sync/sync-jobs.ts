/**
 * Sync jobs: what to read, and when. A job with a cron has a schedule beside it; the schedule is
 * written after the job and deleted before it, so that none fires for a job that is not there.
 */
import * as z from 'zod';
import type { Catalogue } from '../../integration/catalogue/catalogue.ts';
import { brandId, type EnvironmentId } from '../../kernel/id.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import type { JobSchedules } from '../../schedule/job-schedules.ts';
import type { JobStore } from '../../sync/job/job-store.ts';
import { type SyncJob, type SyncJobSpec, syncJobBody } from '../../sync/job/sync-job.ts';
import { endpoint, noBody } from '../http/endpoint.ts';
import { ifMatches } from '../http/etag.ts';
import { type Cursors, listOf, listReply, paging } from '../http/list.ts';
import { mergeObject } from '../http/merge-patch.ts';
import { type Route, route } from '../http/route.ts';
import { idParam } from '../http/schemas.ts';
import { readJob } from './read-job.ts';
import { jobReply, syncJob, viewOfJob } from './sync-views.ts';

const PATH = '/v1/sync-jobs';
const params = idParam<'job'>();
const documentedJob = syncJobBody.meta({ id: 'SyncJobInput' });

const create = endpoint({
  method: 'POST',
  path: PATH,
  scopes: ['sync', 'write'],
  summary: 'Makes a sync job; every fault of it is listed with its path.',
  input: z.object({ body: z.unknown() }),
  documentedBody: documentedJob,
  response: syncJob,
  status: 201,
});

const list = endpoint({
  method: 'GET',
  path: PATH,
  scopes: ['read', 'sync'],
  summary: 'Lists sync jobs.',
  input: z.object({ query: z.strictObject(paging) }),
  response: listOf(syncJob),
  status: 200,
});

const read = endpoint({
  method: 'GET',
  path: `${PATH}/{id}`,
  scopes: ['read', 'sync'],
  summary: 'Reads a sync job.',
  input: z.object({ params }),
  response: syncJob,
  status: 200,
});

const patch = endpoint({
  method: 'PATCH',
  path: `${PATH}/{id}`,
  scopes: ['sync', 'write'],
  summary: 'Changes a sync job; runs that have begun go on with the job as it was.',
  input: z.object({ params, body: z.record(z.string(), z.json()) }),
  documentedBody: syncJobBody.partial().meta({ id: 'SyncJobPatch' }),
  response: syncJob,
  status: 200,
});

const remove = endpoint({
  method: 'DELETE',
  path: `${PATH}/{id}`,
  scopes: ['sync', 'write'],
  summary: 'Deletes a sync job with its schedule.',
  input: z.object({ params }),
  response: noBody,
  status: 204,
});

export interface SyncJobRouteDeps {
  readonly jobs: JobStore;
  readonly schedules: JobSchedules;
  readonly catalogue: Catalogue;
  readonly cursors: Cursors;
}

export function syncJobRoutes(deps: SyncJobRouteDeps): readonly Route[] {
  return [...writes(deps), ...reads(deps)];
}

function writes({ jobs, schedules, catalogue }: SyncJobRouteDeps): readonly Route[] {
  const recalled = async (environmentId: EnvironmentId, id: string) =>
    jobReply(await jobs.get(environmentId, brandId<'job'>(id)));
  return [
    route(create, {
      async run({ body, caller: { environmentId } }) {
        const job = await jobs.create(environmentId, readJob(body, catalogue));
        try {
          await keepSchedule(schedules, job);
        } catch (error) {
          // Without its schedule the job would seem made and never run.
          await jobs.delete(environmentId, job.id);
          throw error;
        }
        return jobReply(job);
      },
      recall: (id, { caller }) => recalled(caller.environmentId, id),
    }),
    route(patch, {
      async run({ params: { id }, body, caller: { environmentId }, ifMatch }) {
        const current = await jobs.get(environmentId, id);
        const spec = readJob(mergeObject(jsonOf(current.spec), body), catalogue);
        const changed = await ifMatches(ifMatch, current, () =>
          jobs.replace(environmentId, id, spec, current.version),
        );
        // Also where it says the same as before: a try that broke off here is put right by the next.
        if (changed.spec.schedule ?? current.spec.schedule) await keepSchedule(schedules, changed);
        return jobReply(changed);
      },
      recall: (id, { caller }) => recalled(caller.environmentId, id),
    }),
    route(remove, {
      async run({ params: { id }, caller: { environmentId }, ifMatch }) {
        const current = await jobs.get(environmentId, id);
        await ifMatches(ifMatch, current, async () => {
          await schedules.delete({ jobId: id, environmentId });
          await jobs.delete(environmentId, id);
        });
        return { id };
      },
      recall: async (id) => ({ id }),
    }),
  ];
}

function reads({ jobs, cursors }: SyncJobRouteDeps): readonly Route[] {
  return [
    route(list, {
      run: ({ query, caller: { environmentId } }) =>
        listReply({
          cursors,
          list: { environmentId, path: PATH, filters: {} },
          query,
          fetch: async (page) => {
            const { jobs: items, next } = await jobs.list(environmentId, page);
            return { items, next };
          },
          view: viewOfJob,
        }),
    }),
    route(read, {
      run: async ({ params: { id }, caller }) => jobReply(await jobs.get(caller.environmentId, id)),
    }),
  ];
}

async function keepSchedule(schedules: JobSchedules, job: SyncJob): Promise<void> {
  const { id: jobId, environmentId, spec } = job;
  if (spec.schedule) await schedules.put({ jobId, environmentId, ...spec.schedule });
  else if (job.version > 1) await schedules.delete({ jobId, environmentId });
}

function jsonOf(spec: SyncJobSpec): JsonObject {
  const json: unknown = JSON.parse(JSON.stringify(spec));
  return isJsonObject(json) ? json : {};
}
