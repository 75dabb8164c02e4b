import { generateKeyPairSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import { createCredential } from '#shared/account/credential.ts';
import { createRefreshToken, type Renewed } from '#shared/oauth/token/refresh-token.ts';
import { aRenewalPlan, type PlanParts } from '../../../support/builders/renewal-plan.ts';
import {
  aTokenCallDeps,
  aTokenServer,
  type TokenServerAnswer,
} from '../../../support/doubles/token-server.ts';
import { VirtualClock } from '../../../support/doubles/virtual-clock.ts';

async function exchange(
  auth: object,
  answers: readonly TokenServerAnswer[],
  fields: Record<string, string> = {},
  parts: PlanParts = {},
) {
  const { send, sent } = aTokenServer(...answers);
  const deps = aTokenCallDeps(send);
  const plan = aRenewalPlan(auth, { ...parts, fields });
  const outcome = createRefreshToken(deps)(plan, createCredential(fields), 'req-1');
  return { renewed: await outcome.catch((error: unknown) => error as Error), sent, deps };
}

const fieldsOf = (renewed: Renewed | Error) => (renewed as Renewed).fields.reveal();
const LOGIN = {
  kind: 'token_exchange',
  steps: [
    {
      url: 'https://api.acme.com/login',
      body: { user: '{{cred.user}}', password: '{{cred.password}}' },
      capture: { session: 'cookies.sid', realm: 'body.realm' },
    },
    {
      url: 'https://api.acme.com/{{step.realm}}/token',
      method: 'GET',
      query: { ttl: { expr: '60 * 60' } },
      headers: { Cookie: 'sid={{step.session}}' },
      capture: { token: 'body' },
    },
  ],
  credential: { access_token: '{{step.token}}', session: '{{step.session}}' },
  expires: { after: 'PT1H' },
};
const LOGGED_IN = {
  body: { realm: 'eu' },
  headers: {
    'set-cookie': 'a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/, sid=s1d; HttpOnly',
  },
};
const USER = { user: 'u', password: 'p&=' };

describe('the steps of an exchange', () => {
  it('see what those before them found, cookies included', async () => {
    const { renewed, sent, deps } = await exchange(LOGIN, [LOGGED_IN, { body: 'tok' }], USER);

    expect(sent.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['POST', 'https://api.acme.com/login', 'user=u&password=p%26%3D'],
      ['GET', 'https://api.acme.com/eu/token?ttl=3600', undefined],
    ]);
    expect(sent[1]?.headers['cookie']).toBe('sid=s1d');
    expect(fieldsOf(renewed)).toEqual({ ...USER, access_token: 'tok', session: 's1d' });
    expect(renewed).toMatchObject({ expiresAtMs: deps.clock.now() + 3_600_000 });
  });

  it('share one limit of time', async () => {
    const { send, sent } = aTokenServer(LOGGED_IN, { body: 'tok' });
    const clock = new VirtualClock();
    const deps = aTokenCallDeps(send, { clock });
    const slow = async (request: Parameters<typeof send>[0]) => {
      clock.advance(9_000);
      return send(request);
    };
    await createRefreshToken({ ...deps, send: slow })(
      aRenewalPlan(LOGIN),
      createCredential(USER),
      'req-1',
    );

    expect(sent.map(({ timeoutMs }) => timeoutMs)).toEqual([15_000, 6_000]);
  });

  it('are told to the boundary log, without a value', async () => {
    const { deps } = await exchange(LOGIN, [LOGGED_IN, { body: 'tok' }], USER);

    expect(deps.notes).toMatchObject([
      { operation: 'token', requestId: 'req-1', url: 'https://api.acme.com/login', status: 200 },
      { operation: 'token', url: 'https://api.acme.com/{realm}/token?ttl={}', status: 200 },
    ]);
  });

  it('call no host that is not on the allow-list', async () => {
    const steps = [{ ...LOGIN.steps[0], url: 'https://{{cred.user}}/login' }, LOGIN.steps[1]];
    const { renewed, sent } = await exchange({ ...LOGIN, steps }, [], {
      ...USER,
      user: 'evil.example',
    });

    expect(renewed).toMatchObject({ code: 'forbidden_address' });
    expect(sent).toEqual([]);
  });
});

describe('a step that fails', () => {
  it.each([
    ['401', { status: 401 }, 'token_endpoint_401'],
    ['a terminal code under 200', { body: { fault: { kind: 'bad_password' } } }, 'bad_password'],
  ])('ends the grant by %s', async (_what, answer, reason) => {
    const steps = [{ ...LOGIN.steps[0], ok: '$exists(body.realm)' }, LOGIN.steps[1]];
    const auth = {
      ...LOGIN,
      steps,
      terminal_errors: ['bad_password'],
      error_code: 'body.fault.kind',
    };
    const { renewed } = await exchange(auth, [answer], USER);

    expect(renewed).toMatchObject({ name: 'RefreshRefusedError', detail: { reason } });
  });

  it.each([
    ['500', { status: 500 }, { status: 500 }],
    ['an answer without what comes next', { body: {} }, { path: 'step.realm' }],
  ])('may be tried again after %s', async (_what, answer, detail) => {
    const { renewed } = await exchange(LOGIN, [answer], USER);

    expect(renewed).toMatchObject({ name: 'TokenEndpointError', detail });
  });

  it('no longer says that nothing has happened once one before it was answered', async () => {
    const { renewed } = await exchange(LOGIN, [LOGGED_IN, { status: 400 }], USER);

    expect(renewed).toMatchObject({ name: 'TokenEndpointError', detail: { step: 'later' } });
    expect((renewed as Error & { detail: object }).detail).not.toHaveProperty('status');
  });

  it('loses no credential that was made where the answer names what is not allowed', async () => {
    const auth = {
      kind: 'token_exchange',
      steps: [
        {
          url: 'https://api.acme.com/token',
          body: { key: '{{cred.key}}' },
          capture: { token: 'body.token', key: 'body.key' },
        },
      ],
      credential: { access_token: '{{step.token}}', key: '{{step.key}}' },
      capture: { instance: 'body.instance' },
      expires: { after: 'PT1H' },
    };
    const integration = {
      connection: { instance: { pattern: '^[a-z]+$', captured: true } },
    };
    const answer = { body: { token: 't', key: 'k2', instance: 'evil.example/' } };
    const { renewed, deps } = await exchange(auth, [answer], { key: 'k1' }, { integration });

    expect(renewed).toMatchObject({
      name: 'IncompleteRenewalError',
      credential: { expiresAtMs: deps.clock.now() },
      cause: { name: 'TokenEndpointError', detail: { input: 'connection.instance' } },
    });
    expect((renewed as Error & { credential: Renewed }).credential.fields.reveal()).toEqual({
      key: 'k2',
      access_token: 't',
    });
  });

  it('keeps a token that an earlier step made anew of the one it spent', async () => {
    const auth = {
      kind: 'token_exchange',
      steps: [
        {
          url: 'https://api.acme.com/rotate',
          body: { key: '{{cred.key}}' },
          capture: { key: 'body.key' },
        },
        { url: 'https://api.acme.com/token', capture: { token: 'body.token' } },
      ],
      credential: { access_token: '{{step.token}}', key: '{{step.key}}' },
      expires: { after: 'PT1H' },
    };
    const fields = { key: 'k1', access_token: 'old' };
    const { renewed } = await exchange(auth, [{ body: { key: 'k2' } }, { status: 500 }], fields);

    expect(renewed).toMatchObject({
      name: 'IncompleteRenewalError',
      cause: { name: 'TokenEndpointError' },
    });
    expect((renewed as Error & { credential: Renewed }).credential.fields.reveal()).toEqual({
      key: 'k2',
      access_token: 'old',
    });
  });

  it('asks for the user where the account lacks a field', async () => {
    const basic = { username: '{{cred.user}}', password: '{{cred.password}}' };
    const steps = [{ ...LOGIN.steps[0], body: undefined, basic }, LOGIN.steps[1]];
    const { renewed } = await exchange({ ...LOGIN, steps }, [LOGGED_IN], { user: 'u' });

    expect(renewed).toMatchObject({ detail: { reason: 'credential_incomplete' } });
  });
});

describe('a minted JWT', () => {
  const mint = (alg: string, key: string, more: object = {}) => ({
    kind: 'token_exchange',
    steps: [
      {
        mint: {
          as: 'jwt',
          alg,
          key: '{{cred.key}}',
          ttl: 'PT10M',
          claims: { iss: '{{cred.id}}', n: 1, aud: { expr: '["a","b"]' } },
          ...more,
        },
      },
    ],
    credential: { access_token: '{{step.jwt}}' },
    key,
  });
  const pem = (
    type: 'rsa' | 'ec' | 'ed25519',
    options: object,
    format: 'pkcs8' | 'pkcs1' | 'sec1',
  ) => {
    const pair = generateKeyPairSync(type as 'rsa', { modulusLength: 2048, ...options });
    const exported = pair.privateKey.export({ format: 'pem', type: format as 'pkcs8' });
    return { ...pair, text: exported.toString() };
  };

  async function minted(alg: string, key: string, more: object = {}) {
    const { key: _key, ...auth } = mint(alg, key, more);
    const { renewed, sent, deps } = await exchange(auth, [], { key, id: 'me' });
    expect(sent).toEqual([]);
    return { renewed, deps, jwt: fieldsOf(renewed)['access_token']! };
  }

  it.each([
    ['RS256', 'rsa', {}, 'pkcs8'],
    ['RS512', 'rsa', {}, 'pkcs1'],
    ['PS256', 'rsa', {}, 'pkcs8'],
    ['ES256', 'ec', { namedCurve: 'P-256' }, 'sec1'],
    ['ES384', 'ec', { namedCurve: 'P-384' }, 'pkcs8'],
    ['EdDSA', 'ed25519', {}, 'pkcs8'],
  ] as const)('is signed by %s with a PEM', async (alg, type, options, format) => {
    const { text, publicKey } = pem(type, options, format);
    const { jwt, deps, renewed } = await minted(alg, text);
    const { payload } = await jwtVerify(jwt, publicKey, {
      currentDate: new Date(deps.clock.now()),
    });

    expect(payload).toEqual({
      iat: 1_772_366_400,
      exp: 1_772_367_000,
      iss: 'me',
      n: 1,
      aud: ['a', 'b'],
    });
    expect(renewed).toMatchObject({ expiresAtMs: deps.clock.now() + 600_000 });
  });

  it('is signed with a JWK', async () => {
    const { privateKey, publicKey } = pem('rsa', {}, 'pkcs8');
    const { jwt, deps } = await minted(
      'RS384',
      JSON.stringify(privateKey.export({ format: 'jwk' })),
    );

    await expect(
      jwtVerify(jwt, publicKey, { currentDate: new Date(deps.clock.now()) }),
    ).resolves.toBeDefined();
  });

  it.each([
    ['utf8', 'short', 'short'],
    ['hex', '00ff10', Buffer.from([0, 255, 16])],
    ['base64', 'AP8Q', Buffer.from([0, 255, 16])],
  ])('is signed with a secret in %s', async (key_encoding, key, bytes) => {
    for (const alg of ['HS256', 'HS384', 'HS512']) {
      const { jwt, deps } = await minted(alg, key, { key_encoding });
      const secret = Buffer.from(bytes);

      await expect(
        jwtVerify(jwt, secret, { currentDate: new Date(deps.clock.now()) }),
      ).resolves.toBeDefined();
    }
  });

  it.each([
    ['no key at all', 'RS256', 'canary'],
    ['a key of another kind', 'ES256', ''],
  ])('asks for the user where there is %s, and does not quote it', async (_what, alg, given) => {
    const key = given === '' ? pem('rsa', {}, 'pkcs8').text : given;
    const { key: _key, ...auth } = mint(alg, key);
    const { renewed } = await exchange(auth, [], { key, id: 'me' });

    expect(renewed).toMatchObject({ detail: { reason: 'signing_key_invalid' } });
    expect(`${(renewed as Error).stack}${JSON.stringify(renewed)}`).not.toMatch(
      /canary|PRIVATE KEY/,
    );
  });
});

describe('a session swapped for a token', () => {
  const auth = {
    kind: 'oauth2_cc',
    // biome-ignore lint/suspicious/noThenProperty: a key of the format, and a list
    then: [
      {
        url: 'https://api.acme.com/session',
        query: { access_token: '{{cred.access_token}}' },
        capture: { sid: 'body.sid' },
      },
    ],
    credential: { session: '{{step.sid}}' },
  };
  const TOKEN = { body: { access_token: 'at2', refresh_token: 'rt2' } };

  it('is swapped with the token that has just come', async () => {
    const { renewed, sent } = await exchange(auth, [TOKEN, { body: { sid: 's1' } }], {
      access_token: 'at1',
    });

    expect(sent[1]?.url).toBe('https://api.acme.com/session?access_token=at2');
    expect(fieldsOf(renewed)).toMatchObject({ access_token: 'at2', session: 's1' });
  });

  it('loses no token when the swap fails: it counts as ended, and is told as it failed', async () => {
    const { renewed, deps } = await exchange(auth, [TOKEN, { status: 400 }], {
      refresh_token: 'rt1',
    });

    expect(renewed).toMatchObject({
      name: 'IncompleteRenewalError',
      credential: { expiresAtMs: deps.clock.now() },
      cause: { name: 'TokenEndpointError' },
    });
    expect((renewed as Error & { credential: Renewed }).credential.fields.reveal()).toMatchObject({
      refresh_token: 'rt2',
    });
  });
});
