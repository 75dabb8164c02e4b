/**
 * One loopback HTTP server that plays both API Gateways: the REST API's resources first, then the
 * HTTP API's routes.
 *
 * Neither path values nor queries nor bodies are written anywhere; the access log holds what the
 * template's own format asks for.
 *
 * Units   limits of API Gateway: 10 MB a request, 30 s a buffered answer
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock } from '#shared/kernel/clock.ts';
import { accessLogLine } from './http/access-log.ts';
import {
  type Answer,
  GATEWAY_ERRORS,
  type GatewayError,
  gatewayAnswer,
  readAnswer,
} from './http/answer.ts';
import { httpApiEvent } from './http/http-api-event.ts';
import {
  type IncomingRequest,
  RequestTooLargeError,
  readBody,
  readHead,
} from './http/incoming-request.ts';
import { restApiEvent } from './http/rest-api-event.ts';
import { matchRoute, type Route, type RouteMatch } from './http/route.ts';
import { type StreamedAnswer, spread, streamedAnswer } from './http/streamed-answer.ts';
import { FunctionFault } from './lambda/function-fault.ts';
import type { LambdaHost } from './lambda-host.ts';

export interface HttpFrontOptions {
  readonly routes: readonly Route[];
  readonly host: Pick<LambdaHost, 'invoke' | 'invokeStreaming'>;
  readonly accountId: string;
  readonly clock: Clock;
  /** Receives the lines of access logs. */
  readonly log: { write(line: string): void };
  /** 0: any free one. */
  readonly port: number;
}

export interface HttpFront {
  readonly url: string;
  /** No new requests; those under way are given `graceMs` to end. */
  close(graceMs: number): Promise<void>;
}

/** What was sent so far, for the access log. */
interface Outcome {
  status: number;
  responseBytes: number;
  errorType?: string;
}

export async function startHttpFront(options: HttpFrontOptions): Promise<HttpFront> {
  const server = createServer((message, response) => {
    serve(message, response, options).catch(() => response.destroy());
  });
  // Streams live as long as the function that makes them.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : options.port;
  return {
    url: `http://127.0.0.1:${port}`,
    async close(graceMs) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

async function serve(
  message: IncomingMessage,
  response: ServerResponse,
  options: HttpFrontOptions,
): Promise<void> {
  const head = readHead(message, options.clock.now());
  const match = matchRoute(options.routes, head.method, head.path);
  if (!match) {
    message.resume();
    send(response, gatewayAnswer(GATEWAY_ERRORS.http.not_found), head.id);
    return;
  }
  const outcome = await answer(match, head, message, response, options);
  const format = match.route.accessLogFormat;
  if (format !== undefined) {
    const latencyMs = options.clock.now() - head.receivedAtMs;
    options.log.write(accessLogLine(format, head, match.route, { ...outcome, latencyMs }));
  }
}

async function answer(
  match: RouteMatch,
  head: Omit<IncomingRequest, 'body'>,
  message: IncomingMessage,
  response: ServerResponse,
  options: HttpFrontOptions,
): Promise<Outcome> {
  const { route } = match;
  const errors = GATEWAY_ERRORS[route.api];
  let streamed: StreamedAnswer | undefined;
  try {
    const request = { ...head, body: await readBody(message) };
    const event = JSON.stringify(eventOf(request, match, options.accountId));
    if (!route.isStreaming) {
      const result = await within(route.timeoutMs, options.host.invoke(route.functionId, event));
      const good = readAnswer(result, route.api === 'http');
      return good
        ? send(response, good, head.id)
        : refuse(response, errors.function_failed, head.id);
    }
    const stream = streamedAnswer(response, { 'x-amzn-requestid': head.id });
    streamed = stream;
    const invocation = options.host.invokeStreaming(route.functionId, event, stream.take);
    await within(route.timeoutMs, invocation);
    if (!stream.hasHead()) return refuse(response, errors.function_failed, head.id);
    response.end();
    return { status: response.statusCode, responseBytes: stream.bodyBytes() };
  } catch (error) {
    const refusal = refusalOf(error, errors);
    if (!streamed?.hasHead()) return refuse(response, refusal, head.id);
    // Too late for another status: only a broken connection says that the rest is missing.
    response.destroy();
    return {
      status: response.statusCode,
      responseBytes: streamed.bodyBytes(),
      errorType: refusal.type,
    };
  }
}

function eventOf(request: IncomingRequest, match: RouteMatch, accountId: string) {
  return match.route.api === 'rest'
    ? restApiEvent(request, match, accountId)
    : httpApiEvent(request, match, accountId);
}

function refusalOf(error: unknown, errors: (typeof GATEWAY_ERRORS)['rest']): GatewayError {
  if (error instanceof RequestTooLargeError) return errors.too_large;
  if (error instanceof IntegrationTimeoutError) return errors.timed_out;
  const isLargeEvent =
    error instanceof FunctionFault && error.errorType === 'RequestTooLargeException';
  return isLargeEvent ? errors.too_large : errors.function_failed;
}

function send(response: ServerResponse, { status, headers, body }: Answer, id: string): Outcome {
  if (response.destroyed) return { status, responseBytes: 0 };
  response
    .writeHead(status, {
      ...spread(headers),
      'x-amzn-requestid': id,
      // 204 and 304 have none, by the protocol.
      ...(status !== 204 && status !== 304 && { 'content-length': String(body.length) }),
    })
    .end(body);
  return { status, responseBytes: body.length };
}

function refuse(response: ServerResponse, error: GatewayError, id: string): Outcome {
  return { ...send(response, gatewayAnswer(error), id), errorType: error.type };
}

class IntegrationTimeoutError extends Error {
  override readonly name = 'IntegrationTimeoutError';
}

/** The function is not stopped by it: its own timeout does that. */
async function within<Result>(timeoutMs: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new IntegrationTimeoutError('the function took too long')),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // After a timeout nobody waits for the function's own end.
    work.catch(() => undefined);
  }
}
