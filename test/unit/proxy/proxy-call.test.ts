import { Readable } from 'node:stream';
import { readBody } from '../../../shared/http/read-body.ts';
import { InvalidRequestError } from '../../../shared/kernel/errors.ts';
import { Transient } from '../../../shared/kernel/transient.ts';
import {
  NeedsReauthError,
  ProviderError,
  RateLimitedError,
} from '../../../shared/proxy/provider-errors.ts';
import { createProxyCall, type ProxyRequest } from '../../../shared/proxy/proxy-call.ts';
import {
  aCatalogue,
  aCredentialSource,
  aDeps,
  anAccount,
  aSendHttp,
  type Canned,
} from '../../support/an-integration.ts';

const RATE_LIMIT = {
  rate_limit: { observe: [{ limit: 'x-limit', remaining: 'x-left' }] },
  errors: [{ when: 'status = 422', class: 'validation', code: 'body.code' }],
  resources: {
    contacts: { list: { path: '/contacts', query: { email: 'a@b.c' }, records: 'body' } },
  },
};

function setUp(...answers: readonly Canned[]) {
  const send = aSendHttp(...answers);
  const deps = aDeps(send, aCredentialSource({ token: 'old' }, { token: 'new' }));
  const proxyCall = createProxyCall({ ...deps, catalogue: aCatalogue(RATE_LIMIT) });
  const call = (parts: Partial<ProxyRequest> = {}) =>
    proxyCall({
      requestId: 'req-1',
      account: anAccount(),
      method: 'GET',
      path: '/things/7',
      query: '',
      headers: {},
      ...parts,
    });
  return { send, deps, call };
}

const text = async (body: Transient<Readable>) => (await readBody(body, 1_000)).reveal().toString();

describe('createProxyCall', () => {
  it('passes method, path, query, headers and body through', async () => {
    const { send, call } = setUp({});
    await call({
      method: 'PUT',
      path: '/things/a%2Fb',
      query: 'x=1&x=2&y=%20',
      headers: { 'content-type': 'text/csv', accept: 'text/plain' },
      body: Transient.of('a;b'),
    });

    expect(send.sent).toEqual([
      {
        method: 'PUT',
        url: 'https://api.acme.com/v1/things/a%2Fb?x=1&x=2&y=%20',
        headers: { 'content-type': 'text/csv', accept: 'text/plain', authorization: 'Bearer old' },
        body: 'a;b',
      },
    ]);
  });

  it('passes status and body back', async () => {
    const answer = await setUp({ status: 201, body: { a: 1 } }).call();

    expect(answer.status).toBe(201);
    expect(await text(answer.body)).toBe('{"a":1}');
  });

  it.each([
    '/../admin',
    '/a/../../b',
    '/%2e%2e/b',
    '/.%2E/b',
    '/a\\..\\b',
    '..',
    '/a/./b',
    // URL parsers drop tabs and line ends before they look for dots.
    '/.\t./admin',
    '/.\n./.\r./admin',
    // Servers decode these, and some cut parameters off, before they look for dots.
    '/..%2fadmin',
    '/a%2F..%5cadmin',
    '/..;x=1/admin',
  ])('refuses the path %p, which leaves the base URL', async (path) => {
    const { send, call } = setUp({});

    await expect(call({ path })).rejects.toThrow(InvalidRequestError);
    expect(send.sent).toHaveLength(0);
  });

  it.each(['TRACE', 'CONNECT', 'trace'])(
    'refuses the method %p, whose answer could show the credential',
    async (method) => {
      const { send, call } = setUp({});

      await expect(call({ method })).rejects.toThrow(InvalidRequestError);
      expect(send.sent).toHaveLength(0);
    },
  );

  it.each(['//evil.com/x', '/@evil.com/', '/https://evil.com/'])(
    'keeps the host for the path %p',
    async (path) => {
      const { send, call } = setUp({});
      await call({ path });

      expect(new URL(send.sent[0]!.url).host).toBe('api.acme.com');
    },
  );

  it('adds the normalised rate-limit headers', async () => {
    const answer = await setUp({ headers: { 'x-limit': '100', 'x-left': '40' } }).call();

    expect(answer.headers).toMatchObject({
      'ratelimit-limit': '100',
      'ratelimit-remaining': '40',
      ratelimit: '"default";r=40',
      'ratelimit-policy': '"default";q=100',
    });
  });

  it('answers a limit as an error of ours', async () => {
    const { call } = setUp({
      status: 429,
      headers: { 'retry-after': '7', 'x-limit': '100', 'x-left': '0' },
    });

    await expect(call()).rejects.toMatchObject({
      constructor: RateLimitedError,
      headers: { 'retry-after': '7', 'ratelimit-remaining': '0' },
    });
  });

  it('answers a failure as the integration’s rules read it', async () => {
    const { call } = setUp({
      status: 422,
      headers: { 'x-left': '40' },
      body: { code: 'blank', who: 'Jane' },
    });

    await expect(call()).rejects.toMatchObject({
      constructor: ProviderError,
      status: 422,
      provider: { status: 422, code: 'blank' },
      headers: { 'ratelimit-remaining': '40' },
    });
  });

  it('hands a failure back as it is where the caller wants it raw', async () => {
    const answer = await setUp({ status: 422, body: { code: 'blank' } }).call({ rawErrors: true });

    expect(answer.status).toBe(422);
    expect(await text(answer.body)).toBe('{"code":"blank"}');
  });

  it('hands a redirect back without following it', async () => {
    const answer = await setUp({ status: 302, headers: { location: 'https://evil.com/' } }).call();

    expect(answer.status).toBe(302);
    expect(answer.headers).toMatchObject({ location: 'https://evil.com/' });
  });

  it('tries once more with a newer credential', async () => {
    const { send, call } = setUp({ status: 401 }, { body: 1 });
    await call({ body: Transient.of('x') });

    expect(send.sent.map(({ headers }) => headers['authorization'])).toEqual([
      'Bearer old',
      'Bearer new',
    ]);
  });

  it('does not try again with a body that is spent', async () => {
    const { send, call } = setUp({ status: 401 });

    await expect(
      call({ method: 'POST', body: Transient.of(Readable.from(['x'])) }),
    ).rejects.toThrow(NeedsReauthError);
    expect(send.sent).toHaveLength(1);
  });

  it('logs words of the integration and no others of path and query', async () => {
    const { deps, call } = setUp({});
    await call({ path: '/contacts/jane', query: 'email=jane%40acme.com&doe=1' });

    expect(deps.calls[0]?.url).toBe('https://api.acme.com/v1/contacts/{}?email={}&{}={}');
  });
});
