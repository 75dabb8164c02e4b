/**
 * The event of a REST API with proxy integration, payload format 1.0.
 *
 * Source  https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
import { commonLogTime, decoded, headerOf, type IncomingRequest } from './incoming-request.ts';
import type { RouteMatch } from './route.ts';

export function restApiEvent(
  request: IncomingRequest,
  { route, variables }: RouteMatch,
  accountId: string,
) {
  const headers = grouped(request.headers);
  const query = grouped([...new URLSearchParams(request.query)]);
  const pathParameters = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, decoded(value)]),
  );
  const host = headerOf(request, 'host');
  const hasBody = request.body.length > 0;
  return {
    resource: route.key,
    path: request.path,
    httpMethod: request.method,
    headers: lastOf(headers),
    multiValueHeaders: headers,
    queryStringParameters: orNull(lastOf(query)),
    multiValueQueryStringParameters: orNull(query),
    pathParameters: orNull(pathParameters),
    stageVariables: null,
    requestContext: {
      accountId,
      apiId: route.apiId,
      domainName: host,
      domainPrefix: host.split('.')[0] ?? '',
      extendedRequestId: request.id,
      httpMethod: request.method,
      identity: { sourceIp: request.sourceIp, userAgent: headerOf(request, 'user-agent') },
      path: request.path,
      protocol: request.protocol,
      requestId: request.id,
      requestTime: commonLogTime(request.receivedAtMs),
      requestTimeEpoch: request.receivedAtMs,
      resourceId: route.key,
      resourcePath: route.key,
      stage: route.stage,
    },
    body: hasBody ? request.body.toString(route.isBinary ? 'base64' : 'utf8') : null,
    isBase64Encoded: hasBody && route.isBinary,
  };
}

function grouped(
  pairs: readonly (readonly [string, string])[],
): Readonly<Record<string, readonly string[]>> {
  const groups: Record<string, string[]> = {};
  for (const [name, value] of pairs) {
    groups[name] ??= [];
    groups[name].push(value);
  }
  return groups;
}

function lastOf(groups: Readonly<Record<string, readonly string[]>>) {
  return Object.fromEntries(
    Object.entries(groups).map(([name, values]) => [name, values.at(-1) ?? '']),
  );
}

function orNull<Value>(members: Readonly<Record<string, Value>>) {
  return Object.keys(members).length > 0 ? members : null;
}
