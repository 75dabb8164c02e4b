import { haveSameOrigins } from '../../../shared/integration/credential-origins.ts';
import { anIntegration } from '../../support/an-integration.ts';

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
});
