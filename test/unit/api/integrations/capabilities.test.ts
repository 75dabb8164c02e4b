import type { AccountStatus } from '#shared/account/integrated-account.ts';
import { accountCapabilitiesRoute, type Discover } from '#shared/api/integrations/capabilities.ts';
import { brandId } from '#shared/kernel/id.ts';
import { catalogueMappings } from '#shared/unified/page-source.ts';
import { anAccount } from '../../../support/builders/an-integration.ts';
import { aRequest, aRouter, CALLER, jsonOf } from '../../../support/builders/api-requests.ts';
import { catalogue } from '../../../support/worlds/unified-calls.ts';

function setUp(auth = 'token', status: AccountStatus = 'active') {
  const asked: string[] = [];
  const listDiscovered: Discover = async (_call, { name }) => {
    asked.push(name);
    return ['cars', 'boats'];
  };
  const account = anAccount({
    id: brandId('ia_1'),
    environmentId: CALLER.environmentId,
    auth,
    status,
  });
  const { serve } = aRouter([
    accountCapabilitiesRoute({
      accounts: { get: async () => account },
      catalogue,
      findMapping: catalogueMappings(catalogue),
      listDiscovered,
    }),
  ]);
  const read = async (query = '') =>
    jsonOf(await serve(aRequest('GET', `/v1/integrated-accounts/ia_1/capabilities${query}`)));
  return { asked, read };
}

describe('the capabilities of an account', () => {
  it('are those of its way to authenticate', async () => {
    expect(await setUp('token').read()).toMatchObject({
      integrated_account_id: 'ia_1',
      auth: 'token',
      resources: { people: { verbs: ['list', 'get', 'create', 'update', 'delete'] } },
    });
    expect(await setUp('guest').read()).toMatchObject({
      auth: 'guest',
      resources: { people: { verbs: ['list', 'get', 'create', 'update'] } },
      models: { crm: { contacts: { verbs: ['list', 'get', 'create', 'update'] } } },
    });
  });

  it('ask the provider for what only it knows, on request', async () => {
    const { asked, read } = setUp();

    const unasked = await read();
    expect(asked).toEqual([]);
    const discovered = await read('?discover=true');

    expect(unasked).toMatchObject({ resources: { objects: { names: null } } });
    expect(discovered).toMatchObject({ resources: { objects: { names: ['cars', 'boats'] } } });
    expect(asked).toEqual(['objects']);
  });

  it('ask nobody for an account that is paused', async () => {
    const { asked, read } = setUp('token', 'paused');

    expect(await read()).toMatchObject({ integrated_account_id: 'ia_1' });
    expect(await read('?discover=true')).toMatchObject({ status: 409 });
    expect(asked).toEqual([]);
  });

  it('say what must be given to a resource that stands for many', async () => {
    expect(await setUp().read()).toMatchObject({
      resources: {
        objects: { methods: { list: { params: [{ name: 'kind', required: true }] } } },
      },
    });
  });
});
