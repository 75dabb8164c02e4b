import { forwardedHeaders, returnedHeaders } from '../../../shared/proxy/forwarded-headers.ts';

describe('forwardedHeaders', () => {
  it.each([
    'authorization',
    'cookie',
    'proxy-authorization',
    'host',
    'connection',
    'keep-alive',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'proxy-connection',
    'expect',
    'x-api-key',
    'x-integrated-account-id',
    'x-forwarded-for',
    'x-forwarded-host',
    'forwarded',
    'via',
    'x-amzn-trace-id',
    'origin',
    'referer',
    'sec-fetch-site',
    'x-timeout-ms',
    'content-length',
  ])('keeps %s from the provider', (name) => {
    expect(forwardedHeaders({ [name]: 'x' })).toEqual({});
  });

  it.each(['accept', 'accept-encoding', 'content-type', 'if-match', 'idempotency-key', 'x-custom'])(
    'forwards %s',
    (name) => {
      expect(forwardedHeaders({ [name]: 'x' })).toEqual({ [name]: 'x' });
    },
  );

  it('drops what Connection names', () => {
    expect(
      forwardedHeaders({ connection: 'close, X-Secret', 'x-secret': '1', 'x-b': '2' }),
    ).toEqual({
      'x-b': '2',
    });
  });
});

describe('returnedHeaders', () => {
  it.each([
    'set-cookie',
    'transfer-encoding',
    'connection',
    'strict-transport-security',
    'alt-svc',
    'www-authenticate',
  ])('keeps %s from the caller', (name) => {
    expect(returnedHeaders({ [name]: 'x' })).toEqual({});
  });

  it.each([
    'content-type',
    'content-length',
    'content-encoding',
    'etag',
    'link',
    'location',
    'x-ratelimit-limit',
  ])('returns %s', (name) => {
    expect(returnedHeaders({ [name]: 'x' })).toEqual({ [name]: 'x' });
  });
});
