/**
 * What a function tells of itself: log lines in JSON and metrics in CloudWatch's embedded format.
 *
 * Log lines carry ids and figures. Their type takes nothing transient, and what slips past the type
 * throws before it is written. Metrics have the dimensions `provider` and `operation` only: an
 * account or an environment as a dimension would cost one custom metric each.
 *
 * Source  docs/retention.md (logs, metrics)
 */
import type { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import * as z from 'zod';
import { boundaryMembers } from '../audit/boundary-log.ts';
import { assertPersistable, type Persistable } from '../kernel/transient.ts';
import type { BoundaryCall } from '../wire/boundary-call.ts';
import { describeError } from './describe-error.ts';
import { type LineLevel, LineLogger, metricsText } from './line-logger.ts';

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
  const logger = new LineLogger({ serviceName, logLevel });
  const log = createLog(logger);
  return {
    log,
    logger,
    metrics: new Metrics({ namespace: NAMESPACE, serviceName }),
    observeCall: (call) => {
      const figures = figuresOf(call);
      // One line is both: a second would repeat the half of it. What it is made of holds texts and
      // numbers alone, so it is not looked through for anything else.
      if (logger.writes('INFO')) {
        logger.line('INFO', 'provider call', { ...boundaryFields(call), ...figures }, metrics());
      } else {
        const { integration: provider, operation } = call;
        logger.metrics({ provider, operation, ...figures }, metrics());
      }
    },
  };
}

function createLog(logger: LineLogger): Log {
  const write = (level: LineLevel, message: string, fields: LogFields = {}, error?: unknown) => {
    assertPersistable(fields);
    const all = error === undefined ? fields : { ...fields, error: describeError(error) };
    logger.line(level, message, all);
  };
  return {
    debug: (message, fields) => write('DEBUG', message, fields),
    info: (message, fields) => write('INFO', message, fields),
    warn: (message, fields, error) => write('WARN', message, fields, error),
    error: (message, fields, error) => write('ERROR', message, fields, error),
  };
}

/** The logger has a `timestamp` of its own: when the line was written. */
function boundaryFields(call: BoundaryCall): LogFields {
  const { timestamp, ...members } = boundaryMembers(call);
  return { started_at: timestamp, ...members };
}

const metrics = metricsText(
  NAMESPACE,
  ['provider', 'operation'],
  [
    { name: 'integration.request.latency', unit: 'Milliseconds' },
    { name: 'integration.request.error', unit: 'Count' },
    { name: 'integration.ratelimit.exhaustion', unit: 'Count' },
  ],
);

function figuresOf({ latencyMs, status, errorCode }: BoundaryCall): LogFields {
  return {
    'integration.request.latency': latencyMs,
    'integration.request.error': status === undefined || status >= 400 ? 1 : 0,
    'integration.ratelimit.exhaustion': errorCode === 'rate_limited' ? 1 : 0,
  };
}
