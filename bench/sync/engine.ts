/**
 * The sync step as functions/sync-step/handler.ts wires it, with two doubles: KMS lives in this
 * process, and hints are handed over by hand instead of by a queue.
 */
import { createImportAccount } from '#shared/account/import-account.ts';
import { createDynamoClient, createS3Client, createSqsClient } from '#shared/aws/clients.ts';
import { createSendHttp } from '#shared/http/request.ts';
import { brandId } from '#shared/kernel/id.ts';
import { readCatalogueFile } from '#shared/runtime/compose/catalogue-file.ts';
import { createEvents, createPosting } from '#shared/runtime/compose/events.ts';
import { createProviders } from '#shared/runtime/compose/providers.ts';
import { createStorage } from '#shared/runtime/compose/storage.ts';
import { createSync } from '#shared/runtime/compose/sync.ts';
import { telemetryOf } from '#shared/runtime/telemetry.ts';
import { syncJobBody } from '#shared/sync/job/sync-job.ts';
import type { Hint } from '#shared/sync/run/hint.ts';
import type { SyncRun } from '#shared/sync/run/sync-run.ts';
import { createStartRun } from '#shared/sync/start/start-run.ts';
import { createStep } from '#shared/sync/step/step.ts';
import type { FetchPage } from '#shared/unified/fetch-page.ts';
import { createFetchPage } from '#shared/unified/page-source.ts';
import { createOpenFanOut } from '#shared/webhook/delivery/fan-out.ts';
import { createSubscriptionStore } from '#shared/webhook/subscription/subscription-store.ts';
import { TEST_KEK_ARN, TestKms } from '../../test/support/doubles/kms.ts';

/** Of this process alone: its keys open nothing that another has sealed in the same tables. */
const ENVIRONMENT = brandId<'env'>(`env_${process.pid}`);
const RESOURCE = 'ticketing/tickets';
const SETTINGS = {
  // The names that test/support/servers/dynamo.ts gives them.
  MAIN_TABLE: 'main',
  KEYS_TABLE: 'keys',
  KEK_ARN: TEST_KEK_ARN,
  POWERTOOLS_SERVICE_NAME: 'bench',
  LOG_LEVEL: 'INFO',
  ALLOW_LOOPBACK_TARGETS: true,
  PROVIDER_TIMEOUT_MS: 15_000,
  DELIVERY_TIMEOUT_MS: 15_000,
  // Only news of a subscription that was disabled would look for them.
  DELIVERY_QUEUE_URL: 'http://127.0.0.1:9/none',
  CLAIMS_BUCKET: 'none',
  CLAIM_TTL_MS: 60_000,
} as const;

export interface Addresses {
  readonly providerUrl: string;
  readonly consumerUrl: string;
}

/** @param afterPage is called whenever a page has come in */
export async function openEngine({ providerUrl, consumerUrl }: Addresses, afterPage: () => void) {
  const storage = createStorage(SETTINGS, {
    dynamo: createDynamoClient(),
    kms: new TestKms().client,
  });
  const send = createSendHttp({ allowLoopback: true });
  const telemetry = telemetryOf(SETTINGS);
  const clients = { sqs: createSqsClient(), s3: createS3Client() };
  const events = createEvents(storage, SETTINGS, clients);
  const posting = createPosting(storage, SETTINGS, events, send);
  const catalogue = readCatalogueFile({ CATALOGUE_FILE: process.env['CATALOGUE_FILE'] }, '');
  const providers = createProviders(storage, catalogue, SETTINGS, telemetry, async () => undefined);
  const sync = createSync(storage);
  const hints: Hint[] = [];
  const fetchUnified = createFetchPage(providers.calls);
  const fetchPage: FetchPage = async (request) => {
    const page = await fetchUnified(request);
    afterPage();
    return page;
  };
  const deps = {
    ...storage,
    ...sync,
    receivers: events.receivers,
    fetchPage,
    openFanOut: createOpenFanOut({ ...storage, ...events, ...posting }),
    sendHint: async (hint: Hint) => void hints.push(hint),
    onRateLimitAlert: () => undefined,
  };
  const { subscription, secret } = await createSubscriptionStore({
    ...storage,
    secrets: events.secrets,
    allowLoopback: true,
  }).create(ENVIRONMENT, { url: consumerUrl, events: ['sync_job_run:*'] });
  const account = await createImportAccount({
    ...storage,
    ...providers,
    integration: catalogue.integration,
  })(ENVIRONMENT, {
    tenantId: brandId<'tenant'>('acme'),
    integration: 'sandbox',
    auth: 'api_token',
    credentials: { token: 'token' },
    connection: { base_url: providerUrl },
  });
  const job = await sync.jobs.create(
    ENVIRONMENT,
    syncJobBody.parse({
      integration_name: 'sandbox',
      resources: [{ resource: RESOURCE, method: 'list' }],
    }),
  );
  const startRun = createStartRun(deps);
  const step = createStep(deps);
  return {
    send,
    post: posting.post,
    receiver: { subscription, secrets: [secret] },
    /** Queues a run; the answer takes it to its end. */
    start: async (): Promise<() => Promise<SyncRun>> => {
      const { id } = await startRun({
        environmentId: ENVIRONMENT,
        jobId: job.id,
        accountId: account.id,
        fullResync: true,
      });
      return async () => {
        for (let hint = hints.shift(); hint; hint = hints.shift()) await step(hint);
        const run = await sync.runs.get(id);
        if (run?.status !== 'completed') throw new Error(`the run is ${run?.status}`);
        return run;
      };
    },
  };
}

export type Engine = Awaited<ReturnType<typeof openEngine>>;
