/**
 * Instants and waits as providers write them in headers.
 *
 * A format without units reads an instant as a wait of decades and `1s` as nothing at all, so every
 * reading of a time says its unit.
 *
 * Units   results are instants, milliseconds since the epoch
 * Source  RFC 9110 §5.6.7 (HTTP-date); Go's time.Duration text form
 */
export type TimeUnit =
  | 'seconds'
  | 'minutes'
  | 'millis'
  | 'epoch_s'
  | 'epoch_ms'
  | 'http_date'
  | 'iso8601'
  | 'go_duration'
  | 'per_second';

const NUMBER = /^\d{1,15}(\.\d{1,9})?$/;
/** `Sun, 06 Nov 1994 08:49:37 GMT`, the only form that may still be generated. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
/** With an offset or Z: an instant without one would be read in our own time zone. */
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;
const GO_PART = /(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g;
const GO_MS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 0.001,
  µs: 0.001,
  ns: 0.000_001,
};

/** The instant that `text` means, or undefined where it is not of that unit. */
export function readInstant(text: string, unit: TimeUnit, nowMs: number): number | undefined {
  const value = text.trim();
  switch (unit) {
    case 'seconds':
      return after(nowMs, number(value), 1_000);
    case 'minutes':
      return after(nowMs, number(value), 60_000);
    case 'millis':
      return after(nowMs, number(value), 1);
    case 'per_second':
      return afterShare(nowMs, number(value));
    case 'epoch_s':
      return after(0, number(value), 1_000);
    case 'epoch_ms':
      return after(0, number(value), 1);
    case 'http_date':
      return HTTP_DATE.test(value) ? instant(value) : undefined;
    case 'iso8601':
      return ISO.test(value) ? instant(value) : undefined;
    case 'go_duration':
      return after(nowMs, goDurationMs(value), 1);
  }
}

/** Retry-After as RFC 9110 §10.2.3 has it: seconds (fractions occur in the field) or a date. */
export function readRetryAfter(text: string, nowMs: number): number | undefined {
  return readInstant(text, 'seconds', nowMs) ?? readInstant(text, 'http_date', nowMs);
}

function number(text: string): number | undefined {
  return NUMBER.test(text) ? Number(text) : undefined;
}

function after(fromMs: number, count: number | undefined, unitMs: number): number | undefined {
  return count === undefined ? undefined : Math.ceil(fromMs + count * unitMs);
}

/** A rate of calls a second: the next call may come after its share of a second. */
function afterShare(nowMs: number, perSecond: number | undefined): number | undefined {
  return perSecond ? Math.ceil(nowMs + 1_000 / perSecond) : undefined;
}

function instant(text: string): number | undefined {
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : atMs;
}

function goDurationMs(text: string): number | undefined {
  if (text === '' || text.replaceAll(GO_PART, '') !== '') return undefined;
  let sum = 0;
  for (const [, count, unit] of text.matchAll(GO_PART)) {
    sum += Number(count) * (GO_MS[unit ?? ''] ?? 0);
  }
  return sum;
}
