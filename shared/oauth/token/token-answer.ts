/**
 * An answer that brings a token, as an integration's expressions see it.
 *
 * Shape   `{ status, headers, body, cookies }`: `body` is JSON, a form's members where the answer
 *         says that it is one, else its text; `cookies` are those that the answer sets
 */
import { ExpressionBudgetError, ExpressionEvaluationError } from '../../expression/errors.ts';
import type { Expression } from '../../expression/expression.ts';

export interface TokenAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly cookies: Readonly<Record<string, string>>;
}

export function parseTokenAnswer(
  status: number,
  headers: Readonly<Record<string, string>>,
  text: string,
): TokenAnswer {
  return { status, headers, body: parseBody(text, headers), cookies: setCookies(headers) };
}

function parseBody(text: string, headers: Readonly<Record<string, string>>): unknown {
  const type = headers['content-type'] ?? '';
  if (type.startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  try {
    return JSON.parse(text);
  } catch {
    // A token by itself, or a page of some proxy: the integration's expressions tell.
    return text;
  }
}

/**
 * Several Set-Cookie headers come joined by commas; one within a date is followed by no `name=`.
 */
const BETWEEN_COOKIES = /,(?=\s*[^;,=\s]+=)/;

function setCookies(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const cookies = (headers['set-cookie'] ?? '').split(BETWEEN_COOKIES).flatMap((cookie) => {
    const pair = cookie.split(';', 1)[0] ?? '';
    const equals = pair.indexOf('=');
    const name = pair.slice(0, equals).trim();
    return equals < 1 || name === '' ? [] : [[name, pair.slice(equals + 1).trim()] as const];
  });
  return Object.fromEntries(cookies);
}

/** Undefined where an expression cannot be evaluated on this answer: bodies of errors vary. */
export function evaluateOn(expression: Expression | undefined, answer: TokenAnswer): unknown {
  try {
    return expression?.evaluate(answer);
  } catch (error) {
    if (error instanceof ExpressionEvaluationError || error instanceof ExpressionBudgetError) {
      return undefined;
    }
    throw error;
  }
}
