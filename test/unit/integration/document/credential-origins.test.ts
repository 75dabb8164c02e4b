import { haveSameOrigins } from '../../../../shared/integration/document/credential-origins.ts';
import { anIntegration } from '../../../support/builders/an-integration.ts';

const integration = anIntegration({
  base_url: 'https://{{conn.name}}.acme.com/{{conn.path}}',
  hosts: ['*.acme.com'],
  connection: {
    name: { pattern: '^[a-z]+$' },
    path: { pattern: '^[a-z]+$' },
    login: { pattern: '^[a-z]+$' },
    locale: { pattern: '^[a-z]+$' },
  },
  auth: {
    oauth: {
      kind: 'oauth2_cc',
      token_url: 'https://{{conn.login}}.acme.com/token',
    },
    token: { kind: 'token', apply: { headers: { Authorization: 'Bearer {{cred.token}}' } } },
  },
});
const connection = { name: 'a', path: 'b', login: 'c', locale: 'd' };
const before = { auth: 'oauth', connection };

describe('haveSameOrigins', () => {
  it.each([
    ['name', false],
    ['path', true],
    ['login', false],
    ['locale', true],
  ])('with another %s: %p', (input, expected) => {
    const after = { auth: 'oauth', connection: { ...connection, [input]: 'other' } };

    expect(haveSameOrigins(integration, before, after)).toBe(expected);
  });

  it('looks at no token URL where the credential is not renewed', () => {
    const after = { auth: 'token', connection: { ...connection, login: 'other' } };

    expect(haveSameOrigins(integration, { ...before, auth: 'token' }, after)).toBe(true);
  });

  it('takes an address that was not known for another one', () => {
    const captured = anIntegration({
      base_url: '{{conn.instance_url}}',
      hosts: ['*.acme.com'],
      connection: { instance_url: { pattern: '^https://[a-z.]+$', captured: true } },
    });
    const known = { auth: 'token', connection: { instance_url: 'https://a.acme.com' } };
    const unknown = { auth: 'token', connection: {} };

    expect(haveSameOrigins(captured, unknown, known)).toBe(false);
    expect(haveSameOrigins(captured, unknown, unknown)).toBe(true);
  });

  it.each<[string, object, object]>([
    [
      'a step',
      { steps: [{ url: 'https://{{conn.login}}.acme.com/{{cred.user}}', capture: { t: 'body' } }] },
      {},
    ],
    ['the revocation', { revoke: { url: 'https://{{conn.login}}.acme.com/revoke' } }, {}],
    [
      'a method',
      {},
      { resources: { t: { get: { path: '/', base_url: 'https://{{conn.login}}.acme.com' } } } },
    ],
  ])('looks at the address of %s', (_what, auth, parts) => {
    const exchanged = anIntegration({
      hosts: ['*.acme.com'],
      connection: { login: { pattern: '^[a-z]+$' } },
      auth: {
        main: {
          kind: 'token_exchange',
          steps: [{ url: 'https://api.acme.com/login', capture: { t: 'body' } }],
          credential: { access_token: '{{step.t}}' },
          ...auth,
        },
      },
      ...parts,
    });
    const at = (login: string) => ({ auth: 'main', connection: { login } });

    expect(haveSameOrigins(exchanged, at('a'), at('b'))).toBe(false);
    expect(haveSameOrigins(exchanged, at('a'), at('a'))).toBe(true);
  });
});
