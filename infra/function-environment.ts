/**
 * The environment variables of each function: names of resources and numbers from the settings,
 * never a secret. Each row is held against the `Environment` that its function reads: a name that
 * is missing there does not compile.
 */
import type { Environment as AccountCheck } from '../functions/account-check/config.ts';
import type { Environment as ClaimSweep } from '../functions/claim-sweep/config.ts';
import type { Environment as ControlApi } from '../functions/control-api/config.ts';
import type { Environment as ProxyApi } from '../functions/proxy-api/config.ts';
import type { Environment as SyncStart } from '../functions/sync-start/config.ts';
import type { Environment as SyncStep } from '../functions/sync-step/config.ts';
import type { Environment as SyncStream } from '../functions/sync-stream/config.ts';
import type { Environment as SyncSweep } from '../functions/sync-sweep/config.ts';
import type { Environment as UnifiedApi } from '../functions/unified-api/config.ts';
import type { Environment as WebhookDeliver } from '../functions/webhook-deliver/config.ts';
import type { Resources } from './function-permissions.ts';
import type { FunctionName } from './functions.ts';
import type { Settings } from './settings.ts';

/** Lambda stops a function on time; its clock and the table's need not agree to the second. */
const ATTEMPT_SLACK_MS = 5_000;

export type Variables = Readonly<Record<string, string>>;

export function functionEnvironment(
  name: FunctionName,
  resources: Resources,
  settings: Settings,
): Variables {
  return environments(name, resources, settings)[name];
}

function environments(name: FunctionName, resources: Resources, settings: Settings) {
  const { queues, storage, schedules } = resources;
  const telemetry = { POWERTOOLS_SERVICE_NAME: name, LOG_LEVEL: settings.logLevel };
  const common = {
    ...telemetry,
    MAIN_TABLE: storage.main.tableName,
    KEYS_TABLE: storage.keys.tableName,
    KEK_ARN: storage.tenantKek.keyArn,
  };
  const steps = { STEP_QUEUE_URL: queues.step.queue.queueUrl };
  const claims = { CLAIMS_BUCKET: storage.claims.bucketName };
  const events = {
    ...claims,
    DELIVERY_QUEUE_URL: queues.delivery.queue.queueUrl,
    CLAIM_TTL_MS: String(settings.claimTtlMs),
    DELIVERY_TIMEOUT_MS: String(settings.deliveryTimeoutMs),
  };
  const providers = {
    PROVIDER_TIMEOUT_MS: String(settings.providerTimeoutMs),
    BREAKER_FAILURES: String(settings.breakerFailures),
    BREAKER_OPEN_MS: String(settings.breakerOpenMs),
    BREAKER_MAX_OPEN_MS: String(settings.breakerMaxOpenMs),
  };
  const proxy = { PROXY_MAX_TIMEOUT_MS: String(settings.proxyMaxTimeoutMs) };
  const unified = { ATTEMPT_MS: String(settings.unifiedTimeoutSeconds * 1_000 + ATTEMPT_SLACK_MS) };
  const times = {
    STEP_BUDGET_MS: String(settings.stepBudgetMs),
    LEASE_MS: String(settings.leaseMs),
    DELIVERY_TIMEOUT_MS: String(settings.deliveryTimeoutMs),
    CONSUMER_BACKOFF_MIN_MS: String(settings.consumerBackoffMinMs),
    CONSUMER_BACKOFF_MAX_MS: String(settings.consumerBackoffMaxMs),
  };
  const scheduling = {
    SCHEDULE_GROUP: schedules.group.scheduleGroupName,
    SCHEDULE_ROLE_ARN: schedules.role.roleArn,
    SCHEDULE_WINDOW_MINUTES: String(settings.scheduleWindowMinutes),
    START_QUEUE_ARN: queues.start.queue.queueArn,
  };
  return {
    'control-api': { ...common, ...steps, ...events, ...scheduling } satisfies ControlApi,
    'proxy-api': { ...common, ...providers, ...events, ...proxy } satisfies ProxyApi,
    'unified-api': { ...common, ...providers, ...events, ...unified } satisfies UnifiedApi,
    'sync-stream': { ...common, ...providers, ...events, ...times } satisfies SyncStream,
    'account-check': { ...common, ...providers, ...events } satisfies AccountCheck,
    'sync-start': { ...common, ...steps } satisfies SyncStart,
    'sync-step': { ...common, ...providers, ...events, ...steps, ...times } satisfies SyncStep,
    'sync-sweep': { ...common, ...steps } satisfies SyncSweep,
    'webhook-deliver': { ...common, ...events } satisfies WebhookDeliver,
    'claim-sweep': { ...telemetry, ...claims } satisfies ClaimSweep,
  } satisfies Readonly<Record<FunctionName, Variables>>;
}
