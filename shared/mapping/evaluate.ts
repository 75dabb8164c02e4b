/** One expression of a mapping over one input. */
import type { Allowance } from '../expression/budget.ts';
import { ExpressionBudgetError, ExpressionEvaluationError } from '../expression/errors.ts';
import type { Bindings, Expression } from '../expression/expression.ts';

/** Instead of a value; a class, so that no value can be taken for it, and no value need be wrapped. */
export class FailedExpression {
  /** No value of the input. */
  readonly reason: string;

  constructor(code: string) {
    this.reason = `the expression failed (${code})`;
  }
}

/** @param allowance what all expressions of the record share */
export function evaluate(
  expression: Expression | undefined,
  input: unknown,
  bindings: Bindings,
  allowance: Allowance,
): unknown {
  try {
    return expression?.evaluate(input, bindings, allowance);
  } catch (error) {
    if (error instanceof ExpressionEvaluationError) {
      return new FailedExpression(error.expressionCode);
    }
    if (error instanceof ExpressionBudgetError) return new FailedExpression(error.code);
    throw error;
  }
}
