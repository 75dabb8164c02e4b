/**
 * Sends an event that belongs to no run: one claim and one ticket for each subscription that wants
 * it. Each stands alone, so that a slow receiver keeps nobody's bytes but its own.
 */
import type { ClaimCheck } from '../../claim-check/claim-check.ts';
import type { SubscriptionId } from '../../kernel/id.ts';
import type { Receivers } from '../subscription/receivers.ts';
import { wants } from '../subscription/subscription.ts';
import type { SendDelivery } from './delivery-message.ts';
import { encodeEvent, type OutboundEvent } from './outbound-event.ts';

export interface PublishOptions {
  /** Only this one, whatever its patterns say: the `test` event. */
  readonly to?: SubscriptionId;
  readonly except?: SubscriptionId;
}

/** How many subscriptions it went out to. */
export type Publish = (event: OutboundEvent, options?: PublishOptions) => Promise<number>;

export function createPublish(deps: {
  readonly receivers: Pick<Receivers, 'enabledSubscriptions'>;
  readonly claims: Pick<ClaimCheck, 'checkIn'>;
  readonly sendDelivery: SendDelivery;
}): Publish {
  return async (event, options = {}) => {
    const ids = await recipients(deps.receivers, event, options);
    const body = encodeEvent(event);
    for (const id of ids) {
      const ticket = await deps.claims.checkIn(body);
      await deps.sendDelivery(
        {
          v: 1,
          event_id: event.id,
          event_type: event.type,
          environment_id: event.environmentId,
          subscription_id: id,
          attempts: 0,
          ticket,
        },
        0,
      );
    }
    return ids.length;
  };
}

async function recipients(
  receivers: Pick<Receivers, 'enabledSubscriptions'>,
  event: OutboundEvent,
  { to, except }: PublishOptions,
): Promise<readonly SubscriptionId[]> {
  if (to !== undefined) return [to];
  const subscriptions = await receivers.enabledSubscriptions(event.environmentId);
  return subscriptions
    .filter((each) => each.id !== except && wants(each, event.type))
    .map(({ id }) => id);
}
