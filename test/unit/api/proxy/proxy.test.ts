import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { IntegratedAccount } from '#shared/account/integrated-account.ts';
import { proxyRoute } from '#shared/api/proxy/proxy.ts';
import { NotFoundError } from '#shared/kernel/errors.ts';
import { brandId } from '#shared/kernel/id.ts';
import { Transient } from '#shared/kernel/transient.ts';
import type { ProxyAnswer } from '#shared/proxy/proxy-call.ts';
import type { ProxyRequest } from '#shared/proxy/proxy-request.ts';
import { ProviderError, RateLimitedError } from '#shared/wire/provider-errors.ts';
import { aRequest, aRouter, CALLER, problemIn } from '../../../support/builders/api-requests.ts';

const ACCOUNT: IntegratedAccount = {
  id: brandId('ia_1'),
  environmentId: CALLER.environmentId,
  tenantId: brandId('t'),
  integration: 'acme',
  auth: 'key',
  status: 'active',
  connection: {},
  createdAtMs: 0,
  updatedAtMs: 0,
  version: 1,
};

const OK: ProxyAnswer = {
  status: 201,
  headers: { 'content-type': 'text/csv', 'ratelimit-remaining': '3' },
  body: Transient.of(Readable.from(['a,b'])),
};

function aProxy(answer: () => Promise<ProxyAnswer> = async () => OK, account = ACCOUNT) {
  const calls: ProxyRequest[] = [];
  const route = proxyRoute({
    accounts: {
      get: async (_, id) => {
        if (id !== account.id) throw new NotFoundError('no such account');
        return account;
      },
    },
    proxyCall: (request) => {
      calls.push(request);
      return answer();
    },
    maxTimeoutMs: 29_000,
  });
  const { serve } = aRouter([route], {
    authenticate: async () => ({ ...CALLER, scopes: ['proxy'] }),
  });
  return { serve, calls };
}

const NAMED = { 'x-integrated-account-id': 'ia_1' };

describe('x-timeout-ms', () => {
  it.each([1, 500, 29_000])('sets the limit of the call to %d', async (timeoutMs) => {
    const { serve, calls } = aProxy();
    await serve(
      aRequest('GET', '/v1/proxy/x', '', { ...NAMED, 'x-timeout-ms': String(timeoutMs) }),
    );

    expect(calls[0]?.timeoutMs).toBe(timeoutMs);
  });

  it.each(['0', '29001', '-1', '1.5', '1e3', 'soon', ''])('must not be %p', async (text) => {
    const { serve, calls } = aProxy();
    const answer = await serve(
      aRequest('GET', '/v1/proxy/x', '', { ...NAMED, 'x-timeout-ms': text }),
    );

    expect(problemIn(answer)).toMatchObject({
      status: 400,
      code: 'invalid_request',
      errors: [{ path: 'x-timeout-ms', message: 'must be milliseconds, from 1 to 29000' }],
    });
    expect(calls).toEqual([]);
  });
});

describe('a redirect back to us', () => {
  it('repeats an account that was named in the query, and no other parameter of ours', async () => {
    const { serve, calls } = aProxy();
    await serve(aRequest('GET', '/v1/proxy/x?integrated_account_id=ia_1&raw_errors'));

    expect(calls[0]).toMatchObject({ ownQuery: 'integrated_account_id=ia_1', query: '' });
  });

  it('repeats nothing where a header names the account', async () => {
    const { serve, calls } = aProxy();
    await serve(aRequest('GET', '/v1/proxy/x', '', NAMED));

    expect(calls[0]?.ownQuery).toBeUndefined();
  });
});

describe('the proxy route', () => {
  it('passes method, path, query, headers and bytes on, without what is ours', async () => {
    const { serve, calls } = aProxy();
    const target = '/v1/proxy/tickets/a%2Fb?tag=x&integrated_account_id=ia_1&tag=y+z';

    await serve(aRequest('PUT', target, '{"a":1}', { 'x-request-id': 'r1', accept: 'text/csv' }));

    expect(calls[0]).toMatchObject({
      requestId: 'r1',
      account: ACCOUNT,
      method: 'PUT',
      path: '/tickets/a%2Fb',
      query: 'tag=x&tag=y+z',
      headers: { accept: 'text/csv' },
      rawErrors: false,
    });
    const body = calls[0]?.body?.reveal() as Uint8Array;
    expect(Buffer.from(body).toString()).toBe('{"a":1}');
  });

  it('answers with status, headers and bytes of the provider', async () => {
    const answer = await aProxy().serve(aRequest('GET', '/v1/proxy/report', undefined, NAMED));

    expect(answer).toMatchObject({
      status: 201,
      headers: {
        'content-type': 'text/csv',
        'ratelimit-remaining': '3',
        'x-request-id': 'req_made',
      },
    });
    if (answer.body.kind !== 'stream') throw new Error('not a stream');
    expect(await text(answer.body.bytes.reveal())).toBe('a,b');
  });

  it.each(['HEAD', 'OPTIONS', 'DELETE', 'GET'])('passes %s on without a body', async (method) => {
    const { serve, calls } = aProxy();

    await serve(aRequest(method, '/v1/proxy/x', undefined, NAMED));

    expect(calls[0]?.method).toBe(method);
    expect(calls[0]).not.toHaveProperty('body');
  });

  it.each([
    ['?raw_errors', true],
    ['?raw_errors=true', true],
    ['?raw_errors=false', false],
  ])('reads %s', async (query, rawErrors) => {
    const { serve, calls } = aProxy();

    await serve(aRequest('GET', `/v1/proxy/x${query}`, undefined, NAMED));

    expect(calls[0]).toMatchObject({ rawErrors, query: '' });
  });

  it('needs an account', async () => {
    const answer = await aProxy().serve(aRequest('GET', '/v1/proxy/x'));

    expect(problemIn(answer).errors?.map(({ path }) => path)).toEqual(['integrated_account_id']);
  });

  it('does not know the accounts of others', async () => {
    const headers = { 'x-integrated-account-id': 'ia_2' };

    const answer = await aProxy().serve(aRequest('GET', '/v1/proxy/x', undefined, headers));

    expect(problemIn(answer).code).toBe('not_found');
  });

  it('calls nobody for an account that is paused', async () => {
    const { serve, calls } = aProxy(undefined, { ...ACCOUNT, status: 'paused' });

    const answer = await serve(aRequest('GET', '/v1/proxy/x', undefined, NAMED));

    expect(problemIn(answer)).toMatchObject({ status: 409, code: 'conflict' });
    expect(calls).toEqual([]);
  });

  it('tells the rate limit beside a failure of the provider too', async () => {
    const limits = { 'ratelimit-remaining': '24', ratelimit: '"default";r=24;t=4' };
    const failed = new ProviderError(
      'the provider failed',
      'not_found',
      { status: 404 },
      {},
      limits,
    );

    const { serve } = aProxy(() => Promise.reject(failed));
    const answer = await serve(aRequest('GET', '/v1/proxy/x', undefined, NAMED));

    expect(answer).toMatchObject({ status: 404, headers: limits });
  });

  it('hands a rate limit to the caller, with its headers', async () => {
    const limits = { 'ratelimit-reset': '1767225660', ratelimit: '"default";r=0;t=7' };
    const limited = new RateLimitedError({ status: 403, code: 'LIMIT' }, 7_000, 0, {}, limits);

    const { serve } = aProxy(() => Promise.reject(limited));
    const answer = await serve(aRequest('GET', '/v1/proxy/x', undefined, NAMED));

    expect(answer.headers).toMatchObject({ ...limits, 'retry-after': '7' });
    expect(problemIn(answer)).toMatchObject({
      status: 429,
      code: 'rate_limited',
      provider: { status: 403, code: 'LIMIT' },
    });
  });
});
