/**
 * The access log of a stage, in the format that the template gives it.
 *
 * Source  https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
 */
import { commonLogTime, type IncomingRequest } from './incoming-request.ts';
import type { Route } from './route.ts';

export interface Served {
  readonly status: number;
  readonly responseBytes: number;
  readonly latencyMs: number;
  /** Set where the gateway answered by itself. */
  readonly errorType?: string;
}

/** One line; a variable that is not known or not set is a dash, as in the service. */
export function accessLogLine(
  format: string,
  request: Omit<IncomingRequest, 'body'>,
  route: Route,
  served: Served,
): string {
  const variables: Readonly<Record<string, string | number | undefined>> = {
    apiId: route.apiId,
    'error.responseType': served.errorType,
    extendedRequestId: request.id,
    httpMethod: request.method,
    'identity.sourceIp': request.sourceIp,
    path: request.path,
    protocol: request.protocol,
    requestId: request.id,
    requestTime: commonLogTime(request.receivedAtMs),
    requestTimeEpoch: request.receivedAtMs,
    resourcePath: route.api === 'rest' ? route.key : undefined,
    responseLatency: served.latencyMs,
    responseLength: served.responseBytes,
    routeKey: route.api === 'http' ? route.key : undefined,
    stage: route.stage,
    status: served.status,
  };
  return format.replace(/\$context\.([A-Za-z]+(?:\.[A-Za-z]+)*)/g, (_match, name: string) =>
    String(variables[name] ?? '-'),
  );
}
