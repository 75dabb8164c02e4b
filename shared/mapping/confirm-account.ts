/**
 * After an account's override was written: if the account was deleted meanwhile, so is the override.
 * Deleting an account erases once more when the account is gone; whichever comes last, nothing stays.
 *
 * Errors  NotFoundError where the account is gone
 */
import type { AccountStore } from '../account/account-store.ts';
import { eraseOverride } from '../account/erase-override.ts';
import type { IntegratedAccount } from '../account/integrated-account.ts';
import type { Table } from '../aws/table.ts';
import { NotFoundError } from '../kernel/errors.ts';

export function createConfirmAccount(deps: {
  readonly accounts: Pick<AccountStore, 'get'>;
  readonly table: Pick<Table, 'query' | 'delete'>;
}): (account: IntegratedAccount) => Promise<void> {
  return async ({ environmentId, id }) => {
    try {
      await deps.accounts.get(environmentId, id);
    } catch (error) {
      if (error instanceof NotFoundError) await eraseOverride(deps.table, id);
      throw error;
    }
  };
}
