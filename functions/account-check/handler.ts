/**
 * account-check: what is done with an integrated account that calls its provider: verifies it,
 * renews its credential, revokes it when it is deleted.
 *
 * Trigger  HTTP API, POST /v1/integrated-accounts/{id}/verify and /refresh, DELETE
 *          /v1/integrated-accounts/{id}
 * Success  200 with the account as it is now; 204 where it is gone
 * Failure  a problem document: whose fault it is, and whether to try again
 * Repeat   safe: verifying asks the same again, a renewal is guarded by the credential's version,
 *          and what is deleted is not found
 */
import {
  createDynamoClient,
  createKmsClient,
  createS3Client,
  createSqsClient,
} from '#shared/aws/clients.ts';
import { loadEnv } from '#shared/kernel/env.ts';
import { tellAccount } from '#shared/runtime/compose/account-events.ts';
import { accountRoutes } from '#shared/runtime/compose/account-routes.ts';
import { createApi } from '#shared/runtime/compose/api.ts';
import { readCatalogueFile } from '#shared/runtime/compose/catalogue-file.ts';
import { createEvents } from '#shared/runtime/compose/events.ts';
import { createProviders } from '#shared/runtime/compose/providers.ts';
import { createStorage } from '#shared/runtime/compose/storage.ts';
import { httpEndpoint } from '#shared/runtime/http-endpoint.ts';
import { telemetryOf } from '#shared/runtime/telemetry.ts';
import { configSchema } from './config.ts';

/** No route takes a body; room for an empty object and its white space. */
const MAX_BODY_BYTES = 1_024;
/** The HTTP API gives up after 30 s, and so does Lambda. */
const ATTEMPT_MS = 60_000;

const config = loadEnv(configSchema, process.env);
const telemetry = telemetryOf(config);
const storage = createStorage(config, { dynamo: createDynamoClient(), kms: createKmsClient() });
const { publish } = createEvents(storage, config, { sqs: createSqsClient(), s3: createS3Client() });
const catalogue = readCatalogueFile(config, __dirname);
const announce = tellAccount(storage, publish, 'needs_reauth');
const providers = createProviders(storage, catalogue, config, telemetry, announce);
const routes = accountRoutes({ storage, providers, publish, telemetry });
const limits = { maxBodyBytes: MAX_BODY_BYTES, attemptMs: ATTEMPT_MS };

export const handler = httpEndpoint(telemetry, createApi(storage, telemetry, routes, limits));
