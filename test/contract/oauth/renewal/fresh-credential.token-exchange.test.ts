/** A token exchange through the renewal machinery, over the tables that it runs on. */

import type { AccountStore } from '#shared/account/account-store.ts';
import { createCredential } from '#shared/account/credential.ts';
import type { CredentialVault } from '#shared/account/credential-vault.ts';
import { loadCatalogue } from '#shared/integration/catalogue/catalogue.ts';
import { brandId } from '#shared/kernel/id.ts';
import { createPlanOf } from '#shared/oauth/app/plan-source.ts';
import { createCredentialSource } from '#shared/oauth/renewal/fresh-credential.ts';
import { createRefreshToken } from '#shared/oauth/token/refresh-token.ts';
import { accountStores, anAccount } from '../../../support/builders/accounts.ts';
import { anIntegrationSource } from '../../../support/builders/an-integration.ts';
import { seededRandom } from '../../../support/doubles/seeded-random.ts';
import {
  aTokenCallDeps,
  aTokenServer,
  type TokenServerAnswer,
} from '../../../support/doubles/token-server.ts';
import { VirtualClock } from '../../../support/doubles/virtual-clock.ts';
import { startDynamo, type TestDynamo } from '../../../support/servers/dynamo.ts';

const LOGIN = {
  kind: 'token_exchange',
  steps: [
    {
      url: 'https://api.acme.com/login',
      body: { user: '{{cred.user}}', secret: '{{cred.secret}}' },
      capture: { token: 'body.token' },
    },
  ],
  credential: { access_token: '{{step.token}}' },
  capture: { instance_url: 'body.instance_url' },
  expires: { seconds: 'body.ttl' },
};
const ROTATING = {
  ...LOGIN,
  capture: {},
  steps: [
    {
      url: 'https://api.acme.com/renew',
      body: { key: '{{cred.key}}' },
      capture: { token: 'body.token', key: 'body.key' },
    },
    { url: 'https://api.acme.com/session', capture: { session: 'body.session' } },
  ],
  credential: { access_token: '{{step.session}}', key: '{{step.key}}' },
};
const SOURCE = anIntegrationSource({
  base_url: '{{conn.instance_url}}',
  hosts: ['api.acme.com', '*.acme.com'],
  connection: { instance_url: { captured: true, pattern: '^https://[a-z0-9.]+$' } },
  auth: { login: LOGIN, rotating: ROTATING },
});
const catalogue = loadCatalogue({ integrations: [SOURCE], models: [], mappings: [] });

let dynamo: TestDynamo;
let clock: VirtualClock;
let accounts: AccountStore;
let vault: CredentialVault;
let count = 0;

beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());
beforeEach(() => {
  clock = new VirtualClock();
  ({ accounts, vault } = accountStores(dynamo.table, clock));
});

/** An account as an import leaves it: with what its tenant gave, and no token. */
async function imported(auth: string, fields: Record<string, string>) {
  count += 1;
  const id = brandId<'ia'>(`ia_x${count}`);
  const account = await accounts.create(
    anAccount({ id, integration: 'acme', auth, connection: {} }),
  );
  await vault.put(account, createCredential(fields), 0);
  return account;
}

function aSource(...answers: readonly TokenServerAnswer[]) {
  const { send, sent } = aTokenServer(...answers);
  const moving = { now: () => clock.now(), sleep: async (ms: number) => clock.advance(ms) };
  const source = createCredentialSource({
    table: dynamo.table,
    accounts,
    vault,
    clock: moving,
    random: seededRandom(),
    planOf: createPlanOf(catalogue, { get: async () => undefined }),
    refresh: createRefreshToken(aTokenCallDeps(send, { clock: moving })),
  });
  return { source, sent };
}

const ANSWER = { body: { token: 't1', ttl: 3600, instance_url: 'https://a1.acme.com' } };

describe('an account of a token exchange', () => {
  it('gets its token on first use, stored with its expiry and what the answer told', async () => {
    const account = await imported('login', { user: 'u', secret: 's' });
    const { source, sent } = aSource(ANSWER);

    const held = await source(account);
    await source(account);

    expect(sent).toHaveLength(1);
    expect(held.version).toBe(2);
    expect((await vault.read(account)).credential.fields.reveal()).toEqual({
      user: 'u',
      secret: 's',
      access_token: 't1',
    });
    expect(await accounts.get(account.environmentId, account.id)).toMatchObject({
      connection: { instance_url: 'https://a1.acme.com' },
      expiresAtMs: clock.now() + 3_600_000,
    });
  });

  it('is exchanged once, however many ask at first', async () => {
    const account = await imported('login', { user: 'u', secret: 's' });
    const { source, sent } = aSource(ANSWER);

    const all = await Promise.all([source(account), source(account), source(account)]);

    expect(sent).toHaveLength(1);
    expect(new Set(all.map(({ version }) => version))).toEqual(new Set([2]));
  });

  it('is exchanged anew when the provider refuses its token', async () => {
    const account = await imported('login', { user: 'u', secret: 's' });
    const { source } = aSource(ANSWER, { body: { token: 't2' } });
    const first = await source(account);

    const second = await source(account, { refusedVersion: first.version });

    expect(second.credential.fields.reveal()['access_token']).toBe('t2');
    expect((await accounts.get(account.environmentId, account.id)).connection).toEqual({
      instance_url: 'https://a1.acme.com',
    });
  });

  it('needs its user when the login is refused', async () => {
    const account = await imported('login', { user: 'u', secret: 's' });
    const { source } = aSource({ status: 401 });

    await expect(source(account)).rejects.toMatchObject({ code: 'needs_reauth' });
    expect(await accounts.get(account.environmentId, account.id)).toMatchObject({
      status: 'needs_reauth',
      statusReason: 'token_endpoint_401',
    });
  });

  it('keeps what somebody else changed on the account meanwhile', async () => {
    const account = await imported('login', { user: 'u', secret: 's' });
    const { source } = aSource(ANSWER);
    const get = accounts.get;
    accounts.get = async (...asked) => {
      const found = await get(...asked);
      if (found.label === undefined) await accounts.update(found, { label: 'renamed' });
      return found;
    };

    await source(account);

    expect(await get(account.environmentId, account.id)).toMatchObject({
      label: 'renamed',
      connection: { instance_url: 'https://a1.acme.com' },
    });
  });
});

describe('an exchange that makes anew what it starts with', () => {
  const renewed = { body: { token: 't', key: 'k2' } };

  it('notes before the call that the key may be spent', async () => {
    const account = await imported('rotating', { key: 'k1' });
    const { source } = aSource({ status: 500 });

    await expect(source(account)).rejects.toMatchObject({ code: 'provider_error' });
    expect((await vault.read(account)).intent).toMatchObject({ state: 'unanswered' });
  });

  it('keeps the new key where a later step fails: the old one is spent', async () => {
    const account = await imported('rotating', { key: 'k1' });
    const { source } = aSource(renewed, { status: 400 });

    await expect(source(account)).rejects.toMatchObject({ code: 'provider_error' });
    const { credential } = await vault.read(account);
    expect(credential.fields.reveal()).toMatchObject({ key: 'k2' });
  });

  it('stores the new key with the token', async () => {
    const account = await imported('rotating', { key: 'k1' });
    const { source } = aSource(renewed, { body: { session: 's1' } });

    expect((await source(account)).credential.fields.reveal()).toEqual({
      key: 'k2',
      access_token: 's1',
    });
    expect((await vault.read(account)).intent).toBeUndefined();
  });
});
