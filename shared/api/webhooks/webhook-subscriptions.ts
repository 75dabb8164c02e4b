/** Webhook subscriptions: who gets which events. The signing secret is shown when it is made. */
import type * as z from 'zod';
import type { Principal } from '../../access/authenticate.ts';
import { brandId } from '../../kernel/id.ts';
import type { DeliveryLog } from '../../webhook/delivery/delivery-log.ts';
import {
  presentDelivery,
  presentSubscription,
} from '../../webhook/delivery/present-subscription.ts';
import type { Subscription } from '../../webhook/subscription/subscription.ts';
import type {
  SubscriptionStore,
  WithSecret,
} from '../../webhook/subscription/subscription-store.ts';
import { ifMatches, versionEtag } from '../http/etag.ts';
import { type Cursors, listReply } from '../http/list.ts';
import { type Route, route } from '../http/route.ts';
import * as endpoints from './webhook-subscription-endpoints.ts';

export interface WebhookSubscriptionRouteDeps {
  readonly subscriptions: SubscriptionStore;
  readonly deliveryLog: Pick<DeliveryLog, 'list'>;
  readonly cursors: Cursors;
  /** Sends the `test` event. @returns its id */
  readonly sendTest: (subscription: Subscription) => Promise<string>;
}

export function webhookSubscriptionRoutes(deps: WebhookSubscriptionRouteDeps): readonly Route[] {
  return [...ownRoutes(deps), ...listRoutes(deps), ...actionRoutes(deps)];
}

function ownRoutes({ subscriptions }: WebhookSubscriptionRouteDeps): readonly Route[] {
  const recall = recaller(subscriptions);
  return [
    route(endpoints.create, {
      run: async ({ body, caller }) =>
        secretReply(await subscriptions.create(caller.environmentId, body)),
      recall,
    }),
    route(endpoints.read, {
      run: async ({ params: { id }, caller }) =>
        reply(await subscriptions.get(caller.environmentId, id)),
    }),
    route(endpoints.patch, {
      async run({ params: { id }, body, caller: { environmentId }, ifMatch }) {
        const current = await subscriptions.get(environmentId, id);
        return reply(
          await ifMatches(ifMatch, current, () =>
            subscriptions.patch(environmentId, id, body, current.version),
          ),
        );
      },
      recall,
    }),
    route(endpoints.remove, {
      async run({ params: { id }, caller: { environmentId }, ifMatch }) {
        const current = await subscriptions.get(environmentId, id);
        await ifMatches(ifMatch, current, () => subscriptions.delete(environmentId, id));
        return { id };
      },
      recall: async (id) => ({ id }),
    }),
  ];
}

function listRoutes({
  subscriptions,
  deliveryLog,
  cursors,
}: WebhookSubscriptionRouteDeps): readonly Route[] {
  return [
    route(endpoints.list, {
      run: ({ query, caller: { environmentId } }) =>
        listReply({
          cursors,
          list: { environmentId, path: endpoints.PATH, filters: {} },
          query,
          fetch: async (page) => {
            const { subscriptions: items, next } = await subscriptions.list(environmentId, page);
            return { items, next };
          },
          view: viewOf,
        }),
    }),
    route(endpoints.deliveries, {
      async run({ params: { id }, query, caller: { environmentId } }) {
        // Also keeps the deliveries of other environments from showing.
        await subscriptions.get(environmentId, id);
        return listReply({
          cursors,
          list: { environmentId, path: endpoints.deliveries.path, filters: { id } },
          query,
          fetch: async (page) => {
            const { attempts: items, next } = await deliveryLog.list(id, page);
            return { items, next };
          },
          view: (attempt) => endpoints.delivery.parse(presentDelivery(attempt)),
        });
      },
    }),
  ];
}

function actionRoutes({ subscriptions, sendTest }: WebhookSubscriptionRouteDeps): readonly Route[] {
  const recall = recaller(subscriptions);
  return [
    route(endpoints.rotateSecret, {
      run: async ({ params: { id }, body, caller }) =>
        secretReply(
          await subscriptions.rotateSecret(caller.environmentId, id, body.overlap_seconds * 1_000),
        ),
      recall,
    }),
    route(endpoints.test, {
      async run({ params: { id }, caller }) {
        const eventId = await sendTest(await subscriptions.get(caller.environmentId, id));
        return { id: eventId, body: { event_id: eventId } };
      },
      recall: async (id) => ({ body: { event_id: id } }),
    }),
    route(endpoints.enable, {
      run: async ({ params: { id }, caller }) =>
        reply(await subscriptions.enable(caller.environmentId, id)),
      recall,
    }),
  ];
}

function recaller(subscriptions: Pick<SubscriptionStore, 'get'>) {
  return async (id: string, { caller }: { readonly caller: Principal }) =>
    reply(await subscriptions.get(caller.environmentId, brandId<'sub'>(id)));
}

function reply(stored: Subscription) {
  return { id: stored.id, body: viewOf(stored), etag: versionEtag(stored.version) };
}

function secretReply({ subscription: stored, secret }: WithSecret) {
  return { ...reply(stored), body: { ...viewOf(stored), secret: secret.reveal() } };
}

function viewOf(stored: Subscription): z.output<typeof endpoints.subscription> {
  return endpoints.subscription.parse(presentSubscription(stored));
}
