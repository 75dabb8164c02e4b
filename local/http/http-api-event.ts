/**
 * The event of an HTTP API, payload format 2.0.
 *
 * The path is decoded, although the field is called raw, and ends at a decoded question mark:
 * that is what the service does (REST APIs and function URLs do not).
 *
 * Source  https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 *         https://github.com/middleapi/standard-server/pull/93, captures of the live service
 */

import { commonLogTime, decoded, headerOf, type IncomingRequest } from './incoming-request.ts';
import type { RouteMatch } from './route.ts';

/** Types that arrive as text; every other body arrives as base64, form data too. */
const TEXT_TYPE = /^(text\/|application\/(json|xml|javascript)\b)/i;

export function httpApiEvent(
  request: IncomingRequest,
  { route, variables }: RouteMatch,
  accountId: string,
) {
  const path = decoded(request.path).split('?')[0] ?? '/';
  const cookies = request.headers.flatMap(([name, value]) =>
    name.toLowerCase() === 'cookie' ? value.split('; ') : [],
  );
  const headers = joined(
    request.headers
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => name !== 'cookie'),
  );
  const query = joined([...new URLSearchParams(request.query)]);
  const host = headerOf(request, 'host');
  const isText = TEXT_TYPE.test(headers['content-type'] ?? '');
  const pathParameters = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, decoded(value)]),
  );
  const hasBody = request.body.length > 0;
  return {
    version: '2.0',
    routeKey: route.key,
    rawPath: path,
    rawQueryString: request.query,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
    requestContext: {
      accountId,
      apiId: route.apiId,
      domainName: host,
      domainPrefix: host.split('.')[0] ?? '',
      http: {
        method: request.method,
        path,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: request.id,
      routeKey: route.key,
      stage: route.stage,
      time: commonLogTime(request.receivedAtMs),
      timeEpoch: request.receivedAtMs,
    },
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    ...(hasBody && { body: request.body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: hasBody && !isText,
  };
}

/** What is repeated becomes one value with commas. */
function joined(pairs: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  const members: Record<string, string> = {};
  for (const [name, value] of pairs) {
    members[name] = name in members ? `${members[name]},${value}` : value;
  }
  return members;
}
