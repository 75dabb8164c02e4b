/**
 * Whether a list goes on, where its integration has a rule for that.
 *
 * Errors  ProviderError where the rule yields no boolean: a renamed `has_more` must not end a sync
 */
import { ExpressionBudgetError, ExpressionEvaluationError } from '../../expression/errors.ts';
import type { Expression } from '../../expression/expression.ts';
import type { MoreRule } from '../../integration/paging/plan.ts';
import { structuralError } from '../../provider/classify.ts';
import type { RawPage } from './kind.ts';

/** Undefined where there is no rule, or an optional one that found nothing. */
export function readMore(rule: MoreRule | undefined, raw: RawPage): boolean | undefined {
  if (!rule) return undefined;
  const more = evaluatePaging(rule.expression, raw);
  if (typeof more === 'boolean') return more;
  if (rule.optional && (more === undefined || more === null)) return undefined;
  throw structuralError(raw.integration, raw.scope.status, '`more` is not true or false');
}

/** Without a rule, a page that is not full is the last. */
export function isFull(raw: RawPage, size: number | undefined): boolean {
  return size === undefined ? raw.count > 0 : raw.count >= size;
}

/** `page` is the place of the page with how many records it had. */
export function evaluatePaging(expression: Expression, raw: RawPage): unknown {
  return evaluateOnPage(expression, raw, { ...raw.page, count: raw.count });
}

/** @throws ProviderError where the expression cannot work on this answer */
export function evaluateOnPage(expression: Expression, raw: RawPage, page: unknown): unknown {
  const { records, count, instants } = raw;
  try {
    return expression.evaluate({ ...raw.scope, ...instants, records, count, page });
  } catch (error) {
    throw structuralError(
      raw.integration,
      raw.scope.status,
      `a paging expression failed on the answer (${failureCode(error)})`,
    );
  }
}

/** Rethrows what is no failure of an expression. */
function failureCode(error: unknown): string {
  if (error instanceof ExpressionEvaluationError) return error.expressionCode;
  if (error instanceof ExpressionBudgetError) return error.code;
  throw error;
}
