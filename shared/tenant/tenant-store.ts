/**
 * Tenants of an environment. Deleting a tenant here removes its record alone; all that belongs
 * to it goes with shared/account/erase-tenant.ts.
 *
 * Errors  NotFoundError; {@link TenantChangedError} where the expected version is not the stored one
 */
import { environmentPartition, listingPrefix, tenantKey, tenantListing } from '../aws/keys.ts';
import { type ListPage, listItems } from '../aws/listing.ts';
import { type Condition, ConditionFailedError, type Table } from '../aws/table.ts';
import type { Clock } from '../kernel/clock.ts';
import { ContentionError, NotFoundError } from '../kernel/errors.ts';
import type { EnvironmentId, TenantId } from '../kernel/id.ts';
import { parseTenant, type Tenant } from './tenant.ts';

export interface TenantChange {
  /** `null` takes the name away; absent leaves it. */
  readonly name?: string | null;
}

export interface TenantStore {
  /** Creates the tenant, or changes it. `expectedVersion`: 0 where there must be none yet. */
  put(
    environmentId: EnvironmentId,
    id: TenantId,
    change: TenantChange,
    expectedVersion?: number,
  ): Promise<Tenant>;
  get(environmentId: EnvironmentId, id: TenantId): Promise<Tenant>;
  list(
    environmentId: EnvironmentId,
    page: { readonly limit: number; readonly start?: string | undefined },
  ): Promise<ListPage<Tenant>>;
  /** Nothing happens where there is none. */
  delete(environmentId: EnvironmentId, id: TenantId): Promise<void>;
}

/** The tenant is not as it was when it was read. */
export class TenantChangedError extends ContentionError {
  override readonly name = 'TenantChangedError';
  readonly code = 'conflict';
}

export interface TenantStoreDeps {
  readonly table: Table;
  readonly clock: Clock;
}

export function createTenantStore({ table, clock }: TenantStoreDeps): TenantStore {
  const find = async (environmentId: EnvironmentId, id: TenantId): Promise<Tenant | undefined> => {
    const item = await table.get(tenantKey(environmentId, id));
    return item && parseTenant(item);
  };
  return {
    async put(environmentId, id, change, expectedVersion) {
      const known = await find(environmentId, id);
      const nowMs = clock.now();
      const set = {
        ...tenantListing(environmentId, id),
        environmentId,
        id,
        name: change.name ?? undefined,
        createdAtMs: known?.createdAtMs ?? nowMs,
        updatedAtMs: nowMs,
      };
      const remove = change.name === null ? ['name'] : [];
      try {
        const item = await table.update(
          tenantKey(environmentId, id),
          { set, remove, add: { version: 1 } },
          versionIs(expectedVersion ?? known?.version ?? 0),
        );
        return parseTenant(item);
      } catch (error) {
        if (!(error instanceof ConditionFailedError)) throw error;
        throw new TenantChangedError('the tenant was changed meanwhile', {}, { cause: error });
      }
    },

    async get(environmentId, id) {
      const tenant = await find(environmentId, id);
      if (!tenant) throw new NotFoundError('the tenant does not exist');
      return tenant;
    },

    list: (environmentId, { limit, start }) =>
      listItems(table, {
        partition: environmentPartition(environmentId),
        prefix: listingPrefix.tenant,
        parse: parseTenant,
        limit,
        start,
      }),

    delete: (environmentId, id) => table.delete(tenantKey(environmentId, id)),
  };
}

function versionIs(version: number): Condition {
  return version === 0
    ? { when: 'attribute_not_exists(#pk)' }
    : { when: '#version = :version', values: { version } };
}
