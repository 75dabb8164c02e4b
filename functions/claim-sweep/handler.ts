/**
 * claim-sweep: deletes payloads whose claims nobody redeemed in time.
 *
 * Trigger  schedule, each minute
 * Success  no object is left whose claim expired before this minute
 * Failure  the next minute tries again; the bucket's lifecycle is the last broom
 * Repeat   safe: deleting twice deletes once
 */
import { createS3Client } from '#shared/aws/clients.ts';
import { createS3PayloadStore } from '#shared/claim-check/s3-payload-store.ts';
import { sweepExpiredClaims } from '#shared/claim-check/sweep-expired-claims.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { loadEnv } from '#shared/kernel/env.ts';
import { scheduledTask } from '#shared/runtime/scheduled-task.ts';
import { telemetryOf } from '#shared/runtime/telemetry.ts';
import { configSchema } from './config.ts';

const config = loadEnv(configSchema, process.env);
const payloads = createS3PayloadStore(createS3Client(), config.CLAIMS_BUCKET);

export const handler = scheduledTask(telemetryOf(config), 'claim sweep', async () => ({
  deleted: await sweepExpiredClaims({ payloads, clock: systemClock }),
}));
