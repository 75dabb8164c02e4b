/**
 * sync-stream: a sync run whose events are the lines of one answer.
 *
 * Trigger  REST API with response streaming, POST /v1/sync-jobs/{id}/stream
 * Success  NDJSON, one event a line, the last one `sync_job_run:completed`
 * Failure  before the first line a problem document; after it a line `sync_job_run:failed`
 * Repeat   a second request is a second run, refused while the first goes on
 */
import { syncStreamRoute } from '#shared/api/sync/sync-stream.ts';
import {
  createDynamoClient,
  createKmsClient,
  createS3Client,
  createSqsClient,
} from '#shared/aws/clients.ts';
import { loadEnv } from '#shared/kernel/env.ts';
import { tellAccount } from '#shared/runtime/compose/account-events.ts';
import { createApi } from '#shared/runtime/compose/api.ts';
import { readCatalogueFile } from '#shared/runtime/compose/catalogue-file.ts';
import { createEvents } from '#shared/runtime/compose/events.ts';
import { createProviders } from '#shared/runtime/compose/providers.ts';
import { createStorage } from '#shared/runtime/compose/storage.ts';
import { createSync, rateLimitAlert } from '#shared/runtime/compose/sync.ts';
import { restStreamEndpoint } from '#shared/runtime/rest-stream-endpoint.ts';
import { telemetryOf } from '#shared/runtime/telemetry.ts';
import { createStreamRun } from '#shared/sync/stream/stream.ts';
import { createFetchPage } from '#shared/unified/page-source.ts';
import { configSchema } from './config.ts';

/** The body names an account and the job's arguments. */
const MAX_BODY_BYTES = 64 * 1_024;

const config = loadEnv(configSchema, process.env);
const telemetry = telemetryOf(config);
const storage = createStorage(config, { dynamo: createDynamoClient(), kms: createKmsClient() });
const { publish } = createEvents(storage, config, { sqs: createSqsClient(), s3: createS3Client() });
const catalogue = readCatalogueFile(config, __dirname);
const announce = tellAccount(storage, publish, 'needs_reauth');
const providers = createProviders(storage, catalogue, config, telemetry, announce);
const deps = {
  ...storage,
  ...createSync(storage, config),
  fetchPage: createFetchPage(providers.calls),
  onRateLimitAlert: rateLimitAlert(telemetry.log),
};
const stream = syncStreamRoute({
  streamRun: (request, deadlineMs) =>
    createStreamRun({ ...deps, streamBudgetMs: deadlineMs - storage.clock.now() })(request),
});
const limits = { maxBodyBytes: MAX_BODY_BYTES };

export const handler = restStreamEndpoint(
  telemetry,
  createApi(storage, telemetry, [stream], limits),
);
