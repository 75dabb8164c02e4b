/** How a run is stored: one item, which every conditional write of run-store.ts touches alone. */
import * as z from 'zod';
import { runDuePartition, runKey, runListing, runShard } from '../../aws/keys.ts';
import type { NewItem, StoredItem } from '../../aws/table.ts';
import { brandId } from '../../kernel/id.ts';
import type { SyncRun } from './sync-run.ts';

const id = <Kind extends string>(kind: Kind) =>
  z
    .string()
    .startsWith(`${kind}_`)
    .transform((text) => brandId<Kind>(text));

const count = z.int().min(0).default(0);

const item = z.object({
  runId: id('run'),
  jobId: id('job'),
  environmentId: id('env'),
  tenantId: z.string().transform((text) => brandId<'tenant'>(text)),
  accountId: id('ia'),
  mode: z.enum(['steps', 'stream']),
  status: z.enum([
    'queued',
    'running',
    'rate_limited',
    'paused',
    'completed',
    'failed',
    'cancelled',
  ]),
  closing: z.boolean().default(false),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  createdAtMs: z.number(),
  startedAtMs: z.number().optional(),
  completedAtMs: z.number().optional(),
  previousRunDateMs: z.number(),
  incomplete: z.boolean().default(false),
  counters: z.record(
    z.string(),
    z.object({ fetched: z.number(), emitted: z.number(), errored: z.number() }),
  ),
  seq: z.int().min(0),
  sequence: z.int().min(0),
  cutPages: z.int().min(1).optional(),
  attempts: count,
  consumerFailures: count,
  fetchFailures: count,
  rateLimitStreak: count,
  rateLimitedCount: count,
  resumeAtMs: z.number().optional(),
  fence: z.int().min(1),
  token: z.string(),
  leaseOwner: z.string().optional(),
  leaseUntilMs: z.number(),
  dueAt: z.number().optional(),
});

export function readRun(stored: StoredItem): SyncRun {
  const { runId, dueAt, ...rest } = item.parse(stored);
  return { id: runId, dueAtMs: dueAt, ...rest };
}

export function runItem(run: SyncRun): NewItem {
  const { id: runId, dueAtMs, closing, ...rest } = run;
  return {
    ...runKey(runId),
    ...runListing(run.jobId, runId),
    ...rest,
    runId,
    ...(closing ? { closing } : {}),
    ...(dueAtMs === undefined ? {} : { duePk: duePartition(run), dueAt: dueAtMs }),
  };
}

export function duePartition({ id: runId }: Pick<SyncRun, 'id'>): string {
  return runDuePartition(runShard(runId));
}
