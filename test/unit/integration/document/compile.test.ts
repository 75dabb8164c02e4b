import { ForbiddenAddressError } from '../../../../shared/http/network-errors.ts';
import { anIntegration } from '../../../support/builders/an-integration.ts';

const SUBDOMAIN = {
  base_url: 'https://{{conn.subdomain}}.acme.com/api/',
  hosts: ['{{conn.subdomain}}.acme.com'],
  connection: { subdomain: { pattern: '^[a-z][a-z0-9-]{1,62}$' } },
};
const SELF_HOSTED = {
  base_url: '{{conn.base_url}}',
  hosts: ['{{conn.base_url}}'],
  connection: { base_url: { pattern: '^https?://[a-z0-9.-]+(:[0-9]+)?(/[a-z]+)*/?$' } },
};

const account = (connection: Record<string, string>, auth = 'token') => ({ auth, connection });

describe('validateConnection', () => {
  it('fills in defaults', () => {
    const integration = anIntegration({
      connection: { region: { pattern: '^(eu|us)$', default: 'eu' } },
    });

    expect(integration.validateConnection({}, 'token')).toEqual({
      connection: { region: 'eu' },
      faults: [],
    });
  });

  it.each([
    ['evil.com/', 'must be a text that matches ^[a-z][a-z0-9-]{1,62}$'],
    ['a@evil.com#', 'must be a text that matches ^[a-z][a-z0-9-]{1,62}$'],
    ['acme\n', 'must be a text that matches ^[a-z][a-z0-9-]{1,62}$'],
    [7, 'must be a text that matches ^[a-z][a-z0-9-]{1,62}$'],
    [undefined, 'is needed'],
  ])('refuses the subdomain %p', (subdomain, message) => {
    const { faults } = anIntegration(SUBDOMAIN).validateConnection({ subdomain }, 'token');

    expect(faults).toEqual([{ path: 'connection.subdomain', message }]);
  });

  it('refuses an input that the integration does not know', () => {
    expect(anIntegration().validateConnection({ x: '1' }, 'token').faults).toEqual([
      { path: 'connection.x', message: 'the integration has no such input' },
    ]);
  });
});

describe('baseUrl', () => {
  it('has no slash at its end', () => {
    expect(anIntegration(SUBDOMAIN).baseUrl(account({ subdomain: 'acme' })).href).toBe(
      'https://acme.acme.com/api',
    );
  });

  it('is refused where it is not on the allow-list', () => {
    const integration = anIntegration({ ...SUBDOMAIN, hosts: ['api.acme.com'] });

    expect(() => integration.baseUrl(account({ subdomain: 'other' }))).toThrow(
      ForbiddenAddressError,
    );
  });
});

describe('allowsHost', () => {
  it.each([
    ['https://acme.acme.com/x', true],
    ['https://acme.acme.com:8443/x', false],
    ['https://other.acme.com/x', false],
    ['https://acme.acme.com.evil.com/x', false],
  ])('of a templated host: %s is %p', (url, expected) => {
    expect(anIntegration(SUBDOMAIN).allowsHost(new URL(url), { subdomain: 'acme' })).toBe(expected);
  });

  it.each([
    ['https://eu.acme.com/', true],
    ['https://a.b.acme.com/', true],
    ['https://acme.com/', false],
    ['https://evilacme.com/', false],
  ])('of a wildcard: %s is %p', (url, expected) => {
    const integration = anIntegration({ hosts: ['*.acme.com'] });

    expect(integration.allowsHost(new URL(url), {})).toBe(expected);
  });

  it.each([
    ['http://127.0.0.1:3100/x', true],
    ['http://127.0.0.1:3101/x', false],
    ['http://127.0.0.1/x', false],
  ])('of a tenant’s own server: %s is %p', (url, expected) => {
    const connection = { base_url: 'http://127.0.0.1:3100/redmine' };

    expect(anIntegration(SELF_HOSTED).allowsHost(new URL(url), connection)).toBe(expected);
  });
});

describe('validateCredential', () => {
  const integration = anIntegration({
    auth: {
      token: { kind: 'token', apply: { headers: { 'X-Key': '{{cred.key}}' } } },
      basic: { kind: 'basic', username: '{{cred.email}}/token', password: '{{cred.api_token}}' },
      oauth: {
        kind: 'oauth2_code',
        authorize_url: 'https://api.acme.com/a',
        token_url: 'https://api.acme.com/t',
      },
      open: { kind: 'none' },
    },
  });

  it.each([
    ['token', { key: 'k' }],
    ['basic', { email: 'e', api_token: 't' }],
    ['oauth', { refresh_token: 'r' }],
    ['oauth', { access_token: 'a', refresh_token: 'r', client_id: 'i', client_secret: 's' }],
    ['open', {}],
  ])('accepts for %s exactly what its templates name: %p', (auth, fields) => {
    expect(integration.validateCredential(auth, fields)).toEqual([]);
  });

  it.each([
    ['token', {}, 'credentials.key'],
    ['token', { key: 'k', more: 'm' }, 'credentials.more'],
    ['token', { key: '' }, 'credentials.key'],
    ['token', { key: 7 }, 'credentials.key'],
    ['basic', { email: 'e' }, 'credentials.api_token'],
    ['oauth', { client_id: 'i' }, 'credentials'],
    ['magic', {}, 'auth'],
  ])('refuses for %s: %p', (auth, fields, path) => {
    expect(integration.validateCredential(auth, fields).map((fault) => fault.path)).toEqual([path]);
  });
});
