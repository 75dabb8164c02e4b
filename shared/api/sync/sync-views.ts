/** Sync jobs and runs as the API answers them. */
import * as z from 'zod';
import { isoTime } from '../../kernel/clock.ts';
import type { SyncJob } from '../../sync/job/sync-job.ts';
import { presentRun, type SyncRun } from '../../sync/run/sync-run.ts';
import { versionEtag } from '../http/etag.ts';
import { time } from '../http/schemas.ts';

export const runStatus = z.enum([
  'queued',
  'running',
  'rate_limited',
  'paused',
  'completed',
  'failed',
  'cancelled',
]);

const counter = z.object({ fetched: z.int(), emitted: z.int(), errored: z.int() });

export const syncRun = z
  .object({
    id: z.string(),
    sync_job_id: z.string(),
    integrated_account_id: z.string(),
    status: runStatus,
    started_at: time.nullable(),
    completed_at: time.nullable(),
    previous_run_date: time,
    resources: z.record(z.string(), counter),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    rate_limited_count: z.int(),
    resume_at: time.nullable(),
  })
  .meta({ id: 'SyncRun' });

export const syncJob = z
  .object({
    id: z.string(),
    name: z.string().nullable(),
    integration_name: z.string(),
    resources: z.array(
      z.object({
        resource: z.string(),
        method: z.string(),
        query: z.record(z.string(), z.unknown()),
        depends_on: z.string().optional(),
      }),
    ),
    error_handling: z.enum(['ignore', 'fail_fast']),
    watermark: z.enum(['run_start', 'run_completion']),
    rate_limit: z.object({
      mode: z.enum(['park', 'fail']),
      max_waits: z.int(),
      alert_after: z.int(),
    }),
    schedule: z.object({ cron: z.string(), timezone: z.string() }).nullable(),
    records_per_event: z.int(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'SyncJob' });

export function viewOfRun(run: SyncRun): z.output<typeof syncRun> {
  return syncRun.parse(presentRun(run));
}

export function runReply(run: SyncRun) {
  return { id: run.id, body: viewOfRun(run) };
}

export function viewOfJob({
  id,
  spec,
  createdAtMs,
  updatedAtMs,
}: SyncJob): z.output<typeof syncJob> {
  return syncJob.parse({
    id,
    ...spec,
    name: spec.name ?? null,
    schedule: spec.schedule ?? null,
    created_at: isoTime(createdAtMs),
    updated_at: isoTime(updatedAtMs),
  });
}

export function jobReply(job: SyncJob) {
  return { id: job.id, body: viewOfJob(job), etag: versionEtag(job.version) };
}
