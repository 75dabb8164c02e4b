/**
 * A provider's answer as the integration's expressions see it.
 *
 * Shape  `{ status, headers, body }`; `body` is undefined where the answer is empty or no JSON
 */
import type { RateLimitState } from '../http/rate-limit.ts';
import { Transient } from '../kernel/transient.ts';

export interface AnswerScope {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  readonly scope: Transient<AnswerScope>;
  /** Whether the body was JSON. */
  readonly isJson: boolean;
  readonly rateLimit: RateLimitState | undefined;
}

export function parseAnswer(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Transient<Buffer>,
): { scope: Transient<AnswerScope>; isJson: boolean } {
  const parsed = parseJson(body.reveal().toString('utf8'));
  return {
    isJson: parsed !== undefined,
    scope: Transient.of({ status, headers, body: parsed }),
  };
}

/** A number with so many digits that it may not survive as a double. */
const LONG_NUMBER = /[[:,\s]-?\d{16}/;

/** Undefined where `text` is no JSON. Ids beyond 2^53 become strings, digit for digit. */
export function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return LONG_NUMBER.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
  } catch {
    // The parser's own message quotes the text. Whoever needed JSON says that there was none.
    return undefined;
  }
}

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? source : value;
}
