/** A subscription and its deliveries as the API answers them. */
import { isoTime } from '../../kernel/clock.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Subscription } from '../subscription/subscription.ts';
import type { DeliveryAttempt } from './delivery-log.ts';

export function presentSubscription(subscription: Subscription): JsonObject {
  const { firstFailureAtMs } = subscription;
  return {
    id: subscription.id,
    url: subscription.url,
    events: [...subscription.events],
    description: subscription.description ?? null,
    status: subscription.status,
    disabled_reason: subscription.disabledReason ?? null,
    failing_since: firstFailureAtMs === undefined ? null : isoTime(firstFailureAtMs),
    created_at: isoTime(subscription.createdAtMs),
    updated_at: isoTime(subscription.updatedAtMs),
  };
}

export function presentDelivery(attempt: DeliveryAttempt): JsonObject {
  const { status, nextAttemptAtMs } = attempt;
  return {
    event_id: attempt.eventId,
    event_type: attempt.eventType,
    attempt: attempt.attempt,
    attempted_at: isoTime(attempt.atMs),
    delivered: attempt.ok,
    reason: attempt.reason,
    response_status: status ?? null,
    latency_ms: attempt.latencyMs,
    next_attempt_at: nextAttemptAtMs === undefined ? null : isoTime(nextAttemptAtMs),
  };
}
