/**
 * What people are told of a provider's answer: its status, its own code and words, scrubbed and cut,
 * and the names of the fields that it refuses. Never a value.
 */
import { ExpressionBudgetError, ExpressionEvaluationError } from '../expression/errors.ts';
import type { Expression } from '../expression/expression.ts';
import { scrubMessage } from '../http/redact.ts';
import type { ErrorRule } from '../integration/limits/plan.ts';
import type { AnswerScope } from '../wire/decode/answer.ts';
import type { ProviderAnswer } from '../wire/provider-errors.ts';

export function describeAnswer(scope: AnswerScope, rule: ErrorRule | undefined): ProviderAnswer {
  const message = rule?.message && evaluateSafely(rule.message, scope);
  const code = rule?.code && evaluateSafely(rule.code, scope);
  const fields = fieldNames(rule?.fields && evaluateSafely(rule.fields, scope));
  const requestId = providerRequestId(scope.headers);
  return {
    status: scope.status,
    ...(isCode(code) ? { code: String(code) } : {}),
    ...(typeof message === 'string' && message !== '' ? { message: scrubMessage(message) } : {}),
    ...(fields.length === 0 ? {} : { fields }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** What an expression that judges an answer yields; nothing where it cannot work on this one. */
export function evaluateSafely(expression: Expression, scope: object): unknown {
  try {
    return expression.evaluate(scope);
  } catch (error) {
    if (error instanceof ExpressionEvaluationError || error instanceof ExpressionBudgetError) {
      return undefined;
    }
    throw error;
  }
}

function isCode(code: unknown): code is string | number {
  return typeof code === 'number' || (typeof code === 'string' && /^[\w.-]{1,64}$/.test(code));
}

/** A member's name or path: anything odder may be a value. */
const FIELD = /^[\w.[\]-]{1,100}$/;
const MOST_FIELDS = 50;

function fieldNames(found: unknown): readonly string[] {
  const names: readonly unknown[] = Array.isArray(found) ? found : [found];
  const plain = names.filter((name) => typeof name === 'string').filter((name) => FIELD.test(name));
  return [...new Set(plain)].slice(0, MOST_FIELDS);
}

/** The id by which the provider finds the request in its own logs. */
export function providerRequestId(headers: Readonly<Record<string, string>>): string | undefined {
  const id = headers['x-request-id'] ?? headers['request-id'] ?? headers['x-correlation-id'];
  return id !== undefined && /^[\w.:/+=-]{1,128}$/.test(id) ? id : undefined;
}
