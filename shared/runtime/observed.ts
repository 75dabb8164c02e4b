/**
 * The middleware every function of ours wears: the logger learns the invocation's ids first and
 * forgets them last; metrics are flushed whatever happens.
 *
 * Events and answers are never logged: they carry tenants' data.
 */
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import middy, { type MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Telemetry } from './telemetry.ts';

export type Handle<Event, Result> = (event: Event, context: Context) => Promise<Result>;

export function observed<Event, Result>(
  telemetry: Telemetry,
  handle: Handle<Event, Result>,
): Handle<Event, Result> {
  return middy<Event, Result>(handle)
    .use(injectLambdaContext(telemetry.logger, { logEvent: false, resetKeys: true }))
    .use(flushed(telemetry.metrics));
}

function flushed(metrics: Metrics): MiddlewareObj {
  const flush = () => {
    // Publishing nothing would log a warning each time.
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  };
  return {
    before: ({ context }) => {
      metrics.captureColdStartMetric(context.functionName);
    },
    after: flush,
    onError: flush,
  };
}
