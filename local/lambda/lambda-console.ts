/**
 * `console` as the Node.js runtime of Lambda patches it, and the line it writes for an error that
 * a handler did not catch.
 *
 * Source  https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
import { format } from 'node:util';

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
type Level = (typeof LEVELS)[number];

export interface LineFormat {
  readonly format: 'JSON' | 'Text';
  /** Lower levels are dropped; honoured in JSON only, as Lambda does. */
  readonly level: string;
  readonly requestId: () => string | undefined;
}

export function patchConsole(lines: LineFormat): void {
  const write =
    (level: Level) =>
    (...values: readonly unknown[]): void => {
      const line = logLine(lines, level, values);
      if (line !== undefined) process.stdout.write(`${line}\n`);
    };
  console.trace = write('TRACE');
  console.debug = write('DEBUG');
  console.info = write('INFO');
  console.log = write('INFO');
  console.warn = write('WARN');
  console.error = write('ERROR');
}

/** One log event; undefined if the level is filtered out. */
export function logLine(
  lines: LineFormat,
  level: Level,
  values: readonly unknown[],
): string | undefined {
  const timestamp = new Date().toISOString();
  const requestId = lines.requestId();
  if (lines.format === 'Text') {
    return `${timestamp}\t${requestId ?? 'undefined'}\t${level}\t${format(...values)}`;
  }
  const threshold = LEVELS.map(String).indexOf(lines.level);
  if (LEVELS.indexOf(level) < threshold) return undefined;
  return JSON.stringify({ timestamp, level, requestId, message: messageOf(values) });
}

function messageOf(values: readonly unknown[]): unknown {
  const [only] = values;
  if (values.length === 1 && only instanceof Error) return errorBody(only);
  if (values.length === 1 && isSerialisable(only)) return only;
  return format(...values);
}

function isSerialisable(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'string';
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    // Circular, or a value that refuses to be written: `format` knows how to show it.
    return false;
  }
}

export function errorBody(error: unknown) {
  if (!(error instanceof Error)) {
    return { errorType: typeof error, errorMessage: String(error), stackTrace: [] };
  }
  return {
    errorType: error.name,
    errorMessage: error.message,
    stackTrace: (error.stack ?? '').split('\n'),
  };
}
