import type { AwsRequest } from '../../../local/aws/aws-message.ts';
import { isSignedWith, parseSignature } from '../../../local/aws/signature.ts';

/** AWS's own test suite: get-vanilla and get-vanilla-query-order-key-case. */
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const PLAIN = '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31';
const QUERY = 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500';

function authorization(hex: string): string {
  return `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${hex}`;
}

function request(more: Partial<AwsRequest> = {}): AwsRequest {
  return {
    method: 'GET',
    path: '/',
    query: new URLSearchParams(),
    headers: { host: 'example.amazonaws.com', 'x-amz-date': '20150830T123600Z' },
    body: Buffer.alloc(0),
    signal: new AbortController().signal,
    ...more,
  };
}

function accepts(hex: string, asked: AwsRequest, secret = SECRET): boolean {
  const signature = parseSignature(authorization(hex));
  return signature !== undefined && isSignedWith(secret, signature, asked);
}

describe('request signatures', () => {
  it('reads the caller and the service', () => {
    expect(parseSignature(authorization(PLAIN))).toMatchObject({
      accessKeyId: 'AKIDEXAMPLE',
      service: 'service',
    });
    expect(parseSignature('Bearer x')).toBeUndefined();
    expect(parseSignature(undefined)).toBeUndefined();
  });

  it("accepts AWS's own examples", () => {
    expect(accepts(PLAIN, request())).toBe(true);
    expect(
      accepts(QUERY, request({ query: new URLSearchParams('Param2=value2&Param1=value1') })),
    ).toBe(true);
  });

  it.each<[string, Partial<AwsRequest>]>([
    ['method', { method: 'PUT' }],
    ['path', { path: '/x' }],
    ['query', { query: new URLSearchParams('a=b') }],
    ['header', { headers: { host: 'other.amazonaws.com', 'x-amz-date': '20150830T123600Z' } }],
    ['date', { headers: { host: 'example.amazonaws.com', 'x-amz-date': '20150830T123601Z' } }],
    ['body', { body: Buffer.from('x') }],
  ])('refuses another %s', (_what, change) => {
    expect(accepts(PLAIN, request(change))).toBe(false);
  });

  it('refuses another secret', () => {
    expect(accepts(PLAIN, request(), 'other')).toBe(false);
  });

  it('refuses a body that is not the one whose digest the request declares', () => {
    const headers = { ...request().headers, 'x-amz-content-sha256': 'a'.repeat(64) };
    expect(accepts(PLAIN, request({ headers }))).toBe(false);
  });
});
