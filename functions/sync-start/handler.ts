/**
 * sync-start: starts a job's runs when its schedule fires, one for each account that it fits.
 *
 * Trigger  start queue, fed by one EventBridge schedule per job with a cron
 * Success  a run is queued for every account that can be synchronised
 * Failure  the message becomes visible again; a job that is gone ends it at once
 * Repeat   safe: an account whose run is going on is left alone
 */
import { createAccountStore } from '#shared/account/account-store.ts';
import { createDynamoClient, createKmsClient, createSqsClient } from '#shared/aws/clients.ts';
import { loadEnv } from '#shared/kernel/env.ts';
import { createStorage } from '#shared/runtime/compose/storage.ts';
import { accountsOf, createSendHint, createSync } from '#shared/runtime/compose/sync.ts';
import { queueConsumer } from '#shared/runtime/queue-consumer.ts';
import { telemetryOf } from '#shared/runtime/telemetry.ts';
import { createStartRun } from '#shared/sync/start/start-run.ts';
import { createStartScheduled, startMessage } from '#shared/sync/start/start-scheduled.ts';
import { configSchema } from './config.ts';

const config = loadEnv(configSchema, process.env);
const telemetry = telemetryOf(config);
const storage = createStorage(config, { dynamo: createDynamoClient(), kms: createKmsClient() });
const sync = createSync(storage);
const startRun = createStartRun({
  ...storage,
  ...sync,
  sendHint: createSendHint(createSqsClient(), config),
});
const accounts = createAccountStore(storage);
const start = createStartScheduled({ ...sync, accountsOf: accountsOf(accounts), startRun });

export const handler = queueConsumer(telemetry, {
  name: 'sync start',
  message: startMessage,
  consume: async (message) => {
    const { job_id, environment_id } = message;
    telemetry.log.info('sync start', { job_id, environment_id, ...(await start(message)) });
  },
});
