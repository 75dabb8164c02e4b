/**
 * The sandbox provider: a small ticketing system on loopback, with what real ones do to a client:
 * short tokens, five kinds of paging, a rate limit, children of parents.
 *
 * Source  its contract is integrations/sandbox/integration.yaml
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DEFAULT_SIZE, makeSandboxData, type SandboxData, type SandboxSize } from './data.ts';
import { createRateLimit, type RateLimitVerdict } from './rate-limit.ts';
import { type Answer, answerApi } from './routes.ts';
import { createTokenIssuer, type TokenIssuer } from './tokens.ts';

/** Low enough that a first sync meets it, high enough that it does not wait for long. */
const DEFAULT_RATE_LIMIT = { limit: 120, windowMs: 2_000 };

export const SANDBOX_API_TOKEN = 'sandbox-api-token';

export interface SandboxOptions {
  readonly port?: number;
  readonly seed?: number;
  readonly size?: SandboxSize;
  /** Calls per window, and the window's length. */
  readonly rateLimit?: { readonly limit: number; readonly windowMs: number };
  /** Life of an access token. */
  readonly accessTokenMs?: number;
  /** Added to every answer, to play a provider across an ocean. */
  readonly latencyMs?: number;
  /** Changes the data before it is served: tests plant their canaries here. */
  readonly prepare?: (data: SandboxData) => void;
  /** Answers in the provider's stead where it returns something: tests play its failures here. */
  readonly intercept?: (method: string, url: URL) => Answer | undefined;
}

export interface Sandbox {
  readonly url: string;
  readonly data: SandboxData;
  readonly tokens: TokenIssuer;
  /** Answers given so far, by status. */
  readonly statusCounts: ReadonlyMap<number, number>;
  close(): Promise<void>;
}

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const data = makeSandboxData(options.seed ?? 1, options.size ?? DEFAULT_SIZE);
  options.prepare?.(data);
  const tokens = createTokenIssuer(options.accessTokenMs ?? 120_000, SANDBOX_API_TOKEN);
  const { limit, windowMs } = options.rateLimit ?? DEFAULT_RATE_LIMIT;
  const statusCounts = new Map<number, number>();
  const provider: Provider = {
    data,
    tokens,
    takeCall: createRateLimit(limit, windowMs),
    intercept: options.intercept ?? (() => undefined),
  };

  const server = createServer((request, response) => {
    response.on('finish', () => {
      statusCounts.set(response.statusCode, (statusCounts.get(response.statusCode) ?? 0) + 1);
    });
    const serve = () => void answer(provider, request, response);
    if (options.latencyMs) setTimeout(serve, options.latencyMs);
    else serve();
  });
  // Clients keep connections for long; closing one under them looks like a broken network.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    data,
    tokens,
    statusCounts,
    close: () => closeServer(server),
  };
}

interface Provider {
  readonly data: SandboxData;
  readonly tokens: TokenIssuer;
  readonly takeCall: () => RateLimitVerdict;
  readonly intercept: (method: string, url: URL) => Answer | undefined;
}

async function answer(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
  const body = await readBody(request);
  if (url.pathname === '/oauth/token') {
    const exchanged = provider.tokens.exchange(new URLSearchParams(body));
    send(response, exchanged.status, exchanged.body, { 'cache-control': 'no-store' });
    return;
  }
  const { isLimited, headers } = provider.takeCall();
  if (isLimited) {
    send(response, 429, errorBody('too_many_requests', 'Slow down.'), headers);
    return;
  }
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined || !provider.tokens.isValid(token)) {
    send(response, 401, errorBody('invalid_token', 'The access token is not valid.'), headers);
    return;
  }
  const method = request.method ?? 'GET';
  const key = request.headers['idempotency-key'];
  const result =
    provider.intercept(method, url) ??
    answerApi(provider.data, {
      method,
      url,
      body,
      key: key === undefined ? undefined : String(key),
    });
  send(response, result.status, result.body, { ...headers, ...result.headers });
}

function errorBody(code: string, message: string) {
  return { error: { code, message } };
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
