/**
 * The one way out: sends a request to a public host and hands back the answer as a stream.
 *
 * Redirects are not followed, because they would carry credentials to another origin; answers are
 * not decompressed, because compression is not offered; nothing is tried twice.
 *
 * Units   `timeoutMs`: from the call to the last byte of the answer read
 * Errors  ForbiddenAddressError, ProviderUnreachableError, ProviderTimeoutError, BodyTooLargeError;
 *         a stream that breaks fails with the same errors
 */
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { AppError } from '../kernel/errors.ts';
import { Transient } from '../kernel/transient.ts';
import { checkUrl } from './egress-guard.ts';
import { type AgentOptions, createGuardedAgent, type GuardedAgent } from './guarded-agent.ts';
import type { InboundResponse, OutboundRequest, SendHttp } from './http-message.ts';
import { ProviderTimeoutError, ProviderUnreachableError } from './network-errors.ts';
import { bodyTooLarge } from './read-body.ts';

type Controller = Dispatcher.DispatchController;
type HeaderRecord = Readonly<Record<string, string | readonly string[] | undefined>>;

const DEFAULT_TIMEOUT_MS = 15_000;

export function createSendHttp(options: AgentOptions): SendHttp {
  const agent = createGuardedAgent(options);
  return async (request) => {
    checkUrl(request.url, options);
    return dispatch(agent, request);
  };
}

function dispatch(agent: GuardedAgent, request: OutboundRequest): Promise<InboundResponse> {
  return new Promise((resolve, reject) => {
    const exchange = new Exchange(resolve, reject, {
      timeoutMs: request.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      maxBodyBytes: maxBodyBytesOf(request),
    });
    agent.dispatch(
      {
        origin: request.url.origin,
        path: request.url.pathname + request.url.search,
        method: request.method,
        headers: { ...request.headers },
        body: request.body?.reveal() ?? null,
      },
      exchange,
    );
  });
}

/** An answer to HEAD tells of a body that does not come. */
function maxBodyBytesOf({ method, maxBodyBytes }: OutboundRequest): number {
  return method === 'HEAD' || maxBodyBytes === undefined ? Number.POSITIVE_INFINITY : maxBodyBytes;
}

interface Limits {
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
}

/** One request and its answer, as undici tells of them. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #resolve: (response: InboundResponse) => void;
  readonly #reject: (error: Error) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #maxBodyBytes: number;
  #bodyBytes = 0;
  #controller: Controller | undefined;
  #body: Readable | undefined;
  #failure: Error | undefined;

  constructor(
    resolve: (response: InboundResponse) => void,
    reject: (error: Error) => void,
    { timeoutMs, maxBodyBytes }: Limits,
  ) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#maxBodyBytes = maxBodyBytes;
    this.#timer = setTimeout(() => {
      this.#fail(
        new ProviderTimeoutError('the provider took too long to answer', {}, { retry: RETRY }),
      );
    }, timeoutMs);
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    // It ran out while it waited for a connection.
    if (this.#failure) controller.abort(this.#failure);
  }

  onResponseStart(controller: Controller, status: number, headers: HeaderRecord): void {
    // Informational answers (RFC 9110 §15.2) precede the one that counts.
    if (status < 200) return;
    if (Number(headers['content-length']) > this.#maxBodyBytes) {
      this.#failLarge();
      return;
    }
    const body = new Readable({
      read: () => controller.resume(),
      destroy: (error, done) => {
        clearTimeout(this.#timer);
        if (!body.readableEnded) controller.abort(error ?? new Error('the body was not wanted'));
        done(error);
      },
    });
    // Who reads the body hears of its failure; a body that nobody reads must not end the process.
    body.on('error', () => undefined);
    this.#body = body;
    this.#resolve({ status, headers: joinHeaders(headers), body: Transient.of(body) });
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    this.#bodyBytes += chunk.byteLength;
    if (this.#bodyBytes > this.#maxBodyBytes) this.#failLarge();
    else if (this.#body?.push(chunk) === false) controller.pause();
  }

  onResponseEnd(): void {
    this.#body?.push(null);
  }

  onResponseError(_controller: Controller, error: Error): void {
    this.#fail(asNetworkError(error));
  }

  #failLarge(): void {
    this.#fail(bodyTooLarge(this.#maxBodyBytes));
  }

  #fail(error: Error): void {
    clearTimeout(this.#timer);
    this.#failure ??= error;
    this.#reject(this.#failure);
    this.#body?.destroy(this.#failure);
    this.#controller?.abort(this.#failure);
  }
}

const RETRY = { afterMs: 5_000 };

/** Keeps the code alone: the client's own errors may hold bytes of the answer. */
function asNetworkError(error: Error): Error {
  if (error instanceof AppError) return error;
  const code: unknown = Reflect.get(error, 'code');
  return new ProviderUnreachableError(
    'the provider could not be reached, or broke off its answer',
    { reason: typeof code === 'string' ? code : 'unknown' },
    { retry: RETRY },
  );
}

function joinHeaders(headers: HeaderRecord): Readonly<Record<string, string>> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return joined;
}
