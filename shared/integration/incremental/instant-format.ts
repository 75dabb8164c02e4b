/**
 * Instants as a provider writes and reads them in its requests and records.
 *
 * An instant is always rounded down to what the provider can tell, so that a record that changed
 * within the same second is fetched again rather than missed.
 *
 * Units   results of reading: milliseconds since the epoch
 * Source  RFC 9110 §5.6.7 (HTTP-date); JSONata's `$fromMillis` and `$toMillis` (pictures)
 */
import { ExpressionEvaluationError } from '../../expression/errors.ts';
import { compileExpression, type Expression } from '../../expression/expression.ts';
import { isoTime } from '../../kernel/clock.ts';
import type { TimeFormat } from './plan.ts';

/** A text in every format; an expression that needs a number says `$number(since)`. */
export function formatInstant(atMs: number, format: TimeFormat): string {
  switch (format) {
    case 'iso8601':
      return isoTime(atMs);
    case 'iso8601_seconds':
      return `${isoTime(atMs).slice(0, 19)}Z`;
    case 'epoch_s':
      return String(Math.floor(atMs / 1_000));
    case 'epoch_ms':
      return String(atMs);
    case 'date':
      return isoTime(atMs).slice(0, 10);
    case 'http_date':
      return new Date(atMs).toUTCString();
    default:
      return String(writer().evaluate({ atMs, picture: format.picture }));
  }
}

/** Undefined where `value` is no such time. */
export function readInstantText(value: unknown, format: TimeFormat): number | undefined {
  const atMs = typeof format === 'string' ? readNamed(value, format) : readPicture(value, format);
  return atMs !== undefined && Number.isFinite(atMs) ? atMs : undefined;
}

/** Without an offset, which our own time zone would otherwise stand in for. */
const NAIVE = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)$/;

function readNamed(
  value: unknown,
  format: Exclude<TimeFormat, { picture: string }>,
): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  if (value === '') return undefined;
  if (format === 'epoch_s') return Number(value) * 1_000;
  if (format === 'epoch_ms') return Number(value);
  return Date.parse(String(value).replace(NAIVE, '$1T$2Z'));
}

function readPicture(value: unknown, { picture }: { picture: string }): number | undefined {
  try {
    const atMs = reader().evaluate({ text: value, picture });
    return typeof atMs === 'number' ? atMs : undefined;
  } catch (error) {
    // Another picture on this record: its time cannot be read.
    if (error instanceof ExpressionEvaluationError) return undefined;
    throw error;
  }
}

function writer(): Expression {
  return compileExpression('$fromMillis(atMs, picture)');
}

function reader(): Expression {
  return compileExpression('$toMillis(text, picture)');
}
