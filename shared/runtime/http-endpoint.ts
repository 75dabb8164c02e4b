/**
 * A function behind the HTTP API (payload format 2.0): event → core request → answer.
 *
 * What goes wrong inside `serve` is already a problem document; this layer adds no error of its own.
 */
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import type { ApiAnswer, ApiRequest, ServeApi } from '../api/http/api-message.ts';
import { systemClock } from '../kernel/clock.ts';
import { invariant } from '../kernel/invariant.ts';
import { Transient } from '../kernel/transient.ts';
import { deadlineOf } from './deadline.ts';
import { type Handle, observed } from './observed.ts';
import type { Telemetry } from './telemetry.ts';

type Result = APIGatewayProxyStructuredResultV2;

export function httpEndpoint(
  telemetry: Telemetry,
  serve: ServeApi,
): Handle<APIGatewayProxyEventV2, Result> {
  return observed<APIGatewayProxyEventV2, Result>(telemetry, async (event, context) =>
    resultOf(await serve(requestOf(event, context))),
  );
}

function requestOf(event: APIGatewayProxyEventV2, context: Context): ApiRequest {
  const { method } = event.requestContext.http;
  return {
    method: method.toUpperCase(),
    path: event.rawPath,
    query: new URLSearchParams(event.rawQueryString),
    headers: lowerCase(event.headers),
    body: Transient.of(Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8')),
    deadlineMs: deadlineOf(context, systemClock),
  };
}

function lowerCase(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), value]],
    ),
  );
}

function resultOf({ status, headers, body }: ApiAnswer): Result {
  invariant(body.kind !== 'stream', 'routes that stream are behind the REST API');
  const head = { statusCode: status, headers: { ...headers } };
  return body.kind === 'none' ? head : { ...head, body: body.text ?? JSON.stringify(body.value) };
}
