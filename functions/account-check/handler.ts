/**
 * account-check: verifies an integrated account with its provider, or renews its credential.
 *
 * Trigger  HTTP API, POST /v1/integrated-accounts/{id}/verify and /refresh
 * Success  200 with the account as it is now
 * Failure  a problem document: whose fault it is, and whether to try again
 * Repeat   safe: verifying changes nothing, and a renewal is guarded by the credential's version
 */
import { accountCheckRoutes } from '#shared/api/routes/account-checks.ts';
import { createDynamoClient, createKmsClient } from '#shared/aws/clients.ts';
import { loadEnv } from '#shared/kernel/env.ts';
import { createVerifyAccount } from '#shared/proxy/verify-account.ts';
import { createApi } from '#shared/runtime/compose/api.ts';
import { readCatalogueFile } from '#shared/runtime/compose/catalogue-file.ts';
import { createProviders } from '#shared/runtime/compose/providers.ts';
import { createStorage } from '#shared/runtime/compose/storage.ts';
import { httpEndpoint } from '#shared/runtime/http-endpoint.ts';
import { telemetryOf } from '#shared/runtime/telemetry.ts';
import { configSchema } from './config.ts';

/** Neither route takes a body; room for an empty object and its white space. */
const MAX_BODY_BYTES = 1_024;
/** The HTTP API gives up after 30 s, and so does Lambda. */
const ATTEMPT_MS = 60_000;

const config = loadEnv(configSchema, process.env);
const telemetry = telemetryOf(config);
const storage = createStorage(config, { dynamo: createDynamoClient(), kms: createKmsClient() });
const catalogue = readCatalogueFile(config, __dirname);
const providers = createProviders(storage, catalogue, config, telemetry);
const routes = accountCheckRoutes({
  ...providers,
  credentials: providers.calls.credentials,
  verifyAccount: createVerifyAccount(providers.calls),
});
const limits = { maxBodyBytes: MAX_BODY_BYTES, attemptMs: ATTEMPT_MS };

export const handler = httpEndpoint(telemetry, createApi(storage, telemetry, routes, limits));
