import { sigv4Headers } from '#shared/wire/sign/sigv4.ts';

/** AWS Signature Version 4 test suite. */
const KEYS = {
  service: 'service',
  region: 'us-east-1',
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const NOW_MS = Date.parse('2015-08-30T12:36:00Z');
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const get = (path: string) => ({
  method: 'GET',
  url: new URL(`https://example.amazonaws.com${path}`),
  headers: {},
});

async function signatureOf(request: Parameters<typeof sigv4Headers>[0], keys: object = {}) {
  const { authorization } = await sigv4Headers(request, { ...KEYS, ...keys }, NOW_MS);
  return /Signature=(\w+)$/.exec(authorization ?? '')?.[1];
}

describe('a SigV4 signature', () => {
  it.each([
    ['get-vanilla', '/', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    [
      'get-vanilla-query-order-key-case',
      '/?Param2=value2&Param1=value1',
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
    [
      'get-vanilla-query-unreserved',
      '/?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
      '9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197',
    ],
  ])('is that of the test suite: %s', async (_name, path, signature) => {
    expect(await signatureOf(get(path))).toBe(signature);
  });

  it('covers body and media type: post-x-www-form-urlencoded', async () => {
    const request = { ...get('/'), method: 'POST', headers: FORM, body: 'Param1=value1' };

    expect(await signatureOf(request)).toBe(
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    );
  });

  it('covers a session token: post-sts-header-before', async () => {
    const sessionToken =
      'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==';

    expect(await signatureOf({ ...get('/'), method: 'POST' }, { sessionToken })).toBe(
      '85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead',
    );
  });

  it('is the same for bytes as for their text', async () => {
    const request = { ...get('/'), method: 'POST', headers: FORM };
    const body = Buffer.from('Param1=value1');

    expect(await signatureOf({ ...request, body })).toBe(
      await signatureOf({ ...request, body: 'Param1=value1' }),
    );
  });

  it('leaves headers out that may change on their way', async () => {
    const request = { ...get('/'), headers: { accept: 'a/b', 'user-agent': 'millrace' } };

    expect(await signatureOf(request)).toBe(await signatureOf(get('/')));
  });

  it('says that a streamed body is not signed', async () => {
    const headers = await sigv4Headers(
      { ...get('/'), method: 'PUT', body: 'unsigned' },
      KEYS,
      NOW_MS,
    );

    expect(headers['x-amz-content-sha256']).toBe('UNSIGNED-PAYLOAD');
    expect(headers['authorization']).toContain(
      'SignedHeaders=host;x-amz-content-sha256;x-amz-date',
    );
  });

  /** AWS, "Authenticating Requests: Using the Authorization Header", example GET Bucket Lifecycle. */
  it('encodes the path once and sends the hash of the body for S3', async () => {
    const headers = await sigv4Headers(
      { ...get('/'), url: new URL('https://examplebucket.s3.amazonaws.com/?lifecycle') },
      {
        ...KEYS,
        service: 's3',
        accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
        secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      },
      Date.parse('2013-05-24T00:00:00Z'),
    );

    expect(headers).toMatchObject({
      'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      'x-amz-date': '20130524T000000Z',
    });
    expect(headers['authorization']).toContain(
      'Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    );
  });

  it('sends no host: that is the client’s to write', async () => {
    expect(Object.keys(await sigv4Headers(get('/'), KEYS, NOW_MS)).sort()).toEqual([
      'authorization',
      'x-amz-date',
    ]);
  });
});
