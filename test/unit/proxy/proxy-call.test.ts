import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { CredentialSource } from '../../../shared/account/credential-source.ts';
import { readBody } from '../../../shared/http/read-body.ts';
import { InvalidRequestError } from '../../../shared/kernel/errors.ts';
import { Transient } from '../../../shared/kernel/transient.ts';
import { createProxyCall } from '../../../shared/proxy/proxy-call.ts';
import type { ProxyRequest } from '../../../shared/proxy/proxy-request.ts';
import {
  NeedsReauthError,
  ProviderError,
  RateLimitedError,
} from '../../../shared/wire/provider-errors.ts';
import {
  aCatalogue,
  aCredentialSource,
  aDeps,
  anAccount,
  aSendHttp,
  type Canned,
} from '../../support/builders/an-integration.ts';

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

  it('hands a refused credential back as it is where the caller wants it raw', async () => {
    const send = aSendHttp({ status: 401, body: { why: 'expired' } });
    const deps = aDeps(send);
    const credentials: CredentialSource = async (account, request) => {
      if (request?.refusedVersion !== undefined) throw new NeedsReauthError('no renewal', {});
      return deps.credentials(account, request);
    };
    const proxyCall = createProxyCall({
      ...deps,
      credentials,
      catalogue: aCatalogue(RATE_LIMIT),
    });
    const request = {
      requestId: 'req-1',
      account: anAccount(),
      method: 'GET',
      path: '/things/7',
      query: '',
      headers: {},
    };
    const answer = await proxyCall({ ...request, rawErrors: true });

    expect(answer.status).toBe(401);
    expect(await text(answer.body)).toBe('{"why":"expired"}');
    await expect(proxyCall(request)).rejects.toThrow(NeedsReauthError);
  });

  it('hands a redirect to elsewhere back without following it', async () => {
    const { send, call } = setUp({ status: 302, headers: { location: 'https://files.com/a?s=1' } });
    const answer = await call();

    expect(answer.status).toBe(302);
    expect(answer.headers).toMatchObject({ location: 'https://files.com/a?s=1' });
    expect(send.sent).toHaveLength(1);
  });

  it('points a redirect below the base URL back to the proxy', async () => {
    const { send, call } = setUp({ status: 301, headers: { location: '/v1/items/7?a=1' } });
    const answer = await call({ ownQuery: 'integrated_account_id=ia_1' });

    expect(answer.headers['location']).toBe('./../items/7?a=1&integrated_account_id=ia_1');
    expect(send.sent).toHaveLength(1);
  });

  it('reads a failure that the caller asked to have compressed', async () => {
    const body = gzipSync(JSON.stringify({ code: 'blank' }));
    const send = async () => ({
      status: 422,
      headers: { 'content-encoding': 'gzip' },
      body: Transient.of(Readable.from([body])),
    });
    const proxyCall = createProxyCall({ ...aDeps(send), catalogue: aCatalogue(RATE_LIMIT) });
    const request = {
      requestId: 'req-1',
      account: anAccount(),
      method: 'GET',
      path: '/things/7',
      query: '',
      headers: { 'accept-encoding': 'gzip' },
    };

    await expect(proxyCall(request)).rejects.toMatchObject({ provider: { code: 'blank' } });
    const raw = await proxyCall({ ...request, rawErrors: true });
    expect(raw.headers).toMatchObject({ 'content-encoding': 'gzip' });
    expect((await readBody(raw.body, 1_000)).reveal()).toEqual(body);
  });

  it('passes an Idempotency-Key on: what it means, the provider decides', async () => {
    const { send, call } = setUp({});
    await call({ method: 'POST', headers: { 'idempotency-key': 'k1' }, body: Transient.of('{}') });

    expect(send.sent[0]?.headers).toMatchObject({ 'idempotency-key': 'k1' });
  });

  it.each(['HEAD', 'OPTIONS', 'PURGE'])('passes %s on', async (method) => {
    const { send, call } = setUp({ status: 204 });
    const answer = await call({ method });

    expect([answer.status, send.sent[0]?.method]).toEqual([204, method]);
    expect(await text(answer.body)).toBe('');
  });

  it('hands the limit that the caller asks for on', async () => {
    const timeouts: (number | undefined)[] = [];
    const send = aSendHttp({});
    const deps = aDeps((request) => {
      timeouts.push(request.timeoutMs);
      return send(request);
    });
    const proxyCall = createProxyCall({ ...deps, timeoutMs: 15_000, catalogue: aCatalogue() });
    const request = {
      requestId: 'req-1',
      account: anAccount(),
      method: 'GET',
      path: '/x',
      query: '',
      headers: {},
    };
    await proxyCall(request);
    await proxyCall({ ...request, timeoutMs: 20_000 });

    expect(timeouts).toEqual([15_000, 20_000]);
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
