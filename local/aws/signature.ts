/**
 * Who signed a request: AWS Signature Version 4 in the Authorization header, checked.
 *
 * Shape   `AWS4-HMAC-SHA256 Credential=<key id>/<day>/<region>/<service>/aws4_request,
 *         SignedHeaders=<a;b>, Signature=<hex>`
 * Not here: presigned addresses, and the age of a signature, since everything is on one machine.
 * Source  https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { AwsRequest } from './aws-message.ts';

export interface Signature {
  readonly accessKeyId: string;
  readonly service: string;
  /** `<day>/<region>/<service>/aws4_request` */
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly hex: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** Undefined where the request is not signed in the header. */
export function parseSignature(authorization: string | undefined): Signature | undefined {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8}\/[^/]+\/([^/]+)\/aws4_request), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      authorization ?? '',
    );
  if (!match) return undefined;
  const [, accessKeyId = '', scope = '', service = '', signedHeaders = '', hex = ''] = match;
  return { accessKeyId, scope, service, signedHeaders: signedHeaders.split(';'), hex };
}

export function isSignedWith(secret: string, signature: Signature, request: AwsRequest): boolean {
  const declared = request.headers['x-amz-content-sha256'];
  const actual = sha256(request.body);
  if (declared !== undefined && /^[0-9a-f]{64}$/.test(declared) && declared !== actual)
    return false;
  const canonical = [
    request.method,
    // S3 signs the path as sent; the other services encode it once more.
    signature.service === 's3' ? request.path : request.path.split('/').map(encode).join('/'),
    canonicalQuery(request.query),
    ...signature.signedHeaders.map(
      (name) => `${name}:${(request.headers[name] ?? '').trim().replace(/\s+/g, ' ')}`,
    ),
    '',
    signature.signedHeaders.join(';'),
    declared ?? actual,
  ].join('\n');
  const text = [
    ALGORITHM,
    request.headers['x-amz-date'] ?? '',
    signature.scope,
    sha256(canonical),
  ].join('\n');
  const key = signature.scope
    .split('/')
    .reduce<string | Buffer>((previous, part) => hmac(previous, part), `AWS4${secret}`);
  return timingSafeEqual(hmac(key, text), Buffer.from(signature.hex, 'hex'));
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .map(([name, value]): [string, string] => [encode(name), encode(value)])
    .sort(([a, aValue], [b, bValue]) => compare(a, b) || compare(aValue, bValue))
    .map((pair) => pair.join('='))
    .join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Everything but letters, digits and `-._~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
