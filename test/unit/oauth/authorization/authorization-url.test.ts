import { authorizationUrl, createVerifier } from '#shared/oauth/authorization/authorization-url.ts';
import { anIntegration } from '../../../support/builders/an-integration.ts';
import { seededRandom } from '../../../support/doubles/seeded-random.ts';

/** RFC 7636, appendix B. */
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const CODE = {
  kind: 'oauth2_code',
  authorize_url: 'https://login.acme.com/authorize?tenant=common',
  token_url: 'https://api.acme.com/token',
};

function urlOf(auth: object = {}, parts: object = {}, connection: Record<string, string> = {}) {
  const integration = anIntegration({ auth: { main: { ...CODE, ...auth } }, ...parts });
  return authorizationUrl({
    integration,
    account: { auth: 'main', connection },
    clientId: 'client',
    redirectUri: 'https://ours.example/callback',
    state: 's/1',
    verifier: VERIFIER,
  });
}

describe('an authorization URL', () => {
  it('keeps the query that it has, and asks with the challenge of the verifier', () => {
    expect(urlOf({ scopes: { default: ['a', 'b'], separator: ',' } }).href).toBe(
      `https://login.acme.com/authorize?tenant=common&response_type=code&client_id=client&redirect_uri=https%3A%2F%2Fours.example%2Fcallback&scope=a%2Cb&state=s%2F1&code_challenge=${CHALLENGE}&code_challenge_method=S256`,
    );
  });

  it('asks for scopes under the name that the server gives them', () => {
    const { searchParams } = urlOf({ scopes: { default: ['a', 'b'], param: 'user_scope' } });

    expect(searchParams.get('user_scope')).toBe('a b');
    expect(searchParams.has('scope')).toBe(false);
  });

  it('has what the integration adds and not what it omits', () => {
    const { searchParams } = urlOf({
      pkce: false,
      authorize_params: { access_type: 'offline', app: '{{app.client_id}}' },
      authorize_omit: ['response_type'],
    });

    expect(Object.fromEntries(searchParams)).toEqual({
      tenant: 'common',
      client_id: 'client',
      redirect_uri: 'https://ours.example/callback',
      state: 's/1',
      access_type: 'offline',
      app: 'client',
    });
  });

  it('sends no browser to a host that an input chose beyond the allow-list', () => {
    const auth = { authorize_url: 'https://{{conn.host}}/authorize' };
    const parts = {
      hosts: ['api.acme.com', '*.acme.com'],
      connection: { host: { pattern: '^[a-z.]+$' } },
    };

    expect(urlOf(auth, parts, { host: 'eu.acme.com' }).hostname).toBe('eu.acme.com');
    expect(() => urlOf(auth, parts, { host: 'evil.example' })).toThrow('allow-list');
  });

  it('is none of alternatives that need no browser', () => {
    const cc = { kind: 'oauth2_cc', token_url: CODE.token_url };
    const integration = anIntegration({ auth: { main: cc } });
    const request = { clientId: 'c', redirectUri: 'r', state: 's', verifier: VERIFIER };

    expect(() =>
      authorizationUrl({ integration, account: { auth: 'main', connection: {} }, ...request }),
    ).toThrow('not connected by a browser');
  });
});

it('makes verifiers of 43 characters that differ', () => {
  const random = seededRandom();
  const verifiers = [createVerifier(random), createVerifier(random)];

  expect(new Set(verifiers).size).toBe(2);
  for (const verifier of verifiers) expect(verifier).toMatch(/^[\w-]{43}$/);
});
