import { NOWHERE } from '../../../shared/integration/auth/compile-apply.ts';
import { createCallProvider } from '../../../shared/provider/provider-client.ts';
import {
  NeedsReauthError,
  ProviderError,
  RateLimitedError,
} from '../../../shared/wire/provider-errors.ts';
import {
  aCredentialSource,
  aDeps,
  anAccount,
  anIntegration,
  aSendHttp,
} from '../../support/builders/an-integration.ts';

const call = (parts: object = {}) => ({
  requestId: 'req-1',
  account: anAccount(),
  integration: anIntegration(),
  operation: 'things.list',
  request: {
    url: new URL('https://api.acme.com/v1/things?q=secret'),
    method: 'GET',
    headers: {},
    loggedUrl: 'https://api.acme.com/v1/things?q={}',
  },
  ...parts,
});

describe('createCallProvider', () => {
  it('sends the credential and hands back the answer', async () => {
    const send = aSendHttp({ body: { a: 1 } });
    const answer = await createCallProvider(aDeps(send))(call());

    expect(send.sent[0]?.headers).toMatchObject({ authorization: 'Bearer t0ken' });
    expect(answer.scope.reveal().body).toEqual({ a: 1 });
  });

  it('tries once more with a newer credential when one is refused', async () => {
    const send = aSendHttp({ status: 401 }, { body: { a: 1 } });
    const credentials = aCredentialSource({ token: 'old' }, { token: 'new' });
    await createCallProvider(aDeps(send, credentials))(call());

    expect(send.sent.map(({ headers }) => headers['authorization'])).toEqual([
      'Bearer old',
      'Bearer new',
    ]);
    expect(credentials.refused).toEqual([1]);
  });

  it.each([
    ['a status', {}],
    ['a rule that renews', { when: 'status = 401', class: 'auth', action: 'refresh_and_retry' }],
  ])('holds a refusal of a URL that was handed out against no credential: %s', async (_w, rule) => {
    const send = aSendHttp({ status: 401 });
    const credentials = aCredentialSource({ token: 'old' }, { token: 'new' });
    const parts = 'when' in rule ? { errors: [rule] } : {};
    const request = { ...call().request, apply: NOWHERE };
    const bare = call({ request, integration: anIntegration(parts) });

    await expect(createCallProvider(aDeps(send, credentials))(bare)).rejects.toThrow(ProviderError);
    expect(send.sent).toHaveLength(1);
    expect(credentials.refused).toEqual([]);
  });

  it('tries no third time', async () => {
    const send = aSendHttp({ status: 401 });
    const credentials = aCredentialSource({ token: 'old' }, { token: 'new' }, { token: 'newer' });

    await expect(createCallProvider(aDeps(send, credentials))(call())).rejects.toThrow(
      NeedsReauthError,
    );
    expect(send.sent).toHaveLength(2);
  });

  it('does not try again with the very credential that was refused', async () => {
    const send = aSendHttp({ status: 401 });

    await expect(createCallProvider(aDeps(send))(call())).rejects.toThrow(NeedsReauthError);
    expect(send.sent).toHaveLength(1);
  });

  it('does not renew for a permission that is missing', async () => {
    const credentials = aCredentialSource({ token: 'old' }, { token: 'new' });
    const send = aSendHttp({ status: 403 });

    await expect(createCallProvider(aDeps(send, credentials))(call())).rejects.toThrow(
      ProviderError,
    );
    expect(credentials.refused).toEqual([]);
  });

  it('does not try again when it is limited', async () => {
    const send = aSendHttp({ status: 429, headers: { 'retry-after': '1' } });

    await expect(createCallProvider(aDeps(send))(call())).rejects.toThrow(RateLimitedError);
    expect(send.sent).toHaveLength(1);
  });

  it('needs no credential where the provider needs none', async () => {
    const send = aSendHttp({});
    const deps = { ...aDeps(send), credentials: () => Promise.reject(new Error('asked for')) };
    const integration = anIntegration({ auth: { open: { kind: 'none' } } });
    await createCallProvider(deps)(call({ integration, account: anAccount({ auth: 'open' }) }));

    expect(send.sent[0]?.headers).toEqual({});
  });

  it('asks for a new login where the credential lacks a field', async () => {
    const deps = aDeps(aSendHttp({}), aCredentialSource({ other: 'x' }));

    await expect(createCallProvider(deps)(call())).rejects.toThrow(NeedsReauthError);
  });

  it('sends Basic in UTF-8', async () => {
    const send = aSendHttp({});
    const integration = anIntegration({
      auth: {
        token: { kind: 'basic', username: '{{cred.user}}/token', password: '{{cred.pass}}' },
      },
    });
    const deps = aDeps(send, aCredentialSource({ user: 'jürgen', pass: 'p:w' }));
    await createCallProvider(deps)(call({ integration }));

    expect(send.sent[0]?.headers).toEqual({ authorization: 'Basic asO8cmdlbi90b2tlbjpwOnc=' });
  });

  it('tells the boundary log of each attempt, in ids and figures', async () => {
    const deps = aDeps(
      aSendHttp({ status: 401, headers: { 'x-request-id': 'p-1' } }, { body: { name: 'Jane' } }),
      aCredentialSource({ token: 'old' }, { token: 'new' }),
    );
    await createCallProvider(deps)(call());

    expect(deps.calls).toEqual([
      {
        requestId: 'req-1',
        environmentId: 'env_1',
        tenantId: 'tenant-1',
        accountId: 'ia_1',
        integration: 'acme',
        operation: 'things.list',
        method: 'GET',
        url: 'https://api.acme.com/v1/things?q={}',
        startedAtMs: 1_772_366_400_000,
        latencyMs: 0,
        status: 401,
        providerRequestId: 'p-1',
      },
      expect.objectContaining({ status: 200 }),
    ]);
  });

  it('tells the boundary log of a call that had no answer', async () => {
    const deps = { ...aDeps(aSendHttp({})), send: () => Promise.reject(new Error('boom')) };

    await expect(createCallProvider(deps)(call())).rejects.toThrow('boom');
    expect(deps.calls).toEqual([expect.objectContaining({ errorCode: 'internal_error' })]);
  });
});

describe('what the integration wants done', () => {
  const integration = anIntegration({
    errors: [
      { when: "body.code = 'STALE'", class: 'permission', action: 'refresh_and_retry' },
      { when: "body.code = 'DEAD'", class: 'auth', action: 'fail' },
      { when: "body.code = 'NONE'", class: 'ignore' },
    ],
  });
  const answered = (code: string) => ({ status: 403, body: { code } });
  const credentials = () => aCredentialSource({ token: 'old' }, { token: 'new' });

  it('is a renewal, though the class is another', async () => {
    const send = aSendHttp(answered('STALE'), { body: { a: 1 } });
    const answer = await createCallProvider(aDeps(send, credentials()))(call({ integration }));

    expect(send.sent).toHaveLength(2);
    expect(answer.scope.reveal().body).toEqual({ a: 1 });
  });

  it('is told by the class where the renewal did not help', async () => {
    const send = aSendHttp(answered('STALE'));

    await expect(
      createCallProvider(aDeps(send, credentials()))(call({ integration })),
    ).rejects.toMatchObject({ code: 'provider_error', class: 'permission' });
    expect(send.sent).toHaveLength(2);
  });

  it('is no renewal of a credential that is dead for good', async () => {
    const send = aSendHttp(answered('DEAD'));

    await expect(
      createCallProvider(aDeps(send, credentials()))(call({ integration })),
    ).rejects.toThrow(NeedsReauthError);
    expect(send.sent).toHaveLength(1);
  });

  it('is nothing: the answer says that it means nothing', async () => {
    const send = aSendHttp(answered('NONE'));

    expect(await createCallProvider(aDeps(send))(call({ integration }))).toMatchObject({
      status: 403,
      ignored: true,
    });
  });
});

it('keeps within the budgets of the integration', async () => {
  const send = aSendHttp({ body: {} });
  const integration = anIntegration({
    rate_limit: { budgets: { all: { requests: 2, per: 'PT1H' } } },
  });
  const callProvider = createCallProvider(aDeps(send));
  await callProvider(call({ integration }));
  await callProvider(call({ integration }));

  await expect(callProvider(call({ integration }))).rejects.toThrow(RateLimitedError);
  expect(send.sent).toHaveLength(2);
});
