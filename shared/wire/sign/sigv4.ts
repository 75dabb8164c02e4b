/**
 * AWS Signature Version 4, in headers.
 *
 * A body that is at hand is hashed; one that streams is signed as UNSIGNED-PAYLOAD, which not every
 * service takes.
 *
 * Source  AWS General Reference, "Signature Version 4 signing process"
 */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';

export interface SigV4Keys {
  readonly service: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface SigV4Request {
  readonly method: string;
  readonly url: URL;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined: none. */
  readonly body?: string | Uint8Array | 'unsigned' | undefined;
}

/** Headers to add. */
export async function sigv4Headers(
  request: SigV4Request,
  keys: SigV4Keys,
  nowMs: number,
): Promise<Readonly<Record<string, string>>> {
  const { url } = request;
  const isS3 = keys.service === 's3';
  const signer = new SignatureV4({
    service: keys.service,
    region: keys.region,
    credentials: {
      accessKeyId: keys.accessKeyId,
      secretAccessKey: keys.secretAccessKey,
      ...(keys.sessionToken === undefined ? {} : { sessionToken: keys.sessionToken }),
    },
    sha256: Sha256,
    // Other services sign a path that is encoded twice, and want no header with the body's hash.
    uriEscapePath: !isS3,
    applyChecksum: isS3 || request.body === 'unsigned',
  });
  const signable = {
    method: request.method,
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    path: url.pathname,
    query: queryOf(url),
    headers: { ...ownHeaders(request), host: url.host },
    ...(typeof request.body === 'undefined' ? {} : { body: request.body }),
  };
  const signed = await signer.sign(signable, { signingDate: new Date(nowMs) });
  const { host: _host, ...headers } = signed.headers;
  return headers;
}

/** Whatever else is sent may be changed on its way. */
function ownHeaders({ headers, body }: SigV4Request): Record<string, string> {
  const kept = Object.entries(headers).filter(
    ([name]) => name === 'content-type' || name.startsWith('x-amz-'),
  );
  const unsigned = body === 'unsigned' ? { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } : {};
  return { ...Object.fromEntries(kept), ...unsigned };
}

function queryOf(url: URL): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  for (const name of new Set(url.searchParams.keys())) query[name] = url.searchParams.getAll(name);
  return query;
}

type Data = string | ArrayBuffer | ArrayBufferView;

/** What the signer asks of a hash, by this platform's own. */
class Sha256 {
  readonly #secret: Buffer | undefined;
  #hash: Hash | Hmac;

  constructor(secret?: Data) {
    this.#secret = secret === undefined ? undefined : bytesOf(secret);
    this.#hash = this.#start();
  }

  update(data: Data): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = this.#start();
  }

  #start(): Hash | Hmac {
    return this.#secret ? createHmac('sha256', this.#secret) : createHash('sha256');
  }
}

function bytesOf(data: Data): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
