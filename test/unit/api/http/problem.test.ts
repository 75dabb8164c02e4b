import { EtagMismatchError } from '#shared/api/http/etag.ts';
import { problemAnswer, problemOf } from '#shared/api/http/problem.ts';
import { KeyUnavailableError } from '#shared/encryption/key-ring.ts';
import { ProviderTimeoutError, ProviderUnreachableError } from '#shared/http/network-errors.ts';
import {
  ConflictError,
  InvalidRequestError,
  InvariantError,
  NotFoundError,
} from '#shared/kernel/errors.ts';
import { NeedsReauthError, ProviderError, RateLimitedError } from '#shared/wire/provider-errors.ts';

describe('problemOf', () => {
  it('says what, whose fault, whether to retry, and which request', () => {
    expect(problemOf(new NotFoundError('no such thing', { tenantId: 't1' }), 'req_1')).toEqual({
      type: 'urn:millrace:problem:not_found',
      title: 'Not found',
      status: 404,
      code: 'not_found',
      detail: 'no such thing',
      origin: 'caller',
      retryable: false,
      request_id: 'req_1',
      ids: { tenant_id: 't1' },
    });
  });

  it('lists every fault of the input', () => {
    const faults = [
      { path: 'resources[1].query', message: 'must be an object' },
      { path: 'name', message: 'is not a known member' },
    ];

    expect(problemOf(new InvalidRequestError('not valid', faults), 'r').errors).toEqual(faults);
  });

  it('carries what the provider said', () => {
    const error = new ProviderError('the provider refused the call', 'validation', {
      status: 422,
      code: 'RECORD_INVALID',
      message: 'Subject is too long',
      requestId: 'up-1',
    });

    expect(problemOf(error, 'r')).toMatchObject({
      status: 422,
      code: 'provider_error',
      origin: 'provider',
      provider: {
        status: 422,
        code: 'RECORD_INVALID',
        message: 'Subject is too long',
        request_id: 'up-1',
      },
    });
  });

  it('names the fields that the provider refuses', () => {
    const answer = { status: 422, fields: ['email', 'address.city'] };
    const error = new ProviderError('the provider refused the call', 'validation', answer);

    expect(problemOf(error, 'r').errors).toEqual([
      { path: 'email', message: 'is refused by the provider' },
      { path: 'address.city', message: 'is refused by the provider' },
    ]);
  });

  it('quotes no provider that was not asked', () => {
    const problem = problemOf(new RateLimitedError(undefined, 5_000, 0), 'r');

    expect(problem).toMatchObject({ code: 'rate_limited', status: 429 });
    expect(problem).not.toHaveProperty('provider');
  });

  it.each([
    [new RateLimitedError({ status: 403 }, 5_000, 0), 429, 'rate_limited', 'provider', true],
    [new NeedsReauthError('dead'), 424, 'needs_reauth', 'provider', false],
    [new ProviderError('x', 'transient', { status: 500 }), 502, 'provider_error', 'provider', true],
    [
      new ProviderUnreachableError('x', {}, { retry: { afterMs: 1 } }),
      502,
      'provider_unreachable',
      'network',
      true,
    ],
    [
      new ProviderTimeoutError('x', {}, { retry: { afterMs: 1 } }),
      504,
      'provider_timeout',
      'network',
      true,
    ],
    [new KeyUnavailableError('x'), 503, 'key_unavailable', 'tenant_key', true],
    [new ConflictError('x'), 409, 'conflict', 'caller', false],
    [new EtagMismatchError('x'), 412, 'etag_mismatch', 'caller', false],
  ])(
    'answers %s with its own status, code and origin',
    (error, status, code, origin, retryable) => {
      expect(problemOf(error, 'r')).toMatchObject({ status, code, origin, retryable });
    },
  );

  it.each([
    new Error('Unexpected token in "s3cret"'),
    new InvariantError('expected that the table main_s3cret exists'),
    's3cret',
    undefined,
  ])('says nothing of an error that is not meant for callers', (thrown) => {
    const problem = problemOf(thrown, 'r');

    expect(problem).toMatchObject({ status: 500, code: 'internal_error', origin: 'platform' });
    expect(JSON.stringify(problem)).not.toContain('s3cret');
  });
});

describe('problemAnswer', () => {
  it('rounds the time to wait up to whole seconds', () => {
    const error = new RateLimitedError({ status: 429 }, 3_001, 0);

    expect(problemAnswer(error, 'r').headers['retry-after']).toBe('4');
  });

  it('has no Retry-After where waiting does not help', () => {
    expect(problemAnswer(new NotFoundError('x'), 'r').headers).not.toHaveProperty('retry-after');
  });

  it('carries the request id and the media type', () => {
    expect(problemAnswer(new Error(), 'req_7').headers).toMatchObject({
      'content-type': 'application/problem+json',
      'x-request-id': 'req_7',
    });
  });
});
