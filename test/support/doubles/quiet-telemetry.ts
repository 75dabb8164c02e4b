/** Telemetry that writes nothing, and remembers its lines. */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { describeError } from '#shared/runtime/describe-error.ts';
import type { LogFields, Telemetry } from '#shared/runtime/telemetry.ts';

export interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: LogFields;
}

export function aQuietTelemetry(lines: Line[] = []): Telemetry {
  const write =
    (level: string) =>
    (message: string, fields: LogFields = {}, error?: unknown) => {
      const all = error === undefined ? fields : { ...fields, error: describeError(error) };
      lines.push({ level, message, fields: all });
    };
  return {
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    logger: new Logger({ logLevel: 'SILENT' }),
    metrics: new Metrics({ namespace: 'Test' }),
    observeCall: () => undefined,
  };
}
