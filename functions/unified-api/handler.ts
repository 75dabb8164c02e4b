/**
 * unified-api: records of providers, in their own shape or in that of a unified model.
 *
 * Trigger  REST API with response streaming, ANY /v1/resources/… and /v1/unified/…
 * Success  JSON, as GET /v1/openapi.json says, the normalised rate-limit headers, `Server-Timing`
 * Failure  a problem document: whose fault it is, and whether to try again
 * Repeat   writes with an `Idempotency-Key` take effect once; a repeat reads the record back
 */
import { createCursors } from '#shared/api/http/list.ts';
import { withServerTiming } from '#shared/api/http/server-timing.ts';
import { resourceRoutes } from '#shared/api/records/resources.ts';
import { unifiedRoutes } from '#shared/api/records/unified.ts';
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
import { restStreamEndpoint } from '#shared/runtime/rest-stream-endpoint.ts';
import { telemetryOf } from '#shared/runtime/telemetry.ts';
import { createUnifiedCalls } from '#shared/unified/unified-calls.ts';
import { configSchema } from './config.ts';

/** A record to write; what is larger is a file, and files go by the proxy. */
const MAX_BODY_BYTES = 1_024 * 1_024;

const config = loadEnv(configSchema, process.env);
const telemetry = telemetryOf(config);
const storage = createStorage(config, { dynamo: createDynamoClient(), kms: createKmsClient() });
const { publish } = createEvents(storage, config, { sqs: createSqsClient(), s3: createS3Client() });
const catalogue = readCatalogueFile(config, __dirname);
const announce = tellAccount(storage, publish, 'needs_reauth');
const providers = createProviders(storage, catalogue, config, telemetry, announce);
const deps = {
  ...storage,
  ...createUnifiedCalls(providers.calls),
  accounts: providers.accounts,
  cursors: createCursors(storage.sealer),
};
const routes = [...resourceRoutes(deps), ...unifiedRoutes(deps)];
const limits = { maxBodyBytes: MAX_BODY_BYTES, attemptMs: config.ATTEMPT_MS };

const serve = createApi(storage, telemetry, routes, limits);

export const handler = restStreamEndpoint(
  telemetry,
  withServerTiming(serve, () => performance.now()),
);
