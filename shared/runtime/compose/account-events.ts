/** Tells subscribers what became of an integrated account. */
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import { jsonData, type OutboundEvent } from '../../webhook/delivery/outbound-event.ts';
import type { Publish } from '../../webhook/delivery/publish.ts';
import type { Storage } from './storage.ts';

export type AccountNews = 'active' | 'needs_reauth' | 'deleted';

export function tellAccount(
  { clock, ids }: Pick<Storage, 'clock' | 'ids'>,
  publish: Publish,
  what: AccountNews,
): (account: IntegratedAccount, more?: Readonly<Record<string, string>>) => Promise<void> {
  return async (account, more = {}) => {
    const event: OutboundEvent = {
      id: ids.make('evt'),
      type: `integrated_account:${what}`,
      atMs: clock.now(),
      environmentId: account.environmentId,
      tenantId: account.tenantId,
      accountId: account.id,
      data: jsonData({
        integration: account.integration,
        status: what === 'deleted' ? 'deleted' : account.status,
        status_reason: account.statusReason ?? null,
        ...more,
      }),
    };
    await publish(event);
  };
}
