/**
 * Erases a tenant: its key first, which makes every credential and cursor of it unreadable at
 * once and in every backup; then its accounts with their credentials; then its record.
 *
 * Repeatable: after a crash, the next call erases the rest.
 */
import type { Table } from '../aws/table.ts';
import { eraseTenantKey } from '../encryption/tenant-key-store.ts';
import { NotFoundError } from '../kernel/errors.ts';
import type { AccountId, EnvironmentId, TenantId } from '../kernel/id.ts';
import type { TenantStore } from '../tenant/tenant-store.ts';
import type { AccountStore } from './account-store.ts';

export interface EraseTenantDeps {
  readonly tenants: TenantStore;
  readonly accounts: AccountStore;
  readonly keysTable: Table;
}

/** What was erased. */
export interface Erasure {
  /** Accounts, each with its credential. */
  readonly accounts: number;
  /** Whether the tenant had a key of its own. */
  readonly key: boolean;
}

export type EraseTenant = (environmentId: EnvironmentId, tenantId: TenantId) => Promise<Erasure>;

const ACCOUNTS_AT_ONCE = 100;

/** @throws NotFoundError where the tenant does not exist (from the function it returns) */
export function createEraseTenant({ tenants, accounts, keysTable }: EraseTenantDeps): EraseTenant {
  return async (environmentId, tenantId) => {
    await tenants.get(environmentId, tenantId);
    const owner = { environmentId, ownerId: tenantId };
    const hadKey = await eraseTenantKey(keysTable, owner);
    const erased = await eraseAccounts(accounts, environmentId, tenantId);
    // A renewal that was under way may have made a new key since.
    await eraseTenantKey(keysTable, owner);
    await tenants.delete(environmentId, tenantId);
    return { accounts: erased, key: hadKey };
  };
}

async function eraseAccounts(
  accounts: AccountStore,
  environmentId: EnvironmentId,
  tenantId: TenantId,
): Promise<number> {
  let erased = 0;
  let start: string | undefined;
  do {
    const page = await accounts.list(environmentId, { tenantId, limit: ACCOUNTS_AT_ONCE, start });
    for (const { id } of page.items) {
      if (await eraseAccount(accounts, environmentId, id)) erased += 1;
    }
    start = page.next;
  } while (start !== undefined);
  return erased;
}

/** False where somebody else deleted it since it was listed. */
async function eraseAccount(
  accounts: AccountStore,
  environmentId: EnvironmentId,
  id: AccountId,
): Promise<boolean> {
  try {
    await accounts.delete(environmentId, id);
    return true;
  } catch (error) {
    if (error instanceof NotFoundError) return false;
    throw error;
  }
}
