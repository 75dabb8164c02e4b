import { buildRequest } from '#shared/provider/build-request.ts';
import { createCallProvider } from '#shared/provider/provider-client.ts';
import { ProviderError } from '#shared/wire/provider-errors.ts';
import {
  aDeps,
  anAccount,
  anIntegration,
  aSendHttp,
} from '../../support/builders/an-integration.ts';

const call = (method = 'GET') => ({
  requestId: 'req-1',
  account: anAccount(),
  integration: anIntegration(),
  operation: 'things.read',
  request: {
    url: new URL('https://api.acme.com/v1/things/7?q=secret'),
    method,
    headers: {},
    loggedUrl: 'https://api.acme.com/v1/things/{id}?q={}',
  },
});
const moved = (location: string, status = 301) => ({ status, headers: { location } });

describe('a redirect of a read', () => {
  it.each([301, 302, 307, 308])('of status %d is followed within the origin', async (status) => {
    const send = aSendHttp(moved('/v1/items/7', status), { body: { a: 1 } });
    const answer = await createCallProvider(aDeps(send))(call());

    expect(answer.scope.reveal().body).toEqual({ a: 1 });
    expect(send.sent.map(({ url }) => url)).toEqual([
      'https://api.acme.com/v1/things/7?q=secret',
      'https://api.acme.com/v1/items/7',
    ]);
    expect(send.sent[1]?.headers).toMatchObject({ authorization: 'Bearer t0ken' });
  });

  it('is followed three times, and is an error then', async () => {
    const send = aSendHttp(moved('/v1/round'));

    await expect(createCallProvider(aDeps(send))(call())).rejects.toThrow(ProviderError);
    expect(send.sent).toHaveLength(4);
  });

  it.each([
    'https://evil.com/v1/things/7',
    'http://api.acme.com/v1/things/7',
    'https://api.acme.com:8443/v1/things/7',
    'https://api.acme.com@evil.com/',
    'https://u:p@api.acme.com/v1/things/7',
    '//evil.com/',
    '\\\\evil.com/',
    'javascript:alert(1)',
  ])('to %s is not followed: the credential would go along', async (location) => {
    const send = aSendHttp(moved(location));

    await expect(createCallProvider(aDeps(send))(call())).rejects.toThrow(ProviderError);
    expect(send.sent).toHaveLength(1);
  });

  it('is not followed for a write', async () => {
    const send = aSendHttp(moved('/v1/items/7', 307));

    await expect(createCallProvider(aDeps(send))(call('POST'))).rejects.toThrow(ProviderError);
    expect(send.sent).toHaveLength(1);
  });

  it('is logged without what the provider wrote into it', async () => {
    const deps = aDeps(aSendHttp(moved('/v1/jane?who=jane'), {}));
    await createCallProvider(deps)(call());

    expect(deps.calls.map(({ url, status }) => [status, url])).toEqual([
      [301, 'https://api.acme.com/v1/things/{id}?q={}'],
      [200, 'https://api.acme.com/v1/{}?{}={}'],
    ]);
  });

  it('is followed where the base of the others is not known yet', async () => {
    const integration = anIntegration({
      base_url: 'https://api.acme.com/{{conn.site}}',
      connection: { site: { captured: true, pattern: '^[a-z]+$' } },
      verify: { path: '/me', base_url: 'https://api.acme.com/login' },
    });
    const account = anAccount();
    const [method] = integration.verify;
    const request = buildRequest({ integration, method: method!, account, scope: {} });
    const deps = aDeps(aSendHttp(moved('/login/me/jane'), {}));

    await createCallProvider(deps)({ ...call(), integration, account, request });

    expect(deps.calls.map(({ url }) => url)).toEqual([
      'https://api.acme.com/login/me',
      'https://api.acme.com/login/me/{}',
    ]);
  });
});
