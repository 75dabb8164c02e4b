/**
 * proxy-api: calls in the provider's own shape, streamed through.
 *
 * Trigger  REST API with response streaming, ANY /v1/proxy/{proxy+}
 * Success  the provider's status, headers and body, and the normalised rate-limit headers
 * Failure  a problem document; after the first byte, a broken connection
 * Repeat   as the provider's own API says: nothing is tried again here
 */
import { keepAccounts } from '#shared/account/kept-accounts.ts';
import { withServerTiming } from '#shared/api/http/server-timing.ts';
import { proxyRoute } from '#shared/api/proxy/proxy.ts';
import {
  createDynamoClient,
  createKmsClient,
  createS3Client,
  createSqsClient,
} from '#shared/aws/clients.ts';
import { loadEnv } from '#shared/kernel/env.ts';
import { createProxyCall } from '#shared/proxy/proxy-call.ts';
import { tellAccount } from '#shared/runtime/compose/account-events.ts';
import { createApi } from '#shared/runtime/compose/api.ts';
import { readCatalogueFile } from '#shared/runtime/compose/catalogue-file.ts';
import { createEvents } from '#shared/runtime/compose/events.ts';
import { createProviders } from '#shared/runtime/compose/providers.ts';
import { createStorage } from '#shared/runtime/compose/storage.ts';
import { restStreamEndpoint } from '#shared/runtime/rest-stream-endpoint.ts';
import { telemetryOf } from '#shared/runtime/telemetry.ts';
import { configSchema } from './config.ts';

/** What Lambda takes in one synchronous event. */
const MAX_BODY_BYTES = 6 * 1_024 * 1_024;

const config = loadEnv(configSchema, process.env);
const telemetry = telemetryOf(config);
const storage = createStorage(config, { dynamo: createDynamoClient(), kms: createKmsClient() });
const { publish } = createEvents(storage, config, { sqs: createSqsClient(), s3: createS3Client() });
const catalogue = readCatalogueFile(config, __dirname);
const announce = tellAccount(storage, publish, 'needs_reauth');
const providers = createProviders(storage, catalogue, config, telemetry, announce);
const proxyCall = createProxyCall(providers.calls);
const accounts = keepAccounts(providers.accounts, storage.clock);
const maxTimeoutMs = config.PROXY_MAX_TIMEOUT_MS;
const routes = [proxyRoute({ accounts, proxyCall, maxTimeoutMs })];
const serve = createApi(storage, telemetry, routes, { maxBodyBytes: MAX_BODY_BYTES });

export const handler = restStreamEndpoint(
  telemetry,
  withServerTiming(serve, () => performance.now()),
);
