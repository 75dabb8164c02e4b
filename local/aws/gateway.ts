/**
 * The one socket of the embedded AWS: HTTP on the loopback, every request signed, its caller known
 * by the access key id, its service by the scope of its signature.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  jsonRefusal,
  xmlRefusal,
} from './aws-message.ts';
import type { Credentials, KnownCredential } from './credentials.ts';
import type { GuardedServices, ServiceName } from './guarded-services.ts';
import { isSignedWith, parseSignature, type Signature } from './signature.ts';

export interface GatewayOptions {
  readonly services: GuardedServices;
  readonly credentials: Credentials;
  readonly onFault: (what: string, error: unknown) => void;
}

export interface Gateway {
  readonly port: number;
  /** Hangs up on everybody, long polls included. */
  stop(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const MAX_BODY_BYTES = 16 * 1024 * 1024;
const SERVICES: ReadonlySet<string> = new Set<ServiceName>([
  'dynamodb',
  'sqs',
  's3',
  'kms',
  'scheduler',
]);

/** @throws Error EADDRINUSE where the port is taken */
export async function openGateway(options: GatewayOptions, port: number): Promise<Gateway> {
  const server = createServer((incoming, outgoing) => {
    serve(options, incoming, outgoing).catch((error) => {
      // A caller that hung up has nobody left to answer.
      if (outgoing.destroyed) return;
      options.onFault('a request to the embedded AWS failed', error);
      const failure = jsonRefusal(
        'application/json',
        new AwsError('InternalFailure', 'The embedded AWS failed.', 500),
      );
      write(outgoing, failure);
    });
  });
  await listen(server, port);
  const address = server.address();
  return {
    port: isAddress(address) ? address.port : port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(
  options: GatewayOptions,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const hungUp = new AbortController();
  outgoing.on('close', () => hungUp.abort());
  const request = await readRequest(incoming, hungUp.signal);
  const signature = parseSignature(request.headers['authorization']);
  const known = signature && options.credentials.find(signature.accessKeyId);
  const refused = refuseCredential(request, signature, known);
  if (refused || !signature || !known || !isService(signature.service)) {
    write(outgoing, refused ?? unknownService(signature));
    return;
  }
  write(outgoing, await options.services.perform(known.caller, signature.service, request));
}

function refuseCredential(
  request: AwsRequest,
  signature: Signature | undefined,
  known: KnownCredential | undefined,
): AwsResponse | undefined {
  if (!signature)
    return refusal(signature, 'MissingAuthenticationTokenException', 'The request is not signed.');
  if (!known)
    return refusal(
      signature,
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    );
  if (isSignedWith(known.secretAccessKey, signature, request)) return undefined;
  return refusal(
    signature,
    'InvalidSignatureException',
    'The request signature we calculated does not match the signature you provided.',
  );
}

function unknownService(signature: Signature | undefined): AwsResponse {
  return refusal(
    signature,
    'UnknownOperationException',
    `The embedded AWS has no service ${signature?.service ?? ''}.`,
  );
}

function refusal(signature: Signature | undefined, code: string, message: string): AwsResponse {
  const error = new AwsError(code, message, 403);
  return signature?.service === 's3' ? xmlRefusal(error) : jsonRefusal('application/json', error);
}

async function readRequest(incoming: IncomingMessage, signal: AbortSignal): Promise<AwsRequest> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES)
      throw new AwsError('RequestEntityTooLarge', 'The request is too large.', 413);
  }
  const [path = '/', search = ''] = (incoming.url ?? '/').split('?', 2);
  const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [
    name,
    Array.isArray(value) ? value.join(',') : (value ?? ''),
  ]);
  return {
    method: incoming.method ?? 'GET',
    path,
    query: new URLSearchParams(search),
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks),
    signal,
  };
}

function write(outgoing: ServerResponse, { status, headers, body }: AwsResponse): void {
  const length = headers['content-length'] ?? String(Buffer.byteLength(body));
  outgoing.writeHead(status, { ...headers, 'content-length': length });
  outgoing.end(body);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, resolve);
  });
}

function isService(name: string): name is ServiceName {
  return SERVICES.has(name);
}

function isAddress(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
