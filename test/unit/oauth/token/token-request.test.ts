import { generateKeyPairSync } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { createCredential } from '#shared/account/credential.ts';
import { createRefreshToken, type Renewed } from '#shared/oauth/token/refresh-token.ts';
import { aRenewalPlan, type PlanParts } from '../../../support/builders/renewal-plan.ts';
import {
  aTokenCallDeps,
  aTokenServer,
  type TokenServerAnswer,
} from '../../../support/doubles/token-server.ts';

const GRANTED = { access_token: 'at2', refresh_token: 'rt2', expires_in: 3600 };
const CC = { kind: 'oauth2_cc' };

async function renew(
  auth: object,
  answer: TokenServerAnswer = { body: GRANTED },
  parts: PlanParts = {},
) {
  const { send, sent } = aTokenServer(answer);
  const fields = { access_token: 'at1', refresh_token: 'rt1', ...parts.fields };
  const deps = aTokenCallDeps(send);
  const outcome = createRefreshToken(deps)(
    aRenewalPlan(auth, parts),
    createCredential(fields),
    'r',
  );
  const renewed = await outcome.catch((error: unknown) => error as Error);
  return { renewed, request: sent[0]!, form: new URLSearchParams(sent[0]?.body), deps };
}

const fieldsOf = (renewed: Renewed | Error) => (renewed as Renewed).fields.reveal();

describe('the form of a token request', () => {
  it('is JSON where the server wants that', async () => {
    const { request } = await renew({ ...CC, token_format: 'json' });

    expect(request.headers['content-type']).toBe('application/json');
    expect(request.body).toBe(
      '{"grant_type":"client_credentials","client_id":"client","client_secret":"s3cret"}',
    );
  });

  it.each([
    [{ token_format: 'query' }, 'POST'],
    [{ token_method: 'GET' }, 'GET'],
  ])('is the query, beside the URL’s own, for %p', async (form, method) => {
    const token_url = 'https://api.acme.com/token?v=2';
    const { request } = await renew({ ...CC, ...form, token_url });

    expect(request).toMatchObject({ method, body: undefined });
    expect(request.url).toBe(
      'https://api.acme.com/token?v=2&grant_type=client_credentials&client_id=client&client_secret=s3cret',
    );
  });

  it('has what the integration declares instead of what the engine would send', async () => {
    const { form } = await renew(
      {
        ...CC,
        token_params: { grant_type: 'account_credentials', account_id: '{{cred.account}}' },
        token_omit: ['client_secret'],
        fields: { account: { optional: true } },
      },
      { body: GRANTED },
      { fields: { account: 'a1' } },
    );

    expect(Object.fromEntries(form)).toEqual({
      grant_type: 'account_credentials',
      client_id: 'client',
      account_id: 'a1',
    });
  });

  it('asks for the user where a field that it needs is missing', async () => {
    const { renewed } = await renew({ ...CC, token_params: { account: '{{cred.account}}' } });

    expect(renewed).toMatchObject({
      code: 'needs_reauth',
      detail: { reason: 'credential_incomplete' },
    });
  });
});

describe('the client of a token request', () => {
  it('is its secret alone, as the user of Basic', async () => {
    const { request, form } = await renew({ ...CC, client_auth: 'basic_secret' });

    // base64 of `s3cret:`
    expect(request.headers['authorization']).toBe('Basic czNjcmV0Og==');
    expect(form.has('client_id')).toBe(false);
  });

  it('may assert itself by a JWT', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const assertion = {
      as: 'assertion',
      alg: 'ES256',
      key: '{{cred.private_key}}',
      header: { kid: 'k1' },
      claims: {
        iss: '{{app.client_id}}',
        sub: '{{app.client_id}}',
        aud: 'https://api.acme.com/token',
      },
    };
    const { form, deps } = await renew(
      { ...CC, client_auth: 'private_key_jwt', assertion },
      { body: GRANTED },
      { fields: { private_key: pem.replaceAll('\n', '\\n') } },
    );
    const jwt = form.get('client_assertion')!;
    const { payload } = await jwtVerify(jwt, publicKey, {
      audience: 'https://api.acme.com/token',
      currentDate: new Date(deps.clock.now()),
    });

    expect(form.get('client_assertion_type')).toBe(
      'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    );
    expect(form.get('client_id')).toBe('client');
    expect(payload).toMatchObject({
      iss: 'client',
      sub: 'client',
      jti: expect.stringMatching(/^\w{32}$/),
    });
    expect(decodeProtectedHeader(jwt)).toEqual({ alg: 'ES256', kid: 'k1' });
    expect(decodeJwt(jwt).exp! - decodeJwt(jwt).iat!).toBe(180);
  });
});

describe('a renewal that differs from the first request', () => {
  it('has its own URL, parameters and omissions', async () => {
    const { request, form } = await renew({
      token_params: { a: '1' },
      refresh: { url: 'https://api.acme.com/refresh', params: { b: '2' }, omit: ['client_secret'] },
    });

    expect(request.url).toBe('https://api.acme.com/refresh');
    expect(Object.fromEntries(form)).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'rt1',
      client_id: 'client',
      a: '1',
      b: '2',
    });
  });

  it('may be made with the access token', async () => {
    const refresh = {
      token: 'access_token',
      param: 'fb_exchange_token',
      grant: 'fb_exchange_token',
    };
    const { form } = await renew({ refresh });

    expect(form.get('grant_type')).toBe('fb_exchange_token');
    expect(form.get('fb_exchange_token')).toBe('at1');
    expect(aRenewalPlan({ refresh }).spends).toEqual([]);
    expect(aRenewalPlan({ refresh: { ...refresh, rotates: true } }).spends).toEqual([
      'access_token',
    ]);
  });
});

describe('an answer in a shape of its own', () => {
  it('is read where the integration says', async () => {
    const { renewed, deps } = await renew(
      {
        token_response: {
          access_token: 'body.data.token',
          refresh_token: 'body.data.renew',
          expires_in: 'body.data.ttl',
        },
      },
      { body: { data: { token: 'at9', renew: 'rt9', ttl: '60' } } },
    );

    expect(fieldsOf(renewed)).toMatchObject({ access_token: 'at9', refresh_token: 'rt9' });
    expect(renewed).toMatchObject({ expiresAtMs: deps.clock.now() + 60_000 });
  });

  it('may be a form', async () => {
    const { renewed } = await renew(CC, {
      body: 'access_token=at9&scope=x',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    });

    expect(fieldsOf(renewed)).toMatchObject({ access_token: 'at9' });
  });

  it.each([
    ['until refused', { unknown: 'refresh_on_401' }, undefined],
    ['for a fixed time', { after: 'PT1H' }, 3_600_000],
    ['for seconds that stand elsewhere', { seconds: 'body.ttl' }, 90_000],
    ['until an instant', { at: 'body.until' }, 7_200_000],
    ['until a second since the epoch', { at: 'body.untilSecond' }, 7_200_000],
    ['until refused, where the seconds are none', { seconds: 'body.none' }, undefined],
  ])('lives %s', async (_how, expires, lifetimeMs) => {
    const body = {
      ...GRANTED,
      ttl: '90',
      until: '2026-03-01T14:00:00Z',
      untilSecond: 1_772_373_600,
    };
    const { renewed, deps } = await renew({ expires }, { body });
    const expected = lifetimeMs === undefined ? undefined : deps.clock.now() + lifetimeMs;

    expect((renewed as Renewed).expiresAtMs).toBe(expected);
  });

  it.each([
    [{ ok: false, error: 'token_revoked' }, 200],
    [{ error: { code: 190 } }, 400],
  ])('ends the grant by a code that the integration calls terminal: %p', async (body, status) => {
    const { renewed } = await renew(
      { terminal_errors: ['token_revoked', '190'] },
      { body, status },
    );

    expect(renewed).toMatchObject({ name: 'RefreshRefusedError', code: 'needs_reauth' });
  });
});

describe('what an answer tells of the account', () => {
  const integration = {
    base_url: '{{conn.instance_url}}',
    hosts: ['*.acme.com'],
    connection: { instance_url: { captured: true, pattern: '^https://[a-z0-9.]+$' } },
  };
  const capturing = { capture: { instance_url: 'body.instance_url' } };
  const answer = (instance_url: unknown) => ({ body: { ...GRANTED, instance_url } });

  it('comes with the credential', async () => {
    const { renewed } = await renew(capturing, answer('https://a1.acme.com'), { integration });

    expect(renewed).toMatchObject({ captured: { instance_url: 'https://a1.acme.com' } });
  });

  it('is nothing where nothing is new', async () => {
    const account = { connection: { instance_url: 'https://a1.acme.com' } };
    const { renewed } = await renew(capturing, answer('https://a1.acme.com'), {
      integration,
      account,
    });

    expect(renewed).not.toHaveProperty('captured');
  });

  it.each(['https://evil.example', 'ftp://canary', { canary: 1 }])(
    'is refused where it is not allowed, and the new tokens are kept: %p',
    async (value) => {
      const { renewed } = await renew(capturing, answer(value), { integration });
      const { cause, credential } = renewed as Error & { credential: Renewed };

      expect(renewed).toMatchObject({ name: 'IncompleteRenewalError' });
      expect(credential.fields.reveal()).toMatchObject({
        access_token: 'at2',
        refresh_token: 'rt2',
      });
      expect(cause).toMatchObject({ name: 'TokenEndpointError' });
      expect(JSON.stringify(cause)).not.toMatch(/canary|evil/);
    },
  );
});
