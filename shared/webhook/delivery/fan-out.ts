/**
 * Hands one event straight from memory to everyone who wants it, all at once, and says whether
 * all of them have it. Used by sync runs, which hold their checkpoint until then.
 */
import type { Clock } from '../../kernel/clock.ts';
import type { EnvironmentId } from '../../kernel/id.ts';
import type { Receiver, Receivers } from '../subscription/receivers.ts';
import { wants } from '../subscription/subscription.ts';
import type { SubscriptionHealth } from '../subscription/subscription-health.ts';
import type { DeliveryLog } from './delivery-log.ts';
import { encodeEvent, type OutboundEvent } from './outbound-event.ts';
import type { EncodedEvent, PostEvent, PostOutcome } from './post-event.ts';

/** A change of the subscriptions is noticed within this. */
const REREAD_MS = 10_000;

export type FanOutOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'unwanted' }
  /** At least one receiver has not taken it. `retryAfterMs`: the longest that one asks us to wait. */
  | { readonly kind: 'refused'; readonly retryAfterMs?: number };

export interface FanOut {
  /** Resolves once every receiver has answered. */
  send(event: OutboundEvent): Promise<FanOutOutcome>;
  isWanted(eventType: string): Promise<boolean>;
}

export interface FanOutDeps {
  readonly receivers: Pick<Receivers, 'enabled'>;
  readonly health: SubscriptionHealth;
  readonly post: PostEvent;
  readonly log: Pick<DeliveryLog, 'record'>;
  readonly clock: Clock;
}

/** One for each step or stream: it remembers who the receivers are. */
export type OpenFanOut = (environmentId: EnvironmentId) => FanOut;

export function createOpenFanOut(deps: FanOutDeps): OpenFanOut {
  return (environmentId) => {
    let known: { readonly receivers: readonly Receiver[]; readonly atMs: number } | undefined;
    const wanting = async (eventType: string): Promise<readonly Receiver[]> => {
      const nowMs = deps.clock.now();
      if (!known || nowMs - known.atMs >= REREAD_MS) {
        known = { receivers: await deps.receivers.enabled(environmentId), atMs: nowMs };
      }
      return known.receivers.filter(({ subscription }) => wants(subscription, eventType));
    };
    return {
      async send(event) {
        const receivers = await wanting(event.type);
        if (receivers.length === 0) return { kind: 'unwanted' };
        const encoded: EncodedEvent = { id: event.id, type: event.type, body: encodeEvent(event) };
        const posts = receivers.map((receiver) => sendOne(deps, receiver, encoded));
        const outcomes = await Promise.all(posts);
        const failed = outcomes.filter(({ ok }) => !ok);
        if (failed.length === 0) {
          // A success that ends a failure was noted on a copy that still shows the failure.
          if (receivers.some(({ subscription }) => subscription.firstFailureAtMs !== undefined)) {
            known = undefined;
          }
          return { kind: 'accepted' };
        }
        known = undefined;
        const waits = failed.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
        return {
          kind: 'refused',
          ...(waits.length === 0 ? {} : { retryAfterMs: Math.max(...waits) }),
        };
      },
      isWanted: async (eventType) => (await wanting(eventType)).length > 0,
    };
  };
}

async function sendOne(
  deps: FanOutDeps,
  receiver: Receiver,
  event: EncodedEvent,
): Promise<PostOutcome> {
  const { subscription } = receiver;
  const outcome = await deps.post(receiver, event);
  await deps.health.note(subscription, { ok: outcome.ok, gone: outcome.reason === 'gone' });
  if (!outcome.ok) {
    // A run's successes are in its counters; an item for each would double its writes.
    await deps.log.record({
      eventId: event.id,
      eventType: event.type,
      subscriptionId: subscription.id,
      attempt: subscription.failures + 1,
      atMs: deps.clock.now(),
      ok: false,
      reason: outcome.reason,
      status: outcome.status,
      latencyMs: outcome.latencyMs,
      nextAttemptAtMs: undefined,
    });
  }
  return outcome;
}
