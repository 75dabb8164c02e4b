/**
 * Integrated accounts, without their credentials.
 *
 * Shape   one item per account, listed in its environment in the order of creation
 * Errors  NotFoundError, also for an account of another environment: nobody learns what exists
 *         elsewhere; {@link AccountChangedError}
 */
import * as z from 'zod';
import {
  accountKey,
  accountListing,
  credentialKey,
  environmentPartition,
  listingPrefix,
} from '../aws/keys.ts';
import { type ListPage, listItems } from '../aws/listing.ts';
import { type Change, ConditionFailedError, type Table } from '../aws/table.ts';
import { type Clock, isoTime } from '../kernel/clock.ts';
import { ContentionError, NotFoundError } from '../kernel/errors.ts';
import { type AccountId, brandId, type EnvironmentId } from '../kernel/id.ts';
import { eraseOverride } from './erase-override.ts';
import { type AccountStatus, accountStatus, type IntegratedAccount } from './integrated-account.ts';

export type NewAccount = Omit<IntegratedAccount, 'createdAtMs' | 'updatedAtMs' | 'version'>;

/** `null` takes a member away; an absent member stays. */
export interface AccountChange {
  readonly status?: AccountStatus;
  readonly statusReason?: string | null;
  readonly connection?: Readonly<Record<string, string>>;
  readonly label?: string | null;
  readonly expiresAtMs?: number | null;
}

export interface AccountFilter {
  readonly tenantId?: string | undefined;
  readonly integration?: string | undefined;
  readonly status?: AccountStatus | undefined;
}

export interface AccountStore {
  create(account: NewAccount): Promise<IntegratedAccount>;
  get(environmentId: EnvironmentId, id: AccountId): Promise<IntegratedAccount>;
  list(
    environmentId: EnvironmentId,
    page: AccountFilter & { readonly limit: number; readonly start?: string | undefined },
  ): Promise<ListPage<IntegratedAccount>>;
  /** Changes the account that was read. @throws AccountChangedError where it is another by now */
  update(account: IntegratedAccount, change: AccountChange): Promise<IntegratedAccount>;
  /** Removes the credential and the override, then the account. @throws NotFoundError */
  delete(environmentId: EnvironmentId, id: AccountId): Promise<void>;
}

/** The account is not as it was when it was read. */
export class AccountChangedError extends ContentionError {
  override readonly name = 'AccountChangedError';
  readonly code = 'conflict';
}

const storedAccount = z.object({
  id: z.string().transform((id) => brandId<'ia'>(id)),
  environmentId: z.string().transform((id) => brandId<'env'>(id)),
  tenantId: z.string().transform((id) => brandId<'tenant'>(id)),
  integration: z.string(),
  auth: z.string(),
  status: accountStatus,
  statusReason: z.string().exactOptional(),
  connection: z.record(z.string(), z.string()),
  label: z.string().exactOptional(),
  expiresAtMs: z.int().exactOptional(),
  createdAtMs: z.int(),
  updatedAtMs: z.int(),
  version: z.int().positive(),
}) satisfies z.ZodType<IntegratedAccount>;

export interface AccountStoreDeps {
  readonly table: Table;
  readonly clock: Clock;
}

export function createAccountStore({ table, clock }: AccountStoreDeps): AccountStore {
  const get = async (environmentId: EnvironmentId, id: AccountId): Promise<IntegratedAccount> => {
    const item = await table.get(accountKey(id));
    const account = item && storedAccount.parse(item);
    if (account?.environmentId !== environmentId) {
      throw new NotFoundError('the integrated account does not exist');
    }
    return account;
  };
  return {
    async create(account) {
      const nowMs = clock.now();
      const created = { ...account, createdAtMs: nowMs, updatedAtMs: nowMs, version: 1 };
      const listing = accountListing(account.environmentId, isoTime(nowMs), account.id);
      await table.put(
        { ...accountKey(account.id), ...listing, ...created },
        { when: 'attribute_not_exists(#pk)' },
      );
      return created;
    },

    get,

    list: (environmentId, { limit, start, ...filter }) =>
      listItems(table, {
        partition: environmentPartition(environmentId),
        prefix: listingPrefix.account,
        parse: (item) => storedAccount.parse(item),
        matches: (account) => matchesFilter(account, filter),
        limit,
        start,
      }),

    async update(account, change) {
      try {
        const item = await table.update(accountKey(account.id), asUpdate(change, clock.now()), {
          when: '#version = :version AND #environmentId = :environmentId',
          values: { version: account.version, environmentId: account.environmentId },
        });
        return storedAccount.parse(item);
      } catch (error) {
        if (!(error instanceof ConditionFailedError)) throw error;
        const detail = { integrated_account_id: account.id };
        throw new AccountChangedError('the integrated account was changed meanwhile', detail, {
          cause: error,
        });
      }
    },

    async delete(environmentId, id) {
      await get(environmentId, id);
      // First what is secret: a crash between the two leaves an account without a credential.
      await table.delete(credentialKey(id));
      await eraseOverride(table, id);
      await table.delete(accountKey(id));
      // Whoever put one meanwhile looks for the account afterwards; between them, none is left.
      await eraseOverride(table, id);
    },
  };
}

/** By id alone, for work that is not a caller's: whoever uses it answers for the environment. */
export function createFindAccount(table: Pick<Table, 'get'>) {
  return async (id: AccountId): Promise<IntegratedAccount | undefined> => {
    const item = await table.get(accountKey(id));
    return item && storedAccount.parse(item);
  };
}

function matchesFilter(account: IntegratedAccount, filter: AccountFilter): boolean {
  return (
    (filter.tenantId === undefined || account.tenantId === filter.tenantId) &&
    (filter.integration === undefined || account.integration === filter.integration) &&
    (filter.status === undefined || account.status === filter.status)
  );
}

function asUpdate(change: AccountChange, nowMs: number): Change {
  const entries = Object.entries(change);
  const set = Object.fromEntries(entries.filter(([, value]) => value !== null));
  return {
    set: { ...set, updatedAtMs: nowMs },
    remove: entries.filter(([, value]) => value === null).map(([name]) => name),
    add: { version: 1 },
  };
}
