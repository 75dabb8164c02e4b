/**
 * sync-step: takes a sync run on for a bounded time: fetch, map, deliver, commit.
 *
 * Trigger  step queue, one hint a message
 * Success  the run is completed, parked, or handed on by a new hint
 * Failure  the hint becomes visible again; a run that fails again and again at one place is failed
 * Repeat   safe: of any number of hints one claims the run, and only its holder can commit
 */
import {
  createDynamoClient,
  createKmsClient,
  createS3Client,
  createSqsClient,
} from '#shared/aws/clients.ts';
import { createSendHttp } from '#shared/http/request.ts';
import { loadEnv } from '#shared/kernel/env.ts';
import { tellAccount } from '#shared/runtime/compose/account-events.ts';
import { readCatalogueFile } from '#shared/runtime/compose/catalogue-file.ts';
import { createEvents, createPosting } from '#shared/runtime/compose/events.ts';
import { createProviders } from '#shared/runtime/compose/providers.ts';
import { createStorage } from '#shared/runtime/compose/storage.ts';
import { createSendHint, createSync, rateLimitAlert } from '#shared/runtime/compose/sync.ts';
import { queueConsumer } from '#shared/runtime/queue-consumer.ts';
import { telemetryOf } from '#shared/runtime/telemetry.ts';
import { hintMessage } from '#shared/sync/run/hint.ts';
import { createStep } from '#shared/sync/step/step.ts';
import { createFetchPage } from '#shared/unified/page-source.ts';
import { createOpenFanOut } from '#shared/webhook/delivery/fan-out.ts';
import { configSchema } from './config.ts';

const config = loadEnv(configSchema, process.env);
const telemetry = telemetryOf(config);
const storage = createStorage(config, { dynamo: createDynamoClient(), kms: createKmsClient() });
const clients = { sqs: createSqsClient(), s3: createS3Client() };
const send = createSendHttp({ allowLoopback: config.ALLOW_LOOPBACK_TARGETS });
const events = createEvents(storage, config, clients);
const posting = createPosting(storage, config, events, send);
const catalogue = readCatalogueFile(config, __dirname);
const announce = tellAccount(storage, events.publish, 'needs_reauth');
const providers = createProviders(storage, catalogue, config, telemetry, announce);
const step = createStep({
  ...storage,
  ...createSync(storage, config),
  fetchPage: createFetchPage(providers.calls),
  openFanOut: createOpenFanOut({ ...storage, ...events, ...posting }),
  sendHint: createSendHint(clients.sqs, config),
  onRateLimitAlert: rateLimitAlert(telemetry.log),
});

export const handler = queueConsumer(telemetry, {
  name: 'sync step',
  message: hintMessage,
  consume: async (hint) => {
    const { run_id, environment_id, account_id } = hint;
    const { kind: outcome } = await step(hint);
    telemetry.log.info('sync step', { run_id, environment_id, account_id, outcome });
  },
});
