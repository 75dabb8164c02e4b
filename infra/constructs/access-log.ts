/** A log of requests that tells what was asked for and how it went, and nothing about anybody. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

export function accessLogGroup(scope: Construct, retentionDays: number): LogGroup {
  return new LogGroup(scope, 'AccessLog', {
    retention: retentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

/**
 * Which route, never which path: below `/v1/proxy` the path is the provider's own and may name
 * people. No query, no header, no address.
 */
export function accessLogFormat(routeVariable: 'routeKey' | 'resourcePath'): AccessLogFormat {
  return AccessLogFormat.custom(
    JSON.stringify({
      requestId: '$context.requestId',
      time: '$context.requestTime',
      method: '$context.httpMethod',
      route: `$context.${routeVariable}`,
      status: '$context.status',
      responseBytes: '$context.responseLength',
      latencyMs: '$context.responseLatency',
      gatewayError: '$context.error.responseType',
    }),
  );
}
