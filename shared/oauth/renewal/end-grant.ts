/**
 * The provider has ended a grant: only the end user can help. Says so on the account, once.
 *
 * A reconnect may come in between. It stores a credential first and changes the account second,
 * so the account is read before the credential here, and its version guards the change.
 */
import { AccountChangedError, type AccountStore } from '../../account/account-store.ts';
import type { CredentialVault } from '../../account/credential-vault.ts';
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import { NeedsReauthError } from '../../wire/provider-errors.ts';

export interface EndGrantDeps {
  readonly accounts: AccountStore;
  readonly vault: CredentialVault;
  /** Called once for each time that an account comes to need its user. */
  readonly announce?: ((account: IntegratedAccount) => Promise<void>) | undefined;
}

/** What became of the grant. */
export type GrantEnd = 'ended' | 'replaced';

/** `replaced` where a credential newer than `version` is stored: use that. */
export async function endGrant(
  { accounts, vault, announce }: EndGrantDeps,
  account: IntegratedAccount,
  version: number,
  reason: string,
): Promise<GrantEnd> {
  for (;;) {
    const current = await accounts.get(account.environmentId, account.id);
    if (await vault.isNewerThan(account.id, version)) return 'replaced';
    if (current.status === 'needs_reauth') return 'ended';
    try {
      const change = { status: 'needs_reauth', statusReason: reason } as const;
      const ended = await accounts.update(current, change);
      await announce?.(ended);
      return 'ended';
    } catch (error) {
      // Somebody changed the account: look again. Every turn means that somebody else got on.
      if (!(error instanceof AccountChangedError)) throw error;
    }
  }
}

export function needsReauth(account: IntegratedAccount, reason: string): NeedsReauthError {
  return new NeedsReauthError('the integrated account needs to be connected again', {
    integrated_account_id: account.id,
    reason,
  });
}
