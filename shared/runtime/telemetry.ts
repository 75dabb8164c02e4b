/**
 * What a function tells of itself: log lines in JSON and metrics in CloudWatch's embedded format.
 *
 * Log lines carry ids and figures. Their type takes nothing transient, and what slips past the type
 * throws before it is written. Metrics have the dimensions `provider` and `operation` only: an
 * account or an environment as a dimension would cost one custom metric each.
 *
 * Source  docs/retention.md (logs, metrics)
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import * as z from 'zod';
import { boundaryLine } from '../audit/boundary-log.ts';
import { assertPersistable, type Persistable } from '../kernel/transient.ts';
import type { BoundaryCall } from '../proxy/boundary-call.ts';
import { describeError } from './describe-error.ts';

/** Settings that every function has. */
export const telemetrySettings = {
  POWERTOOLS_SERVICE_NAME: z.string().min(1),
  LOG_LEVEL: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']).default('INFO'),
} as const;

export type LogFields = Readonly<Record<string, Persistable>>;

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields, error?: unknown): void;
  error(message: string, fields?: LogFields, error?: unknown): void;
}

export interface Telemetry {
  readonly log: Log;
  /** For the middleware in observed.ts. */
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** One line and one set of metrics per call to a provider. */
  observeCall(call: BoundaryCall): void;
}

const NAMESPACE = 'Millrace';

export interface TelemetryOptions {
  readonly serviceName: string;
  readonly logLevel: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
}

/** From settings that were parsed with {@link telemetrySettings}. */
export function telemetryOf(settings: {
  readonly POWERTOOLS_SERVICE_NAME: string;
  readonly LOG_LEVEL: TelemetryOptions['logLevel'];
}): Telemetry {
  return createTelemetry({
    serviceName: settings.POWERTOOLS_SERVICE_NAME,
    logLevel: settings.LOG_LEVEL,
  });
}

export function createTelemetry({ serviceName, logLevel }: TelemetryOptions): Telemetry {
  const logger = new Logger({ serviceName, logLevel });
  const newMetrics = () => new Metrics({ namespace: NAMESPACE, serviceName });
  const log = createLog(logger);
  return {
    log,
    logger,
    metrics: newMetrics(),
    observeCall: (call) => {
      log.info('provider call', boundaryFields(call));
      countCall(newMetrics(), call);
    },
  };
}

function createLog(logger: Logger): Log {
  const safe = (fields: LogFields = {}, error?: unknown): Record<string, Persistable> => {
    assertPersistable(fields);
    return { ...fields, ...(error !== undefined && { error: describeError(error) }) };
  };
  return {
    debug: (message, fields) => logger.debug(message, safe(fields)),
    info: (message, fields) => logger.info(message, safe(fields)),
    warn: (message, fields, error) => logger.warn(message, safe(fields, error)),
    error: (message, fields, error) => logger.error(message, safe(fields, error)),
  };
}

/** The logger has a `timestamp` of its own: when the line was written. */
function boundaryFields(call: BoundaryCall): LogFields {
  const { timestamp, ...line } = boundaryLine(call);
  return { started_at: timestamp, ...line };
}

function countCall(metrics: Metrics, call: BoundaryCall): void {
  const failed = call.status === undefined || call.status >= 400;
  metrics.addDimensions({ provider: call.integration, operation: call.operation });
  metrics.addMetric('integration.request.latency', MetricUnit.Milliseconds, call.latencyMs);
  metrics.addMetric('integration.request.error', MetricUnit.Count, failed ? 1 : 0);
  metrics.addMetric(
    'integration.ratelimit.exhaustion',
    MetricUnit.Count,
    call.errorCode === 'rate_limited' ? 1 : 0,
  );
  metrics.publishStoredMetrics();
}
