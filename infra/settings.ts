/**
 * What an operator may change about a deployment, with the value that holds if nothing is said.
 *
 * Each is overridden by CDK context (`cdk deploy -c logRetentionDays=90`) and, for the local
 * runtime, by `--set logRetentionDays=90`. A misspelt name is refused, not ignored.
 *
 * Units   the name says it: `*Ms`, `*Seconds`, `*Hours`, `*Days`, `*Mb`
 * Errors  SettingsError, which lists every fault
 */
import * as z from 'zod';

/** The longest that a step goes on filling a batch (`slowBatchMs` of shared/sync/step/settings.ts). */
const SLOW_BATCH_MS = 20_000;
/** `LEASE_MARGIN_MS` of shared/sync/step/settings.ts. */
const LEASE_MARGIN_MS = 200;

const number = (minimum: number, maximum: number, initial: number) =>
  z.coerce.number().int().min(minimum).max(maximum).default(initial);

/** Context values arrive as text from `-c` and as booleans from cdk.json. */
const flag = (initial: boolean) => z.stringbool().or(z.boolean()).default(initial);

const schema = z
  .strictObject({
    /** Gets a mail when an alarm rings. Without it, alarms only show in CloudWatch. */
    alarmEmail: z.email().optional(),
    logLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']).default('INFO'),
    /** Logs carry ids and statuses, never payload; CloudWatch keeps them this long. */
    logRetentionDays: z.coerce
      .number()
      .pipe(z.literal([30, 60, 90]))
      .default(30),
    /** How far back the main table can be restored. The keys table never can. */
    recoveryDays: number(1, 35, 7),
    /** Off only for stacks that are meant to be thrown away. */
    deletionProtection: flag(true),
    /** API Gateway logs with one role per account and Region; false where another stack sets it. */
    apiGatewayLogRole: flag(true),

    /** One provider call, unless the integration says otherwise. */
    providerTimeoutMs: number(100, 300_000, 15_000),
    /** What a caller of the proxy may ask for instead, with x-timeout-ms. */
    proxyMaxTimeoutMs: number(100, 840_000, 29_000),
    /** Failures in a row after which calls to a provider are held back, and for how long. */
    breakerFailures: number(1, 100, 5),
    breakerOpenMs: number(10, 3_600_000, 10_000),
    /** Every failed probe doubles the time, up to this. */
    breakerMaxOpenMs: number(10, 3_600_000, 300_000),
    /** One POST to a subscriber. */
    deliveryTimeoutMs: number(100, 60_000, 15_000),
    /** How long one step works before it hands over to the next. */
    stepBudgetMs: number(100, 840_000, 240_000),
    /** Ownership of a run; renewed with every commit. */
    leaseMs: number(500, 600_000, 90_000),
    /** First and longest wait before the same events are offered to a failing subscriber again. */
    consumerBackoffMinMs: number(10, 900_000, 5_000),
    consumerBackoffMaxMs: number(10, 86_400_000, 900_000),
    /** After this a claim in the bucket is swept, collected or not. */
    claimTtlMs: number(1_000, 3_600_000, 3_600_000),

    /** Spreads scheduled syncs that share a minute, such as the full hour; 0: fire on the minute. */
    scheduleWindowMinutes: number(0, 1_440, 5),

    controlTimeoutSeconds: number(3, 29, 29),
    proxyTimeoutSeconds: number(3, 900, 300),
    /** Several pages may have to be read for one that has records. */
    unifiedTimeoutSeconds: number(3, 900, 120),
    streamTimeoutSeconds: number(3, 900, 900),
    stepTimeoutSeconds: number(3, 900, 300),
    workerTimeoutSeconds: number(3, 900, 60),
    functionMemoryMb: number(128, 10_240, 512),

    stepConcurrency: number(2, 1_000, 100),
    deliveryConcurrency: number(2, 1_000, 50),
    startConcurrency: number(2, 1_000, 10),

    /** Requests per second and at once, for the whole API; API Gateway answers 429 above. */
    apiRate: number(1, 10_000, 200),
    apiBurst: number(1, 5_000, 400),
    streamRate: number(1, 10_000, 1_000),
    streamBurst: number(1, 5_000, 2_000),

    /** Hints hold ids only, so these bound work in waiting, not data at rest. */
    stepRetentionHours: number(1, 96, 4),
    startRetentionHours: number(1, 96, 1),
    deadLetterRetentionHours: number(1, 336, 96),
  })
  // The inequalities that the numbers must keep between them (style rule 28; shared/sync/step/settings.ts).
  .refine(
    (s) =>
      s.stepBudgetMs + SLOW_BATCH_MS + s.providerTimeoutMs + s.deliveryTimeoutMs <=
      s.stepTimeoutSeconds * 1_000,
    {
      path: ['stepBudgetMs'],
      message: 'must leave stepTimeoutSeconds room to fill, fetch for and deliver one more batch',
    },
  )
  .refine((s) => s.proxyMaxTimeoutMs < s.proxyTimeoutSeconds * 1_000, {
    path: ['proxyMaxTimeoutMs'],
    message: 'must end before proxyTimeoutSeconds do',
  })
  .refine((s) => s.breakerOpenMs <= s.breakerMaxOpenMs, {
    path: ['breakerOpenMs'],
    message: 'must not exceed breakerMaxOpenMs',
  })
  .refine((s) => s.deliveryTimeoutMs + LEASE_MARGIN_MS < s.leaseMs, {
    path: ['leaseMs'],
    message: 'must outlast one delivery',
  })
  .refine((s) => s.consumerBackoffMinMs <= s.consumerBackoffMaxMs, {
    path: ['consumerBackoffMinMs'],
    message: 'must not exceed consumerBackoffMaxMs',
  })
  // SQS starts a dead letter's retention at its first enqueue, not when it was given up.
  .refine(
    (s) => s.deadLetterRetentionHours > Math.max(s.stepRetentionHours, s.startRetentionHours),
    {
      path: ['deadLetterRetentionHours'],
      message: 'must exceed the retention of the queues it serves',
    },
  );

export type Settings = Readonly<z.output<typeof schema>>;

/** What is wrong with the settings, one fault a line. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** CDK keeps its own switches in the same context; theirs have a namespace, ours do not. */
const isOurs = (name: string) => !/[:/]/.test(name);

/** @throws SettingsError */
export function readSettings(context: Readonly<Record<string, unknown>>): Settings {
  const given = Object.fromEntries(Object.entries(context).filter(([name]) => isOurs(name)));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new SettingsError(`settings are wrong:\n${faults.join('\n')}`);
}
