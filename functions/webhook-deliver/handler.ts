/**
 * webhook-deliver: posts an event that belongs to no sync run to one subscriber.
 *
 * Trigger  delivery queue, one ticket a message
 * Success  the subscriber answered 2xx, or there is nothing more to try; the claim is discarded
 * Failure  of the subscriber: a new ticket with a delay, five times at most. Ours: the ticket
 *          becomes visible again
 * Repeat   safe: subscribers drop duplicates by `webhook-id`
 */
import {
  createDynamoClient,
  createKmsClient,
  createS3Client,
  createSqsClient,
} from '#shared/aws/clients.ts';
import { createSendHttp } from '#shared/http/request.ts';
import { loadEnv } from '#shared/kernel/env.ts';
import { createEvents, createPosting } from '#shared/runtime/compose/events.ts';
import { createStorage } from '#shared/runtime/compose/storage.ts';
import { queueConsumer } from '#shared/runtime/queue-consumer.ts';
import { telemetryOf } from '#shared/runtime/telemetry.ts';
import { createDeliver } from '#shared/webhook/delivery/deliver.ts';
import { deliveryMessage } from '#shared/webhook/delivery/delivery-message.ts';
import { configSchema } from './config.ts';

const config = loadEnv(configSchema, process.env);
const telemetry = telemetryOf(config);
const storage = createStorage(config, { dynamo: createDynamoClient(), kms: createKmsClient() });
const send = createSendHttp({ allowLoopback: config.ALLOW_LOOPBACK_TARGETS });
const clients = { sqs: createSqsClient(), s3: createS3Client() };
const events = createEvents(storage, config, clients);
const posting = createPosting(storage, config, events, send);
const deliver = createDeliver({ ...storage, ...events, ...posting });

export const handler = queueConsumer(telemetry, {
  name: 'webhook delivery',
  message: deliveryMessage,
  consume: async (message) => {
    const outcome = await deliver(message);
    telemetry.log.info('webhook delivery', {
      environment_id: message.environment_id,
      webhook_subscription_id: message.subscription_id,
      event_id: message.event_id,
      event_type: message.event_type,
      attempt: message.attempts + 1,
      outcome,
    });
  },
});
