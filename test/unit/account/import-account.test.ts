import { createImportAccount, type ImportableIntegration } from '#shared/account/import-account.ts';
import { brandId, createIdFactory } from '#shared/kernel/id.ts';
import { accountStores } from '../../support/builders/accounts.ts';
import { createMemoryTable } from '../../support/doubles/memory-table.ts';
import { seededRandom } from '../../support/doubles/seeded-random.ts';
import { VirtualClock } from '../../support/doubles/virtual-clock.ts';

const environmentId = brandId<'env'>('env_1');
const tenantId = brandId<'tenant'>('acme');

/** Wants a subdomain of letters and a token. */
const integration: ImportableIntegration = {
  validateConnection: ({ subdomain = 'www' }) => ({
    connection: { subdomain: String(subdomain) },
    faults: /^[a-z]+$/.test(String(subdomain))
      ? []
      : [{ path: 'connection.subdomain', message: 'must match [a-z]+' }],
  }),
  validateCredential: (auth, fields) => {
    if (auth !== 'token') return [{ path: 'auth', message: 'has no such alternative' }];
    return 'token' in fields ? [] : [{ path: 'credentials.token', message: 'is needed' }];
  },
};

function aWorld() {
  const clock = new VirtualClock();
  const table = createMemoryTable();
  const stores = accountStores(table, clock);
  const importAccount = createImportAccount({
    ...stores,
    ids: createIdFactory(clock, seededRandom()),
    integration: (name) => (name === 'sandbox' ? integration : undefined),
  });
  return { ...stores, table, importAccount };
}

const request = {
  tenantId,
  integration: 'sandbox',
  auth: 'token',
  credentials: { token: 'canary-secret' },
};

describe('importing an account', () => {
  it('makes an active account with its credential sealed beside it', async () => {
    const { importAccount, accounts, vault } = aWorld();

    const account = await importAccount(environmentId, {
      ...request,
      connection: { subdomain: 'acme' },
      label: 'Head office',
    });

    expect(account).toMatchObject({
      environmentId,
      tenantId,
      integration: 'sandbox',
      auth: 'token',
      status: 'active',
      connection: { subdomain: 'acme' },
      label: 'Head office',
    });
    expect(await accounts.get(environmentId, account.id)).toEqual(account);
    const held = await vault.read(account);
    expect(held.credential.fields.reveal()).toEqual({ token: 'canary-secret' });
  });

  it('fills in the defaults of the connection', async () => {
    const account = await aWorld().importAccount(environmentId, request);

    expect(account.connection).toEqual({ subdomain: 'www' });
  });

  it('reads when the access token ends, and keeps it out of the fields', async () => {
    const { importAccount, vault } = aWorld();

    const account = await importAccount(environmentId, {
      ...request,
      credentials: { token: 't', expires_at: '2026-03-01T13:00:00+01:00' },
    });

    const held = await vault.read(account);
    expect(account.expiresAtMs).toBe(Date.parse('2026-03-01T12:00:00Z'));
    expect(held.credential.expiresAtMs).toBe(Date.parse('2026-03-01T12:00:00Z'));
    expect(held.credential.fields.reveal()).toEqual({ token: 't' });
  });

  it('says everything that is wrong at once, echoes no value and stores nothing', async () => {
    const { importAccount, table } = aWorld();

    const error = await importAccount(environmentId, {
      ...request,
      credentials: { tokn: 'canary-secret', expires_at: 'canary-tomorrow' },
      connection: { subdomain: 'canary.evil/' },
    }).catch((caught: unknown) => caught);

    expect(error).toMatchObject({
      code: 'invalid_request',
      faults: [
        { path: 'credentials.token', message: 'is needed' },
        { path: 'connection.subdomain', message: 'must match [a-z]+' },
        {
          path: 'credentials.expires_at',
          message: 'must be an ISO 8601 instant with Z or an offset',
        },
      ],
    });
    expect(JSON.stringify(error)).not.toContain('canary');
    expect(table.items()).toEqual([]);
  });

  it('says whether the account brings an OAuth client of its own', async () => {
    const givers: unknown[] = [];
    const noting: ImportableIntegration = {
      ...integration,
      validateConnection: (inputs, auth, giver) => {
        givers.push(giver);
        return integration.validateConnection(inputs, auth, giver);
      },
    };
    const importAccount = createImportAccount({
      ...accountStores(createMemoryTable(), new VirtualClock()),
      ids: createIdFactory(new VirtualClock(), seededRandom()),
      integration: () => noting,
    });
    await importAccount(environmentId, request);
    await importAccount(environmentId, {
      ...request,
      credentials: { token: 't', client_id: 'own' },
    });

    expect(givers).toEqual([
      { ownClient: false, stored: {} },
      { ownClient: true, stored: {} },
    ]);
  });

  it.each([
    ['integration', { integration: 'nowhere' }],
    ['auth', { auth: 'magic' }],
  ])('refuses an unknown %s', async (path, change) => {
    await expect(
      aWorld().importAccount(environmentId, { ...request, ...change }),
    ).rejects.toMatchObject({ faults: [{ path }] });
  });

  it('leaves no secret without an account when the credential cannot be stored', async () => {
    const { accounts, table } = aWorld();
    const broken = createImportAccount({
      accounts,
      vault: { put: () => Promise.reject(new Error('no key')) } as never,
      ids: createIdFactory(new VirtualClock(), seededRandom()),
      integration: () => integration,
    });

    await expect(broken(environmentId, request)).rejects.toThrow('no key');

    expect(table.items().map((item) => item['status'])).toEqual(['connecting']);
  });
});
