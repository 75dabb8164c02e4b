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
  #isColdStart = true;
  /** The logger's own, which it looks up in the environment each time that it is asked. */
  #threshold: number;
  /** What every line of an invocation says, as text. */
  #invocation: string;

  constructor(options: { readonly serviceName: string; readonly logLevel: LineLevel }) {
    super(options);
    this.#service = options.serviceName;
    this.#threshold = this.level;
    this.#invocation = membersText({ service: this.#service });
  }

  override addContext(context: Context): void {
    super.addContext(context);
    this.#threshold = this.level;
    this.#invocation = membersText({
      service: this.#service,
      cold_start: this.#isColdStart,
      function_arn: context.invokedFunctionArn,
      function_memory_size: context.memoryLimitInMB,
      function_name: context.functionName,
      function_request_id: context.awsRequestId,
      xray_trace_id: getXRayTraceIdFromEnv(),
    });
    this.#isColdStart = false;
  }

  writes(level: LineLevel): boolean {
    return LEVELS[level].threshold >= this.#threshold;
  }

  /** @param metrics of {@link metricsText} */
  line(level: LineLevel, message: string, fields: Fields, metrics = ''): void {
    if (!this.writes(level)) return;
    const head = `{"level":"${level}","message":${JSON.stringify(message)}`;
    const time = `,"timestamp":"${new Date().toISOString()}"`;
    const rest = this.#invocation + metrics + membersText(fields);
    process[LEVELS[level].stream].write(`${head}${time}${rest}}\n`);
  }

  /** Metrics alone, which no level holds back. */
  metrics(fields: Fields, metrics: string): void {
    const service = JSON.stringify(this.#service);
    process.stdout.write(`{"service":${service}${metrics}${membersText(fields)}}\n`);
  }
}

/** `,"a":1,"b":2`: to go on with after other members. */
function membersText(fields: Fields): string {
  const text = JSON.stringify(fields);
  return text === '{}' ? '' : `,${text.slice(1, -1)}`;
}

export interface Metric {
  readonly name: string;
  readonly unit: 'Count' | 'Milliseconds';
}

/**
 * Makes metrics of other members of the same line: `service`, those that `dimensions` names, and
 * one for each metric.
 */
export function metricsText(
  namespace: string,
  dimensions: readonly string[],
  metrics: readonly Metric[],
): () => string {
  const described = JSON.stringify([
    {
      Namespace: namespace,
      Dimensions: [['service', ...dimensions]],
      Metrics: metrics.map(({ name, unit }) => ({ Name: name, Unit: unit })),
    },
  ]);
  return () => `,"_aws":{"Timestamp":${Date.now()},"CloudWatchMetrics":${described}}`;
}
