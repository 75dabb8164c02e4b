/**
 * What can be called: of an integration, as the catalogue says; of an account, with its own mappings,
 * its way to authenticate and, on request, what only its provider knows.
 */
import * as z from 'zod';
import type { AccountStore } from '../../account/account-store.ts';
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import type { Catalogue } from '../../integration/catalogue/catalogue.ts';
import type { Integration } from '../../integration/document/plan.ts';
import type { Mapping } from '../../integration/mapping/plan.ts';
import type { Resource } from '../../integration/method/plan.ts';
import { NotFoundError } from '../../kernel/errors.ts';
import type { FindMapping } from '../../mapping/mapping-source.ts';
import { mappedNames, resourceCapability, unifiedCapability } from '../../unified/capabilities.ts';
import { refusePaused } from '../accounts/called-account.ts';
import { endpoint } from '../http/endpoint.ts';
import { type Route, route } from '../http/route.ts';
import { idParam } from '../http/schemas.ts';
import {
  type CapabilitiesView,
  capabilities,
  viewOfResource,
  viewOfUnified,
} from './capabilities-view.ts';

const ofIntegration = endpoint({
  method: 'GET',
  path: '/v1/integrations/{name}/capabilities',
  scopes: ['read'],
  summary: 'Says what can be called of an integration, with the schemas of its unified records.',
  input: z.object({ params: z.strictObject({ name: z.string() }) }),
  response: capabilities,
  status: 200,
});

/** Served where providers can be called: some of it only they know. */
export const accountCapabilities = endpoint({
  method: 'GET',
  path: '/v1/integrated-accounts/{id}/capabilities',
  scopes: ['read'],
  summary: 'Says what can be called for an account, as its records are mapped.',
  input: z.object({
    params: idParam<'ia'>(),
    query: z.strictObject({
      discover: z
        .enum(['true', 'false'])
        .optional()
        .describe('`true` asks the provider which objects the account has.'),
    }),
  }),
  response: capabilities,
  status: 200,
});

export function integrationCapabilitiesRoute(catalogue: Catalogue): Route {
  return route(ofIntegration, {
    async run({ params: { name } }) {
      const integration = integrationNamed(catalogue, name);
      return {
        body: await describe(catalogue, {
          integration,
          mapping: async (model, resource) => catalogue.mapping(name, model, resource),
        }),
      };
    },
  });
}

/** The names that a resource of the account stands for, as the provider tells them. */
export type Discover = (
  call: {
    readonly requestId: string;
    readonly account: IntegratedAccount;
    readonly integration: Integration;
  },
  resource: Resource,
) => Promise<readonly string[]>;

export interface AccountCapabilitiesDeps {
  readonly accounts: Pick<AccountStore, 'get'>;
  readonly catalogue: Catalogue;
  readonly findMapping: FindMapping;
  readonly listDiscovered: Discover;
}

export function accountCapabilitiesRoute(deps: AccountCapabilitiesDeps): Route {
  const { accounts, catalogue, findMapping, listDiscovered } = deps;
  return route(accountCapabilities, {
    async run({ params: { id }, query, caller, requestId }) {
      const account = await accounts.get(caller.environmentId, id);
      if (query.discover === 'true') refusePaused(account);
      const integration = integrationNamed(catalogue, account.integration);
      const view = await describe(catalogue, {
        integration,
        auth: account.auth,
        mapping: (model, resource) => findMapping(account, model, resource),
        ...(query.discover === 'true' && {
          discover: (resource) => listDiscovered({ requestId, account, integration }, resource),
        }),
      });
      return { body: { ...view, integrated_account_id: account.id, auth: account.auth } };
    },
  });
}

interface Described {
  readonly integration: Integration;
  readonly auth?: string;
  readonly mapping: (model: string, resource: string) => Promise<Mapping | undefined>;
  readonly discover?: (resource: Resource) => Promise<readonly string[]>;
}

async function describe(
  catalogue: Catalogue,
  { integration, auth, mapping, discover }: Described,
): Promise<CapabilitiesView> {
  const resources: CapabilitiesView['resources'] = {};
  for (const resource of Object.values(integration.resources)) {
    const names = discover && resource.discovered ? await discover(resource) : null;
    resources[resource.name] = viewOfResource(
      resourceCapability(integration, resource, auth),
      names,
    );
  }
  const models: Record<string, CapabilitiesView['models'][string]> = {};
  for (const { model, resource } of mappedNames(integration, catalogue.model)) {
    const mapped = await mapping(model, resource.name);
    const capability = mapped && unifiedCapability(integration, mapped, resource, auth);
    if (capability) {
      models[model] = { ...models[model], [resource.name]: viewOfUnified(capability) };
    }
  }
  const { webhook } = integration;
  return {
    integration: integration.name,
    resources,
    models,
    webhooks: webhook
      ? { verified_by: [...webhook.verifiedBy], events: { ...webhook.events } }
      : null,
  };
}

function integrationNamed(catalogue: Catalogue, name: string): Integration {
  const found = catalogue.integration(name);
  if (!found) throw new NotFoundError('there is no such integration');
  return found;
}
