import { createCredential } from '#shared/account/credential.ts';
import type { IntegratedAccount } from '#shared/account/integrated-account.ts';
import { brandId } from '#shared/kernel/id.ts';
import { createConnectAccount } from '#shared/provider/connect-account.ts';
import { ProviderError } from '#shared/wire/provider-errors.ts';
import {
  aCatalogue,
  aDeps,
  anAccount,
  aSendHttp,
  type Canned,
} from '../../support/builders/an-integration.ts';
import { aRenewalPlan } from '../../support/builders/renewal-plan.ts';

const SITES = {
  base_url: 'https://api.acme.com/{{conn.site}}',
  connection: {
    site: { captured: true, pattern: '^[a-z0-9]+$' },
    org: { captured: true, pattern: '^[a-z]+$', optional: true },
  },
  after_connect: [
    {
      path: '/sites',
      base_url: 'https://api.acme.com',
      capture: { site: "body[name = 'main'].id" },
    },
    { path: '/org', capture: { org: 'body.org' } },
  ],
};
const FOUND: readonly Canned[] = [
  {
    body: [
      { name: 'old', id: 's0' },
      { name: 'main', id: 's1' },
    ],
  },
  { body: { org: 'acme' } },
];

interface Given {
  readonly connection?: Record<string, string>;
  readonly again?: boolean;
  /** What a renewal writes on the account. */
  readonly renewalTells?: Record<string, string>;
  readonly fields?: Record<string, string>;
}

async function connect(integration: object, answers: readonly Canned[], given: Given = {}) {
  let stored: IntegratedAccount = anAccount({ connection: given.connection ?? {} });
  const renewals: (number | undefined)[] = [];
  const send = aSendHttp(...answers);
  const fields = given.fields ?? { token: 't', refresh_token: 'r' };
  const deps = {
    ...aDeps(send),
    catalogue: aCatalogue(integration),
    accounts: {
      get: async () => stored,
      update: async (account: IntegratedAccount, change: object) => {
        stored = { ...account, ...change, version: account.version + 1 };
        return stored;
      },
    },
    planOf: async () => aRenewalPlan(),
    credentials: async (_account: IntegratedAccount, request: { refusedVersion?: number } = {}) => {
      renewals.push(request.refusedVersion);
      if (request.refusedVersion !== undefined && given.renewalTells) {
        stored = { ...stored, connection: { ...stored.connection, ...given.renewalTells } };
      }
      return { credential: createCredential(fields), version: 3 };
    },
  };
  const outcome = createConnectAccount(deps)(stored, 'req-1', given.again ?? false);
  const result = await outcome.then(
    (connected) => ({ connected, error: undefined }),
    (error: unknown) => ({ connected: undefined, error: error as Error }),
  );
  return { ...result, stored: () => stored, send, renewals, calls: deps.calls };
}

describe('connecting an account', () => {
  it('asks what is missing, each call with what those before it found', async () => {
    const { connected, stored, send, calls } = await connect(SITES, FOUND);

    expect(connected).toMatchObject({
      asked: true,
      account: { connection: { site: 's1', org: 'acme' } },
    });
    expect(stored().connection).toEqual({ site: 's1', org: 'acme' });
    expect(send.sent.map(({ url }) => url)).toEqual([
      'https://api.acme.com/sites',
      'https://api.acme.com/s1/org',
    ]);
    expect(calls).toMatchObject([{ operation: 'after_connect' }, { operation: 'after_connect' }]);
  });

  it('asks nothing where nothing is missing, unless it is told to', async () => {
    const connection = { site: 's9', org: 'old' };

    expect((await connect(SITES, FOUND, { connection })).connected).toMatchObject({ asked: false });
    const { stored } = await connect(SITES, FOUND, { connection, again: true });
    expect(stored().connection).toEqual({ site: 's1', org: 'acme' });
  });

  it('makes no call that is for other alternatives', async () => {
    const [sites, org] = SITES.after_connect;
    const auth = {
      token: { kind: 'token', apply: { headers: { a: '{{cred.token}}' } } },
      other: { kind: 'none' },
    };
    const after_connect = [sites, { ...org, auth: ['other'] }];
    const { send } = await connect({ ...SITES, auth, after_connect }, FOUND);

    expect(send.sent).toHaveLength(1);
  });

  it('says what is still missing afterwards', async () => {
    const { error } = await connect(SITES, [{ body: [] }, { body: {} }]);

    expect(error).toMatchObject({ code: 'unprocessable', faults: [{ path: 'connection.site' }] });
  });

  it.each(['CANARY', { canary: 1 }])(
    'refuses a value that does not match, without it: %p',
    async (id) => {
      const { error, stored } = await connect(SITES, [{ body: [{ name: 'main', id }] }]);

      expect(error).toBeInstanceOf(ProviderError);
      expect(JSON.stringify(error)).toContain('connection.site');
      expect(JSON.stringify(error)).not.toMatch(/canary/i);
      expect(stored().connection).toEqual({});
    },
  );
});

describe('an input that a token’s answer tells', () => {
  const integration = {
    base_url: '{{conn.instance_url}}',
    hosts: ['*.acme.com', 'api.acme.com'],
    connection: { instance_url: { captured: true, pattern: '^https://[a-z0-9.]+$' } },
    auth: {
      token: {
        kind: 'oauth2_code',
        authorize_url: 'https://api.acme.com/a',
        token_url: 'https://api.acme.com/t',
        capture: { instance_url: 'body.instance_url' },
      },
    },
  };
  const renewalTells = { instance_url: 'https://a1.acme.com' };

  it('comes with a renewal of the token', async () => {
    const { connected, renewals } = await connect(integration, [], { renewalTells });

    expect(renewals).toEqual([undefined, 3]);
    expect(connected?.account.connection).toEqual(renewalTells);
  });

  it('costs no account its only token: what cannot be renewed is not', async () => {
    const fields = { access_token: 'a' };
    const { error, renewals } = await connect(integration, [], { renewalTells, fields });

    expect(renewals).toEqual([undefined]);
    expect(error).toMatchObject({ faults: [{ path: 'connection.instance_url' }] });
  });
});

it('is of an account whose integration is known', async () => {
  const deps = { ...aDeps(aSendHttp()), catalogue: aCatalogue(), planOf: async () => undefined };
  const accounts = { get: () => Promise.reject(), update: () => Promise.reject() };
  const gone = anAccount({ id: brandId<'ia'>('ia_9'), integration: 'gone' });

  await expect(createConnectAccount({ ...deps, accounts })(gone, 'r', false)).rejects.toMatchObject(
    {
      code: 'not_found',
    },
  );
});
