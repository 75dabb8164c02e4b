import { ForbiddenAddressError } from '../../../shared/http/network-errors.ts';
import { tokenEndpointOf } from '../../../shared/integration/token-endpoint.ts';
import { Transient } from '../../../shared/kernel/transient.ts';
import type { TokenEndpoint } from '../../../shared/oauth/token-endpoint.ts';
import { anIntegration } from '../../support/an-integration.ts';

const integration = anIntegration({
  connection: { host: { pattern: '^[a-z.]+$', default: 'api.acme.com' } },
  auth: {
    code: {
      kind: 'oauth2_code',
      authorize_url: 'https://{{conn.host}}/authorize',
      token_url: 'https://{{conn.host}}/token',
      client_auth: 'basic',
      scopes: { default: ['read', 'write'] },
      token_params: { expires_in: '1800' },
      token_headers: { 'x-account': '{{conn.host}}' },
    },
    machine: {
      kind: 'oauth2_cc',
      token_url: 'https://api.acme.com/token',
      scopes: { default: ['read', 'write'], separator: ',' },
    },
    token: { kind: 'token', apply: { headers: { authorization: '{{cred.t}}' } } },
  },
});
const connection = { host: 'api.acme.com' };
const none = Transient.of({});
const app = Transient.of({ id: 'app', secret: 's' });

describe('tokenEndpointOf', () => {
  it('is what the refresh of tokens takes', () => {
    const endpoint: TokenEndpoint | undefined = tokenEndpointOf(
      integration,
      { auth: 'code', connection },
      none,
      app,
    );

    expect(endpoint).toMatchObject({
      url: new URL('https://api.acme.com/token'),
      grant: 'refresh_token',
      clientAuth: 'basic',
      params: { expires_in: '1800' },
      headers: { 'x-account': 'api.acme.com' },
      timeoutMs: 15_000,
    });
    expect(endpoint?.client.reveal()).toEqual({ id: 'app', secret: 's' });
  });

  it('prefers the client that the account brought', () => {
    const own = Transient.of({ client_id: 'own', client_secret: 'o' });
    const endpoint = tokenEndpointOf(integration, { auth: 'code', connection }, own, app);

    expect(endpoint?.client.reveal()).toEqual({ id: 'own', secret: 'o' });
  });

  it('asks for scopes where the grant starts anew', () => {
    const endpoint = tokenEndpointOf(integration, { auth: 'machine', connection }, none, app);

    expect(endpoint).toMatchObject({
      grant: 'client_credentials',
      params: { scope: 'read,write' },
    });
  });

  it('is none where the credential cannot be renewed', () => {
    expect(tokenEndpointOf(integration, { auth: 'token', connection }, none, app)).toBeUndefined();
  });

  it('is none where nobody has a client', () => {
    expect(tokenEndpointOf(integration, { auth: 'code', connection }, none)).toBeUndefined();
  });

  it('is refused at a host that is not on the allow-list', () => {
    const elsewhere = { auth: 'code', connection: { host: 'evil.com' } };

    expect(() => tokenEndpointOf(integration, elsewhere, none, app)).toThrow(ForbiddenAddressError);
  });
});
