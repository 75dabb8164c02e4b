/** Subscriptions and deliveries with a receiver, a queue and claims in memory. */
import {
  type ClaimCheck,
  ClaimGoneError,
  type ClaimTicket,
} from '#shared/claim-check/claim-check.ts';
import { brandId, createIdFactory } from '#shared/kernel/id.ts';
import type { Transient } from '#shared/kernel/transient.ts';
import { createDeliver } from '#shared/webhook/delivery/deliver.ts';
import { createDeliveryLog } from '#shared/webhook/delivery/delivery-log.ts';
import type { DeliveryMessage } from '#shared/webhook/delivery/delivery-message.ts';
import { createOpenFanOut } from '#shared/webhook/delivery/fan-out.ts';
import { createPostEvent } from '#shared/webhook/delivery/post-event.ts';
import { createPublish } from '#shared/webhook/delivery/publish.ts';
import { createTellDisabled } from '#shared/webhook/delivery/subscription-disabled.ts';
import { createReceivers } from '#shared/webhook/subscription/receivers.ts';
import { createSubscriptionHealth } from '#shared/webhook/subscription/subscription-health.ts';
import { createSubscriptionSecrets } from '#shared/webhook/subscription/subscription-secrets.ts';
import { createSubscriptionStore } from '#shared/webhook/subscription/subscription-store.ts';
import { createFakeSealer } from '../doubles/fake-sealer.ts';
import { createMemoryTable } from '../doubles/memory-table.ts';
import { createRecordingReceiver } from '../doubles/recording-receiver.ts';
import { seededRandom } from '../doubles/seeded-random.ts';
import { VirtualClock } from '../doubles/virtual-clock.ts';

export const ENVIRONMENT = brandId<'env'>('env_1');

export interface QueuedDelivery {
  readonly message: DeliveryMessage;
  readonly delaySeconds: number;
}

export function createWebhookWorld() {
  const clock = new VirtualClock();
  const table = createMemoryTable();
  const random = seededRandom();
  const receiver = createRecordingReceiver();
  const claims = createMemoryClaims();
  const queue: QueuedDelivery[] = [];
  const sendDelivery = async (message: DeliveryMessage, delaySeconds: number) => {
    queue.push({ message, delaySeconds });
  };
  const secrets = createSubscriptionSecrets({ sealer: createFakeSealer(), random, clock });
  const receivers = createReceivers({ table, secrets });
  const publish = createPublish({ receivers, claims, sendDelivery });
  const health = createSubscriptionHealth({
    table,
    clock,
    onDisabled: createTellDisabled({ publish, clock }),
  });
  const log = createDeliveryLog(table);
  const post = createPostEvent({ send: receiver.send, clock, allowLoopback: false });
  return {
    clock,
    table,
    receiver,
    receivers,
    claims,
    queue,
    publish,
    health,
    log,
    post,
    subscriptions: createSubscriptionStore({
      table,
      secrets,
      ids: createIdFactory(clock, random),
      clock,
      allowLoopback: false,
    }),
    deliver: createDeliver({ receivers, health, claims, post, log, sendDelivery, clock, random }),
    fanOut: createOpenFanOut({ receivers, health, post, log, clock })(ENVIRONMENT),
  };
}

export type WebhookWorld = ReturnType<typeof createWebhookWorld>;

export function subscribe(world: WebhookWorld, events = ['*'], host = 'hooks') {
  return world.subscriptions.create(ENVIRONMENT, {
    url: `https://${host}.operator.com/`,
    events,
  });
}

/** Claims in a map, with the promises of the real ones. */
function createMemoryClaims() {
  const held = new Map<string, Transient<Uint8Array>>();
  const claims: ClaimCheck = {
    async checkIn(payload): Promise<ClaimTicket> {
      const objectKey = `c/${held.size}`;
      held.set(objectKey, payload);
      return { v: 1, object_key: objectKey, key: 'k', iv: 'i', tag: 't', expires_at_ms: 1 };
    },
    async redeem({ object_key }) {
      const payload = held.get(object_key);
      if (!payload) throw new ClaimGoneError('gone');
      return payload.map((bytes) => Buffer.from(bytes));
    },
    async discard({ object_key }) {
      held.delete(object_key);
    },
  };
  return { ...claims, held };
}
