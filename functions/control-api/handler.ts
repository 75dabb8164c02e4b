/**
 * control-api: the control plane, every route that calls no provider.
 *
 * Trigger  HTTP API, `$default` route
 * Success  JSON, as GET /v1/openapi.json says
 * Failure  a problem document: whose fault it is, and whether to try again
 * Repeat   as HTTP says; POST, PATCH and DELETE with an `Idempotency-Key` take effect once
 */
import * as aws from '#shared/aws/clients.ts';
import { loadEnv } from '#shared/kernel/env.ts';
import { createApi } from '#shared/runtime/compose/api.ts';
import { readCatalogueFile } from '#shared/runtime/compose/catalogue-file.ts';
import { controlPlaneRoutes } from '#shared/runtime/compose/control-plane.ts';
import { createEvents } from '#shared/runtime/compose/events.ts';
import { createStorage } from '#shared/runtime/compose/storage.ts';
import { httpEndpoint } from '#shared/runtime/http-endpoint.ts';
import { telemetryOf } from '#shared/runtime/telemetry.ts';
import { configSchema } from './config.ts';

/** An integration.yaml may be long; everything else is short. */
const MAX_BODY_BYTES = 1_024 * 1_024;
/** The HTTP API gives up after 30 s, and so does Lambda. */
const ATTEMPT_MS = 60_000;

const settings = loadEnv(configSchema, process.env);
const telemetry = telemetryOf(settings);
const clients = {
  dynamo: aws.createDynamoClient(),
  kms: aws.createKmsClient(),
  sqs: aws.createSqsClient(),
  s3: aws.createS3Client(),
  scheduler: aws.createSchedulerClient(),
};
const storage = createStorage(settings, clients);
const events = createEvents(storage, settings, clients);
const catalogue = readCatalogueFile(settings, __dirname);
const routes = controlPlaneRoutes({ storage, catalogue, events, settings, clients });
const limits = { maxBodyBytes: MAX_BODY_BYTES, attemptMs: ATTEMPT_MS };

export const handler = httpEndpoint(telemetry, createApi(storage, telemetry, routes, limits));
