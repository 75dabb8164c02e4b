/**
 * The delivery queue's consumer: collects an event's bytes by their claim and posts them once; a
 * failure sends the ticket again with a delay.
 *
 * Repeat   safe: a ticket that comes twice posts twice, and receivers drop duplicates by
 *          `webhook-id`. The next ticket is sent before this one is acknowledged, so a crash in
 *          between doubles a try and never loses one.
 * Ends     with 2xx, after the last of {@link RETRY_DELAYS_MS}, with a receiver that is gone or
 *          disabled, or with the claim's own expiry; the claim is discarded in every case.
 * Source   Standard Webhooks 1.0.0 (Retry-After, 410)
 */
import { type ClaimCheck, ClaimGoneError } from '../../claim-check/claim-check.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';
import type { Receivers } from '../subscription/receivers.ts';
import type { SubscriptionHealth } from '../subscription/subscription-health.ts';
import type { DeliveryLog } from './delivery-log.ts';
import { type DeliveryMessage, MAX_DELAY_SECONDS, type SendDelivery } from './delivery-message.ts';
import type { PostEvent, PostOutcome } from './post-event.ts';

/** Waits before the five retries; the last fits SQS's longest delay. */
export const RETRY_DELAYS_MS = [5_000, 30_000, 120_000, 360_000, 750_000] as const;
/** Spread in percent, so that tickets that failed together do not return together. */
const SPREAD_PERCENT = 20;

export interface DeliverDeps {
  readonly receivers: Pick<Receivers, 'one'>;
  readonly health: SubscriptionHealth;
  readonly claims: Pick<ClaimCheck, 'redeem' | 'discard'>;
  readonly post: PostEvent;
  readonly log: Pick<DeliveryLog, 'record'>;
  readonly sendDelivery: SendDelivery;
  readonly clock: Clock;
  readonly random: Random;
}

export type DeliverOutcome = 'delivered' | 'retried' | 'given_up' | 'expired' | 'not_wanted';

export function createDeliver(deps: DeliverDeps) {
  return async (message: DeliveryMessage): Promise<DeliverOutcome> => {
    const receiver = await deps.receivers.one(message.environment_id, message.subscription_id);
    if (receiver?.subscription.status !== 'enabled') {
      await deps.claims.discard(message.ticket);
      return 'not_wanted';
    }
    const body = await redeem(deps.claims, message);
    if (!body) return 'expired';
    const event = { id: message.event_id, type: message.event_type, body };
    const outcome = await deps.post(receiver, event);
    const disabled = await deps.health.note(receiver.subscription, {
      ok: outcome.ok,
      gone: outcome.reason === 'gone',
    });
    const retryInMs = disabled ? undefined : retryDelayMs(message.attempts, outcome, deps.random);
    await record(deps, message, outcome, retryInMs);
    if (retryInMs === undefined) {
      await deps.claims.discard(message.ticket);
      return outcome.ok ? 'delivered' : 'given_up';
    }
    await deps.sendDelivery(
      { ...message, attempts: message.attempts + 1 },
      Math.ceil(retryInMs / 1_000),
    );
    return 'retried';
  };
}

async function redeem(claims: Pick<ClaimCheck, 'redeem'>, { ticket }: DeliveryMessage) {
  try {
    return await claims.redeem(ticket);
  } catch (error) {
    if (error instanceof ClaimGoneError) return undefined;
    throw error;
  }
}

/** Undefined where no further try is made. `attempts`: how many were made before this one. */
export function retryDelayMs(
  attempts: number,
  outcome: PostOutcome,
  random: Random,
): number | undefined {
  const baseMs = RETRY_DELAYS_MS[attempts];
  if (outcome.ok || baseMs === undefined) return undefined;
  const percent = 100 + random.integer(-SPREAD_PERCENT, SPREAD_PERCENT);
  // A receiver may ask for more patience, within what the queue can give; never for less.
  const waitMs = Math.max((baseMs * percent) / 100, outcome.retryAfterMs ?? 0);
  return Math.min(waitMs, MAX_DELAY_SECONDS * 1_000);
}

async function record(
  { log, clock }: DeliverDeps,
  message: DeliveryMessage,
  { ok, reason, status, latencyMs }: PostOutcome,
  retryInMs: number | undefined,
): Promise<void> {
  const atMs = clock.now();
  await log.record({
    eventId: message.event_id,
    eventType: message.event_type,
    subscriptionId: message.subscription_id,
    attempt: message.attempts + 1,
    atMs,
    ok,
    reason,
    status,
    latencyMs,
    nextAttemptAtMs: retryInMs === undefined ? undefined : Math.round(atMs + retryInMs),
  });
}
