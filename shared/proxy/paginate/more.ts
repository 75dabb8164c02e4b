/**
 * Whether a list goes on, where its integration has a rule for that.
 *
 * Errors  ProviderError where the rule yields no boolean: a renamed `has_more` must not end a sync
 */
import { ExpressionEvaluationError } from '../../expression/errors.ts';
import type { Expression } from '../../expression/expression.ts';
import type { Pagination } from '../../integration/integration.ts';
import { structuralError } from '../classify.ts';
import type { RawPage } from './kind.ts';

type Rule = Exclude<Pagination, { kind: 'none' }>['more'];

/** Undefined where there is no rule, or an optional one that found nothing. */
export function readMore(rule: Rule, raw: RawPage): boolean | undefined {
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

/** @throws ProviderError where the expression cannot work on this answer */
export function evaluatePaging(expression: Expression, raw: RawPage): unknown {
  try {
    return expression.evaluate({ ...raw.scope, page: { ...raw.page, count: raw.count } });
  } catch (error) {
    if (!(error instanceof ExpressionEvaluationError)) throw error;
    throw structuralError(
      raw.integration,
      raw.scope.status,
      `a paging expression failed on the answer (${error.expressionCode})`,
    );
  }
}
