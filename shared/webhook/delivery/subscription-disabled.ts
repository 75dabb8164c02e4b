/** Tells an environment's other receivers that one of them gets nothing any more. */
import type { Clock } from '../../kernel/clock.ts';
import { deterministicId } from '../../kernel/id.ts';
import type { DisabledReason, Subscription } from '../subscription/subscription.ts';
import { jsonData } from './outbound-event.ts';
import type { Publish } from './publish.ts';

export function createTellDisabled(deps: { readonly publish: Publish; readonly clock: Clock }) {
  return async (subscription: Subscription, why: DisabledReason): Promise<void> => {
    await deps.publish(
      {
        id: deterministicId('evt', ['disabled', subscription.id, subscription.version]),
        type: 'webhook_subscription:disabled',
        atMs: deps.clock.now(),
        environmentId: subscription.environmentId,
        data: jsonData({ webhook_subscription_id: subscription.id, reason: why }),
      },
      { except: subscription.id },
    );
  };
}
