/**
 * Integrated accounts: imported, listed, changed. Credentials go in and never come out. Who deletes
 * one tells its provider: see account-removal.ts.
 */
import * as z from 'zod';
import type { AccountChange, AccountStore } from '../../account/account-store.ts';
import type { ImportAccount } from '../../account/import-account.ts';
import { accountStatus, type IntegratedAccount } from '../../account/integrated-account.ts';
import type { Catalogue } from '../../integration/catalogue/catalogue.ts';
import { haveSameOrigins } from '../../integration/document/credential-origins.ts';
import type { Integration } from '../../integration/document/plan.ts';
import { InvalidRequestError } from '../../kernel/errors.ts';
import { brandId, type EnvironmentId, type TenantId } from '../../kernel/id.ts';
import { tenantIdText } from '../../tenant/tenant.ts';
import { endpoint } from '../http/endpoint.ts';
import { ifMatches } from '../http/etag.ts';
import { type Cursors, listOf, listReply, paging } from '../http/list.ts';
import { mergeObject } from '../http/merge-patch.ts';
import { type Route, route } from '../http/route.ts';
import { idParam } from '../http/schemas.ts';
import { accountReply, accountView, viewOfAccount } from './account-view.ts';

const PATH = '/v1/integrated-accounts';
const params = idParam<'ia'>();
const label = z.string().min(1).max(200);

const create = endpoint({
  method: 'POST',
  path: PATH,
  scopes: ['write'],
  summary: 'Imports an account whose credential the operator already has.',
  input: z.object({
    body: z
      .strictObject({
        tenant_id: tenantIdText.transform((text): TenantId => brandId(text)),
        integration: z.string().min(1).max(100),
        auth: z.string().min(1).max(100),
        credentials: z.record(z.string(), z.unknown()).describe('Write-only.'),
        connection: z.record(z.string(), z.unknown()).optional(),
        label: label.optional(),
      })
      .meta({ id: 'IntegratedAccountInput' }),
  }),
  response: accountView,
  status: 201,
});

const list = endpoint({
  method: 'GET',
  path: PATH,
  scopes: ['read'],
  summary: 'Lists integrated accounts in the order in which they were made.',
  input: z.object({
    query: z.strictObject({
      ...paging,
      tenant_id: z.string().optional(),
      integration: z.string().optional(),
      status: accountStatus.optional(),
    }),
  }),
  response: listOf(accountView),
  status: 200,
});

const read = endpoint({
  method: 'GET',
  path: `${PATH}/{id}`,
  scopes: ['read'],
  summary: 'Reads an integrated account.',
  input: z.object({ params }),
  response: accountView,
  status: 200,
});

const patch = endpoint({
  method: 'PATCH',
  path: `${PATH}/{id}`,
  scopes: ['write'],
  summary: 'Changes label or connection, or pauses and resumes an account.',
  input: z.object({
    params,
    body: z
      .strictObject({
        label: label.nullable().optional(),
        connection: z.record(z.string(), z.union([z.string(), z.null()])).optional(),
        status: z.enum(['active', 'paused']).optional(),
      })
      .meta({ id: 'IntegratedAccountPatch' }),
  }),
  response: accountView,
  status: 200,
});

export interface IntegratedAccountRouteDeps {
  readonly accounts: AccountStore;
  readonly importAccount: ImportAccount;
  readonly catalogue: Catalogue;
  readonly cursors: Cursors;
  /** Makes the tenant where there is none. */
  readonly ensureTenant: (environmentId: EnvironmentId, tenantId: TenantId) => Promise<void>;
  readonly tellActive: (account: IntegratedAccount) => Promise<void>;
}

export function integratedAccountRoutes(deps: IntegratedAccountRouteDeps): readonly Route[] {
  return [...writes(deps), ...reads(deps)];
}

function writes(deps: IntegratedAccountRouteDeps): readonly Route[] {
  const { accounts } = deps;
  const get = (environmentId: EnvironmentId, id: string) =>
    accounts.get(environmentId, brandId<'ia'>(id));
  return [
    route(create, {
      async run({ body, caller: { environmentId } }) {
        const account = await deps.importAccount(environmentId, {
          tenantId: body.tenant_id,
          integration: body.integration,
          auth: body.auth,
          credentials: body.credentials,
          ...(body.connection && { connection: body.connection }),
          ...(body.label !== undefined && { label: body.label }),
        });
        await deps.ensureTenant(environmentId, body.tenant_id);
        await deps.tellActive(account);
        return accountReply(account);
      },
      recall: async (id, { caller }) => accountReply(await get(caller.environmentId, id)),
    }),
    route(patch, {
      async run({ params: { id }, body, caller, ifMatch }) {
        const account = await accounts.get(caller.environmentId, id);
        const change = changeOf(account, body, deps.catalogue);
        return accountReply(
          await ifMatches(ifMatch, account, () => accounts.update(account, change)),
        );
      },
      recall: async (id, { caller }) => accountReply(await get(caller.environmentId, id)),
    }),
  ];
}

function reads({ accounts, cursors }: IntegratedAccountRouteDeps): readonly Route[] {
  return [
    route(list, {
      run({ query, caller: { environmentId } }) {
        const { tenant_id: tenantId, integration, status } = query;
        return listReply({
          cursors,
          list: { environmentId, path: PATH, filters: { tenantId, integration, status } },
          query,
          fetch: (page) => accounts.list(environmentId, { ...page, tenantId, integration, status }),
          view: viewOfAccount,
        });
      },
    }),
    route(read, {
      run: async ({ params: { id }, caller }) =>
        accountReply(await accounts.get(caller.environmentId, id)),
    }),
  ];
}

/** Without what follows from the rest, and may follow otherwise from what is patched. */
function givenInputs(
  { connection: inputs }: Integration,
  { connection }: IntegratedAccount,
): IntegratedAccount['connection'] {
  const given = Object.entries(connection).filter(([name]) => inputs[name]?.derived !== true);
  return Object.fromEntries(given);
}

/** @throws InvalidRequestError where the patched connection does not suit the integration */
function changeOf(
  account: IntegratedAccount,
  body: z.output<(typeof patch)['input']>['body'],
  catalogue: Catalogue,
): AccountChange {
  const { connection, ...change } = body;
  const faults = statusFaults(account, body.status);
  const integration = catalogue.integration(account.integration);
  const checked =
    connection &&
    integration?.validateConnection(
      mergeObject(givenInputs(integration, account), connection),
      account.auth,
      // Which client the credential has is sealed with it.
      { ownClient: false, stored: account.connection },
    );
  const moved =
    integration && checked?.faults.length === 0
      ? addressFaults(integration, account, checked.connection)
      : [];
  const all = [...faults, ...(checked?.faults ?? []), ...moved];
  if (all.length > 0) throw new InvalidRequestError('the change is not valid', all);
  return {
    ...(change.label !== undefined && { label: change.label }),
    ...(change.status !== undefined && { status: change.status }),
    ...(checked && { connection: checked.connection }),
  };
}

/** Else who may write could have the stored credential sent to a host of its own, and read it there. */
function addressFaults(
  integration: Integration,
  account: IntegratedAccount,
  connection: IntegratedAccount['connection'],
) {
  if (haveSameOrigins(integration, account, { ...account, connection })) return [];
  const message = 'leads to another host than the credential was given for; import it again';
  return [{ path: 'connection', message }];
}

/** Only the pause is the operator's to end: a dead credential is not revived by saying so. */
function statusFaults({ status }: IntegratedAccount, wanted: string | undefined) {
  const may =
    wanted === undefined || wanted === status || status === 'active' || status === 'paused';
  return may ? [] : [{ path: 'status', message: `cannot be changed while it is ${status}` }];
}
