/**
 * A sync job: which resources to read, in which order, and how to behave. Configuration, so it
 * holds no provider data.
 *
 * Shape   the body of POST /v1/sync-jobs: the required JSON as it stands, and our additions
 */
import { Cron } from 'croner';
import * as z from 'zod';
import type { EnvironmentId, JobId } from '../../kernel/id.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';

/** The cursor stack holds one frame a level; deeper trees multiply calls beyond use. */
export const MAX_DEPTH = 4;
export const DEFAULT_RECORDS_PER_EVENT = 100;
const MAX_RESOURCES = 50;

const json: z.ZodType<Json> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(json), jsonObject]),
);
const jsonObject: z.ZodType<JsonObject> = z.lazy(() => z.record(z.string(), json));

/** `ticketing/tickets` (unified) or `tickets` (the integration's own). */
const resourceName = z
  .string()
  .max(100)
  .regex(/^[a-z][\w-]*(\/[a-z][\w-]*)?$/i, 'must look like model/resource or resource');

const method = z.string().min(1).max(50).default('list');
const query = jsonObject.default({});

const jobResource = z.strictObject({
  resource: resourceName,
  method,
  query,
  depends_on: resourceName.optional(),
});

const schedule = z
  .strictObject({
    cron: z.string().min(1).max(100),
    timezone: z.string().min(1).max(64).default('UTC'),
  })
  .superRefine(({ cron, timezone }, context) => {
    if (!isTimeZone(timezone)) {
      context.addIssue({
        code: 'custom',
        path: ['timezone'],
        message: 'must be an IANA time zone',
      });
    }
    // A cron is judged in some zone even where its own is not known: both faults show at once.
    if (!isCron(cron, isTimeZone(timezone) ? timezone : 'UTC')) {
      context.addIssue({
        code: 'custom',
        path: ['cron'],
        message: 'must be a cron expression of five fields',
      });
    }
  });

const rateLimit = z.strictObject({
  /** `park`: wait and go on; `fail`: the run ends. */
  mode: z.enum(['park', 'fail']).default('park'),
  /** Waits in one run before it fails. */
  max_waits: z.int().min(1).max(10_000).default(100),
  /** Waits in one run above which the operator is told. */
  alert_after: z.int().min(1).max(10_000).default(10),
});

export const syncJobBody = z.strictObject({
  name: z.string().min(1).max(200).optional(),
  integration_name: z.string().min(1).max(100),
  resources: z.array(jobResource).min(1).max(MAX_RESOURCES),
  error_handling: z.enum(['ignore', 'fail_fast']).default('ignore'),
  /** What `previous_run_date` becomes after a success: when the run started, or when it ended. */
  watermark: z.enum(['run_start', 'run_completion']).default('run_start'),
  rate_limit: rateLimit.prefault({}),
  schedule: schedule.optional(),
  records_per_event: z.int().min(1).max(1_000).default(DEFAULT_RECORDS_PER_EVENT),
});

/** What a job reads, as far as it can be judged while other parts of the body are malformed: those stand empty. */
export const judgeableJob = z.object({
  integration_name: z.string().catch(''),
  resources: z
    .array(
      z
        .object({
          resource: z.string().catch(''),
          method: method.catch(''),
          query: query.catch({}),
          depends_on: z.string().optional().catch(undefined),
        })
        .catch({ resource: '', method: '', query: {} }),
    )
    .max(MAX_RESOURCES)
    .catch([]),
});
export type JudgeableJob = Readonly<z.output<typeof judgeableJob>>;

/** As a caller writes it. */
export type SyncJobInput = z.input<typeof syncJobBody>;
/** As the engine sees it: defaults filled in. */
export type SyncJobSpec = Readonly<z.output<typeof syncJobBody>>;
export type JobResource = SyncJobSpec['resources'][number];

export interface SyncJob {
  readonly id: JobId;
  readonly environmentId: EnvironmentId;
  readonly spec: SyncJobSpec;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Rises by one with every change; the ETag. */
  readonly version: number;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    // The constructor's only way to say no.
    return false;
  }
}

function isCron(text: string, timezone: string): boolean {
  if (text.trim().split(/\s+/).length !== 5) return false;
  try {
    return new Cron(text, { timezone, paused: true }).nextRun() !== null;
  } catch {
    // The parser's only way to say no.
    return false;
  }
}
