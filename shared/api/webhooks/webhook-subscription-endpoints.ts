/** Declarations of the routes of webhook subscriptions. */
import * as z from 'zod';
import { newSubscription, subscriptionChange } from '../../webhook/subscription/subscription.ts';
import { endpoint, noBody } from '../http/endpoint.ts';
import { listOf, paging } from '../http/list.ts';
import { idParam, time } from '../http/schemas.ts';

export const PATH = '/v1/webhook-subscriptions';
const params = idParam<'sub'>();
/** A day: long enough for a deployment of the receiver. */
const MAX_OVERLAP_SECONDS = 86_400;

const members = {
  id: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  description: z.string().nullable(),
  status: z.enum(['enabled', 'disabled']),
  disabled_reason: z.enum(['gone', 'failing', 'requested']).nullable(),
  failing_since: time.nullable(),
  created_at: time,
  updated_at: time,
};
export const subscription = z.object(members).meta({ id: 'WebhookSubscription' });
const withSecret = z
  .object({
    ...members,
    secret: z.string().optional().describe('`whsec_…`; absent in an idempotent repeat.'),
  })
  .meta({ id: 'WebhookSubscriptionWithSecret' });
export const delivery = z
  .object({
    event_id: z.string(),
    event_type: z.string(),
    attempt: z.int(),
    attempted_at: time,
    delivered: z.boolean(),
    reason: z.string(),
    response_status: z.int().nullable(),
    latency_ms: z.number(),
    next_attempt_at: time.nullable(),
  })
  .meta({ id: 'WebhookDelivery' });

export const create = endpoint({
  method: 'POST',
  path: PATH,
  scopes: ['write'],
  summary: 'Makes a subscription and shows its signing secret once.',
  input: z.object({ body: newSubscription.meta({ id: 'WebhookSubscriptionInput' }) }),
  response: withSecret,
  status: 201,
});
export const list = endpoint({
  method: 'GET',
  path: PATH,
  scopes: ['read'],
  summary: 'Lists subscriptions.',
  input: z.object({ query: z.strictObject(paging) }),
  response: listOf(subscription),
  status: 200,
});
export const read = endpoint({
  method: 'GET',
  path: `${PATH}/{id}`,
  scopes: ['read'],
  summary: 'Reads a subscription.',
  input: z.object({ params }),
  response: subscription,
  status: 200,
});
export const patch = endpoint({
  method: 'PATCH',
  path: `${PATH}/{id}`,
  scopes: ['write'],
  summary: 'Changes target, events or description.',
  input: z.object({ params, body: subscriptionChange.meta({ id: 'WebhookSubscriptionPatch' }) }),
  response: subscription,
  status: 200,
});
export const remove = endpoint({
  method: 'DELETE',
  path: `${PATH}/{id}`,
  scopes: ['write'],
  summary: 'Ends a subscription.',
  input: z.object({ params }),
  response: noBody,
  status: 204,
});
export const rotateSecret = endpoint({
  method: 'POST',
  path: `${PATH}/{id}/rotate-secret`,
  scopes: ['write'],
  summary: 'Makes a new secret; the ones before sign on for the overlap.',
  input: z.object({
    params,
    body: z
      .strictObject({
        overlap_seconds: z.int().min(0).max(MAX_OVERLAP_SECONDS).default(MAX_OVERLAP_SECONDS),
      })
      .meta({ id: 'SecretRotation' }),
  }),
  response: withSecret,
  status: 200,
});
export const test = endpoint({
  method: 'POST',
  path: `${PATH}/{id}/test`,
  scopes: ['write'],
  summary: 'Sends a `test` event to this subscription.',
  input: z.object({ params }),
  response: z.object({ event_id: z.string() }).meta({ id: 'TestEvent' }),
  status: 202,
});
export const enable = endpoint({
  method: 'POST',
  path: `${PATH}/{id}/enable`,
  scopes: ['write'],
  summary: 'Enables a disabled subscription, and forgets its failures.',
  input: z.object({ params }),
  response: subscription,
  status: 200,
});
export const deliveries = endpoint({
  method: 'GET',
  path: `${PATH}/{id}/deliveries`,
  scopes: ['read'],
  summary: 'Lists attempts to deliver, newest first: metadata only.',
  input: z.object({ params, query: z.strictObject(paging) }),
  response: listOf(delivery),
  status: 200,
});
