/** Events to subscribers: who they are, how they are signed, posted and waited for. */
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { type ClaimCheck, createClaimCheck } from '../../claim-check/claim-check.ts';
import { createS3PayloadStore } from '../../claim-check/s3-payload-store.ts';
import type { SendHttp } from '../../http/http-message.ts';
import { createDeliveryLog, type DeliveryLog } from '../../webhook/delivery/delivery-log.ts';
import type { SendDelivery } from '../../webhook/delivery/delivery-message.ts';
import { createPostEvent, type PostEvent } from '../../webhook/delivery/post-event.ts';
import { createPublish, type Publish } from '../../webhook/delivery/publish.ts';
import { createTellDisabled } from '../../webhook/delivery/subscription-disabled.ts';
import { createReceivers, type Receivers } from '../../webhook/subscription/receivers.ts';
import {
  createSubscriptionHealth,
  type SubscriptionHealth,
} from '../../webhook/subscription/subscription-health.ts';
import {
  createSubscriptionSecrets,
  type SubscriptionSecrets,
} from '../../webhook/subscription/subscription-secrets.ts';
import { egressSettings, milliseconds } from './egress.ts';
import { createSendToQueue } from './queue-sender.ts';
import type { Storage } from './storage.ts';

export const eventSettings = {
  ...egressSettings,
  DELIVERY_QUEUE_URL: z.string().min(1),
  CLAIMS_BUCKET: z.string().min(1),
  CLAIM_TTL_MS: milliseconds.default(3_600_000),
  DELIVERY_TIMEOUT_MS: milliseconds.default(15_000),
} as const;

interface EventSettings {
  readonly DELIVERY_QUEUE_URL: string;
  readonly CLAIMS_BUCKET: string;
  readonly CLAIM_TTL_MS: number;
}

/** Without a way out: whoever posts adds {@link createPosting}. */
export interface Events {
  readonly secrets: SubscriptionSecrets;
  readonly receivers: Receivers;
  readonly deliveryLog: DeliveryLog;
  readonly claims: ClaimCheck;
  readonly publish: Publish;
  readonly sendDelivery: SendDelivery;
}

export function createEvents(
  { table, sealer, clock, random }: Storage,
  settings: EventSettings,
  clients: { readonly sqs: SQSClient; readonly s3: S3Client },
): Events {
  const secrets = createSubscriptionSecrets({ sealer, random, clock });
  const receivers = createReceivers({ table, secrets });
  const payloads = createS3PayloadStore(clients.s3, settings.CLAIMS_BUCKET);
  const claims = createClaimCheck({ payloads, clock, random, ttlMs: settings.CLAIM_TTL_MS });
  const sendDelivery = createSendToQueue(clients.sqs, settings.DELIVERY_QUEUE_URL);
  const publish = createPublish({ receivers, claims, sendDelivery });
  return {
    secrets,
    receivers,
    claims,
    publish,
    sendDelivery,
    deliveryLog: createDeliveryLog(table),
  };
}

export interface Posting {
  readonly post: PostEvent;
  readonly health: SubscriptionHealth;
  readonly log: DeliveryLog;
}

export function createPosting(
  { table, clock }: Storage,
  settings: { readonly ALLOW_LOOPBACK_TARGETS: boolean; readonly DELIVERY_TIMEOUT_MS: number },
  { publish, deliveryLog }: Events,
  send: SendHttp,
): Posting {
  const onDisabled = createTellDisabled({ publish, clock });
  return {
    log: deliveryLog,
    health: createSubscriptionHealth({ table, clock, onDisabled }),
    post: createPostEvent({
      send,
      clock,
      allowLoopback: settings.ALLOW_LOOPBACK_TARGETS,
      timeoutMs: settings.DELIVERY_TIMEOUT_MS,
    }),
  };
}
