/** Sync runs: started, listed, cancelled, paused, resumed; and the watermark between them. */
import * as z from 'zod';
import type { AccountStore } from '../../account/account-store.ts';
import { isoTime } from '../../kernel/clock.ts';
import { type AccountId, brandId, type JobId } from '../../kernel/id.ts';
import type { JobStore } from '../../sync/job/job-store.ts';
import type { ActiveRunLock } from '../../sync/run/active-run.ts';
import type { ListRuns } from '../../sync/run/list-runs.ts';
import type { RunControl } from '../../sync/run/run-control.ts';
import { EPOCH_MS, type Watermark, type WatermarkStore } from '../../sync/run/watermark-store.ts';
import type { StartRun } from '../../sync/start/start-run.ts';
import { endpoint, noBody } from '../http/endpoint.ts';
import { bodyEtag, requireMatch } from '../http/etag.ts';
import { type Cursors, listOf, listReply, paging } from '../http/list.ts';
import { type Route, route } from '../http/route.ts';
import { idParam, time } from '../http/schemas.ts';
import { startBody, startOf } from './start-body.ts';
import { runReply, runStatus, syncRun, viewOfRun } from './sync-views.ts';

const RUNS = '/v1/sync-runs';
const runParams = idParam<'run'>();
const cursorParams = z.strictObject({
  id: z.string().transform((text): JobId => brandId(text)),
  integrated_account_id: z.string().transform((text): AccountId => brandId(text)),
});

const start = endpoint({
  method: 'POST',
  path: '/v1/sync-jobs/{id}/runs',
  scopes: ['sync'],
  summary: 'Starts a run of a job for an integrated account.',
  input: z.object({ params: idParam<'job'>(), body: startBody }),
  response: syncRun,
  status: 202,
});

const list = endpoint({
  method: 'GET',
  path: RUNS,
  scopes: ['read', 'sync'],
  summary: 'Lists runs, newest first.',
  input: z.object({
    query: z.strictObject({
      ...paging,
      sync_job_id: z
        .string()
        .transform((text): JobId => brandId(text))
        .optional(),
      status: runStatus.optional(),
    }),
  }),
  response: listOf(syncRun),
  status: 200,
});

const read = endpoint({
  method: 'GET',
  path: `${RUNS}/{id}`,
  scopes: ['read', 'sync'],
  summary: 'Reads a run.',
  input: z.object({ params: runParams }),
  response: syncRun,
  status: 200,
});

const control = (verb: 'cancel' | 'pause' | 'resume', summary: string) =>
  endpoint({
    method: 'POST',
    path: `${RUNS}/{id}/${verb}`,
    scopes: ['sync'],
    summary,
    input: z.object({ params: runParams }),
    response: syncRun,
    status: 200,
  });

const readCursor = endpoint({
  method: 'GET',
  path: '/v1/sync-jobs/{id}/cursors/{integrated_account_id}',
  scopes: ['read', 'sync'],
  summary: 'Reads from when on the next run of a job and an account reads.',
  input: z.object({ params: cursorParams }),
  response: z
    .object({
      sync_job_id: z.string(),
      integrated_account_id: z.string(),
      previous_run_date: time,
      updated_at: time.nullable(),
    })
    .meta({ id: 'SyncCursor' }),
  status: 200,
});

const resetCursor = endpoint({
  method: 'DELETE',
  path: '/v1/sync-jobs/{id}/cursors/{integrated_account_id}',
  scopes: ['sync'],
  summary: 'Makes the next run of a job and an account read everything.',
  input: z.object({ params: cursorParams }),
  response: noBody,
  status: 204,
});

export interface SyncRunRouteDeps {
  readonly startRun: StartRun;
  readonly listRuns: ListRuns;
  readonly control: RunControl;
  readonly jobs: Pick<JobStore, 'get'>;
  readonly accounts: Pick<AccountStore, 'get'>;
  readonly watermarks: Pick<WatermarkStore, 'get' | 'reset'>;
  readonly lock: Pick<ActiveRunLock, 'read'>;
  readonly cursors: Cursors;
}

export function syncRunRoutes(deps: SyncRunRouteDeps): readonly Route[] {
  return [...startRoutes(deps), ...listRoutes(deps), ...cursorRoutes(deps)];
}

function startRoutes({ startRun, control: runs }: SyncRunRouteDeps): readonly Route[] {
  const verbs = [
    ['cancel', 'Cancels a run; what was delivered stays delivered.'],
    ['pause', 'Pauses a run after the page that it is at.'],
    ['resume', 'Lets a paused run go on where it was.'],
  ] as const;
  return [
    route(start, {
      run: async ({ params: { id }, body, caller }) =>
        runReply(await startRun(startOf(caller, id, body))),
      recall: async (id, { caller }) =>
        runReply(await runs.get(caller.environmentId, brandId<'run'>(id))),
    }),
    ...verbs.map(([verb, summary]) =>
      route(control(verb, summary), {
        run: async ({ params: { id }, caller }) =>
          runReply(await runs[verb](caller.environmentId, id)),
        recall: async (id, { caller }) =>
          runReply(await runs.get(caller.environmentId, brandId<'run'>(id))),
      }),
    ),
  ];
}

function listRoutes({ listRuns, control: runs, cursors }: SyncRunRouteDeps): readonly Route[] {
  return [
    route(list, {
      run({ query, caller: { environmentId } }) {
        const { sync_job_id: jobId, status } = query;
        return listReply({
          cursors,
          list: { environmentId, path: RUNS, filters: { jobId, status } },
          query,
          fetch: async ({ limit, start: before }) => {
            const { runs: items, next } = await listRuns(environmentId, {
              limit,
              ...(before !== undefined && { before }),
              ...(jobId !== undefined && { jobId }),
              ...(status !== undefined && { status }),
            });
            return { items, next };
          },
          view: viewOfRun,
        });
      },
    }),
    route(read, {
      run: async ({ params: { id }, caller }) => runReply(await runs.get(caller.environmentId, id)),
    }),
  ];
}

function cursorRoutes({ jobs, accounts, watermarks, lock }: SyncRunRouteDeps): readonly Route[] {
  return [
    route(readCursor, {
      async run({ params: { id, integrated_account_id: accountId }, caller: { environmentId } }) {
        await Promise.all([jobs.get(environmentId, id), accounts.get(environmentId, accountId)]);
        const body = viewOfCursor(id, accountId, await watermarks.get(id, accountId));
        return { body, etag: bodyEtag(JSON.stringify(body)) };
      },
    }),
    route(resetCursor, {
      async run({ params, caller: { environmentId }, ifMatch }) {
        const { id, integrated_account_id: accountId } = params;
        await Promise.all([jobs.get(environmentId, id), accounts.get(environmentId, accountId)]);
        const seen = viewOfCursor(id, accountId, await watermarks.get(id, accountId));
        requireMatch(ifMatch, bodyEtag(JSON.stringify(seen)));
        // A run that is under way must not undo the reset when it ends.
        const { fence } = await lock.read(id, accountId);
        await watermarks.reset(id, accountId, fence);
        return { id };
      },
      recall: async (id) => ({ id }),
    }),
  ];
}

function viewOfCursor(
  jobId: JobId,
  accountId: AccountId,
  watermark: Watermark | undefined,
): z.input<(typeof readCursor)['response']> {
  return {
    sync_job_id: jobId,
    integrated_account_id: accountId,
    previous_run_date: isoTime(watermark?.previousRunDateMs ?? EPOCH_MS),
    updated_at: watermark ? isoTime(watermark.updatedAtMs) : null,
  };
}
