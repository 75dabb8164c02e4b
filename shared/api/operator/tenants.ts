/** Tenants: the operator's customers, under the operator's own ids. */
import * as z from 'zod';
import type { EraseTenant } from '../../account/erase-tenant.ts';
import { isoTime } from '../../kernel/clock.ts';
import { brandId, type TenantId } from '../../kernel/id.ts';
import { type Tenant, tenantIdText } from '../../tenant/tenant.ts';
import type { TenantStore } from '../../tenant/tenant-store.ts';
import { endpoint } from '../http/endpoint.ts';
import { ifMatches, versionEtag } from '../http/etag.ts';
import { type Cursors, listOf, listReply, paging } from '../http/list.ts';
import { type Route, route } from '../http/route.ts';
import { time } from '../http/schemas.ts';

const tenant = z
  .object({
    id: z.string(),
    name: z.string().nullable(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Tenant' });

const params = z.strictObject({
  tenant_id: tenantIdText.transform((text): TenantId => brandId(text)),
});
const PATH = '/v1/tenants/{tenant_id}';

const put = endpoint({
  method: 'PUT',
  path: PATH,
  scopes: ['write'],
  summary: 'Makes a tenant, or replaces what is known of it.',
  input: z.object({
    params,
    body: z
      .strictObject({ name: z.string().min(1).max(200).optional() })
      .meta({ id: 'TenantInput' }),
  }),
  response: tenant,
  status: 200,
  otherStatus: 201,
});

const read = endpoint({
  method: 'GET',
  path: PATH,
  scopes: ['read'],
  summary: 'Reads a tenant.',
  input: z.object({ params }),
  response: tenant,
  status: 200,
});

const list = endpoint({
  method: 'GET',
  path: '/v1/tenants',
  scopes: ['read'],
  summary: 'Lists tenants by id.',
  input: z.object({ query: z.strictObject(paging) }),
  response: listOf(tenant),
  status: 200,
});

const erase = endpoint({
  method: 'DELETE',
  path: PATH,
  scopes: ['write'],
  summary: 'Erases a tenant with its key, its integrated accounts and their credentials.',
  input: z.object({ params }),
  response: z
    .object({
      tenant_id: z.string(),
      erased: z
        .object({ integrated_accounts: z.int(), key: z.boolean() })
        .optional()
        .describe('Absent in the answer to an idempotent repeat.'),
    })
    .meta({ id: 'TenantErasure' }),
  status: 200,
});

export interface TenantRouteDeps {
  readonly tenants: TenantStore;
  readonly eraseTenant: EraseTenant;
  readonly cursors: Cursors;
}

export function tenantRoutes({ tenants, eraseTenant, cursors }: TenantRouteDeps): readonly Route[] {
  return [
    route(put, {
      async run({ params: { tenant_id: id }, body, caller, ifMatch }) {
        const { environmentId } = caller;
        const write = (version?: number) =>
          tenants.put(environmentId, id, { name: body.name ?? null }, version);
        if (ifMatch === undefined) return written(await write());
        const current = await tenants.get(environmentId, id);
        return written(await ifMatches(ifMatch, current, () => write(current.version)));
      },
    }),
    route(read, {
      run: async ({ params: { tenant_id: id }, caller }) =>
        shown(await tenants.get(caller.environmentId, id)),
    }),
    route(list, {
      run: ({ query, caller: { environmentId } }) =>
        listReply({
          cursors,
          list: { environmentId, path: list.path, filters: {} },
          query,
          fetch: (page) => tenants.list(environmentId, page),
          view: viewOf,
        }),
    }),
    route(erase, {
      async run({ params: { tenant_id: id }, caller, ifMatch }) {
        const current = await tenants.get(caller.environmentId, id);
        const { accounts, key } = await ifMatches(ifMatch, current, () =>
          eraseTenant(caller.environmentId, id),
        );
        return { id, body: { tenant_id: id, erased: { integrated_accounts: accounts, key } } };
      },
      recall: async (id) => ({ body: { tenant_id: id } }),
    }),
  ];
}

/** RFC 9110 §9.3.4: 201 where there was none before. */
function written(stored: Tenant) {
  return { ...shown(stored), status: stored.version === 1 ? 201 : 200 };
}

function shown(stored: Tenant) {
  return { body: viewOf(stored), etag: versionEtag(stored.version) };
}

function viewOf(stored: Tenant): z.input<typeof tenant> {
  return {
    id: stored.id,
    name: stored.name ?? null,
    created_at: isoTime(stored.createdAtMs),
    updated_at: isoTime(stored.updatedAtMs),
  };
}
