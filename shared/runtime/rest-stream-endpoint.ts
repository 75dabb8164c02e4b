/**
 * A function behind the REST API with response streaming: proxy event → core request → an answer
 * whose body leaves as it arrives.
 *
 * `awslambda` is a global of the Lambda runtime (and of the local host): it wraps the handler, and
 * puts status and headers before the body's bytes.
 *
 * Errors  before the first byte: a problem document. After it {@link StreamBrokenError}: the connection
 *         breaks, which is all that HTTP can still say.
 */
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import type { ApiAnswer, ApiRequest, ServeApi } from '../api/http/api-message.ts';
import { pour } from '../http/pour.ts';
import { systemClock } from '../kernel/clock.ts';
import { InvariantError } from '../kernel/errors.ts';
import { Transient } from '../kernel/transient.ts';
import { deadlineOf } from './deadline.ts';
import { observed } from './observed.ts';
import type { Telemetry } from './telemetry.ts';

/** Lambda prints what a handler throws, so this says no more than that. */
class StreamBrokenError extends InvariantError {}

interface Invocation {
  readonly event: APIGatewayProxyEvent;
  readonly responseStream: Writable;
}

export type StreamHandler = (
  event: APIGatewayProxyEvent,
  responseStream: awslambda.HttpResponseStream,
  context: Context,
) => Promise<void>;

/** What Lambda calls: wrapped so that the runtime passes a response stream. */
export function restStreamEndpoint(telemetry: Telemetry, serve: ServeApi) {
  const run = observed<Invocation, void>(telemetry, async ({ event, responseStream }, context) => {
    const answer = await serve(requestOf(event, context));
    await send(answer, responseStream).catch((error: unknown) => {
      telemetry.log.warn('an answer broke off', {}, error);
      throw new StreamBrokenError('an answer broke off; its own log line says why');
    });
  });
  const handler: StreamHandler = (event, responseStream, context) =>
    run({ event, responseStream }, context);
  return awslambda.streamifyResponse(handler);
}

async function send({ status, headers, body }: ApiAnswer, responseStream: Writable): Promise<void> {
  const out = awslambda.HttpResponseStream.from(responseStream, { statusCode: status, headers });
  // The head goes out before the first write only, so an empty body needs one too.
  out.write('');
  if (body.kind === 'stream') return pour(body.bytes.reveal(), out);
  out.end(body.kind === 'json' ? (body.text ?? JSON.stringify(body.value)) : undefined);
  if (!out.writableFinished) await once(out, 'finish');
}

function requestOf(event: APIGatewayProxyEvent, context: Context): ApiRequest {
  return {
    method: event.httpMethod.toUpperCase(),
    path: event.path,
    query: queryOf(event),
    headers: headersOf(event),
    body: Transient.of(Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8')),
    deadlineMs: deadlineOf(context, systemClock),
  };
}

function queryOf({ multiValueQueryStringParameters }: APIGatewayProxyEvent): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(multiValueQueryStringParameters ?? {})) {
    for (const value of values ?? []) query.append(name, value);
  }
  return query;
}

function headersOf({ multiValueHeaders }: APIGatewayProxyEvent): Record<string, string> {
  return Object.fromEntries(
    Object.entries(multiValueHeaders ?? {}).map(([name, values]) => [
      name.toLowerCase(),
      (values ?? []).join(', '),
    ]),
  );
}
