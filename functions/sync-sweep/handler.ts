/**
 * sync-sweep: sends a hint for every run that is due. This is what guarantees progress: it finds
 * crashed workers, lost hints, and waits of any length.
 *
 * Trigger  schedule, each minute
 * Success  every run that was due has a hint
 * Failure  the next minute tries again
 * Repeat   safe: a hint too many is dropped by the step
 */
import { createDynamoClient, createKmsClient, createSqsClient } from '#shared/aws/clients.ts';
import { loadEnv } from '#shared/kernel/env.ts';
import { createStorage } from '#shared/runtime/compose/storage.ts';
import { createSendHint, createSync } from '#shared/runtime/compose/sync.ts';
import { scheduledTask } from '#shared/runtime/scheduled-task.ts';
import { telemetryOf } from '#shared/runtime/telemetry.ts';
import { createSweep } from '#shared/sync/step/sweep.ts';
import { configSchema } from './config.ts';

const config = loadEnv(configSchema, process.env);
const storage = createStorage(config, { dynamo: createDynamoClient(), kms: createKmsClient() });
const sendHint = createSendHint(createSqsClient(), config);
const sweep = createSweep({ ...storage, ...createSync(storage), sendHint });

export const handler = scheduledTask(telemetryOf(config), 'sync sweep', async () => {
  const { hints, oldestOverdueMs } = await sweep();
  return { hints, oldest_overdue_ms: oldestOverdueMs };
});
