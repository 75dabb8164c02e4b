/**
 * Log lines and metrics, written by hand in the shapes that Powertools gives them. Its logger knows
 * the invocation and the level; to format the lines of one call by it and its metrics took more
 * processor time than all the rest of a proxied call (bench/proxy.ts).
 *
 * Shape   lines: JSON, what PowertoolsLogFormatter writes. Metrics: CloudWatch's embedded format,
 *         as members of a line of their own or of one that says more
 * Source  https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import { getXRayTraceIdFromEnv } from '@aws-lambda-powertools/commons/utils/env';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import type { Persistable } from '../kernel/transient.ts';

type Fields = Readonly<Record<string, Persistable>>;

/** Thresholds of Powertools. Warnings and errors go to the other stream, as its console does it. */
const LEVELS = {
  DEBUG: { threshold: 8, stream: 'stdout' },
  INFO: { threshold: 12, stream: 'stdout' },
  WARN: { threshold: 16, stream: 'stderr' },
  ERROR: { threshold: 20, stream: 'stderr' },
} as const;

export type LineLevel = keyof typeof LEVELS;

export class LineLogger extends Logger {
  readonly #service: string;
  #invocation: Fields = {};
  #isColdStart = true;

  constructor(options: { readonly serviceName: string; readonly logLevel: LineLevel }) {
    super(options);
    this.#service = options.serviceName;
  }

  override addContext(context: Context): void {
    super.addContext(context);
    this.#invocation = {
      cold_start: this.#isColdStart,
      function_arn: context.invokedFunctionArn,
      function_memory_size: context.memoryLimitInMB,
      function_name: context.functionName,
      function_request_id: context.awsRequestId,
      // Reading the environment costs as much as writing a line.
      xray_trace_id: getXRayTraceIdFromEnv(),
    };
    this.#isColdStart = false;
  }

  writes(level: LineLevel): boolean {
    return LEVELS[level].threshold >= this.level;
  }

  line(level: LineLevel, message: string, fields: Fields): void {
    if (!this.writes(level)) return;
    const line = {
      level,
      message,
      timestamp: new Date().toISOString(),
      service: this.#service,
      ...this.#invocation,
      ...fields,
    };
    process[LEVELS[level].stream].write(`${JSON.stringify(line)}\n`);
  }

  /** Metrics alone, which no level holds back. */
  metrics(metrics: Fields): void {
    process.stdout.write(`${JSON.stringify({ service: this.#service, ...metrics })}\n`);
  }
}

export interface Metric {
  readonly name: string;
  readonly unit: 'Count' | 'Milliseconds';
}

/** The members that make metrics of a line's other members: `service`, those of the dimensions and the values. */
export function metricMembers(
  namespace: string,
  dimensions: readonly string[],
  metrics: readonly Metric[],
): () => Fields {
  const described = [
    {
      Namespace: namespace,
      Dimensions: [['service', ...dimensions]],
      Metrics: metrics.map(({ name, unit }) => ({ Name: name, Unit: unit })),
    },
  ];
  return () => ({ _aws: { Timestamp: Date.now(), CloudWatchMetrics: described } });
}
