/**
 * Spares whoever is called again and again for the same account the reading of it: a call to the
 * table for every proxied request. What hangs on the account object, such as a credential that is
 * kept for it (shared/provider/kept-credential.ts), is then spared too.
 *
 * An account that was paused, changed or deleted meanwhile is found out after {@link KEPT_MS}.
 * What was not found is not remembered.
 */
import type { Clock } from '../kernel/clock.ts';
import type { AccountId, EnvironmentId } from '../kernel/id.ts';
import type { AccountStore } from './account-store.ts';
import type { IntegratedAccount } from './integrated-account.ts';

export const KEPT_MS = 5_000;
const MAX_ACCOUNTS = 1_000;

interface Kept {
  readonly account: IntegratedAccount;
  readonly untilMs: number;
}

export function keepAccounts(
  accounts: Pick<AccountStore, 'get'>,
  clock: Pick<Clock, 'now'>,
): Pick<AccountStore, 'get'> {
  const kept = new Map<AccountId, Kept>();
  return {
    async get(environmentId: EnvironmentId, id: AccountId) {
      const known = kept.get(id);
      // Another environment's is as good as none: the store says so.
      if (known?.account.environmentId === environmentId && clock.now() < known.untilMs) {
        return known.account;
      }
      kept.delete(id);
      const untilMs = clock.now() + KEPT_MS;
      const account = await accounts.get(environmentId, id);
      const [oldest] = kept.size < MAX_ACCOUNTS ? [] : kept.keys();
      if (oldest !== undefined) kept.delete(oldest);
      kept.set(id, { account, untilMs });
      return account;
    },
  };
}
