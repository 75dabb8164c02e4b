/** Expressions on what providers answer: one that cannot work on it yields `otherwise`. */
import { ExpressionBudgetError, ExpressionEvaluationError } from './errors.ts';

export function evaluateOr<Value, Otherwise>(
  otherwise: Otherwise,
  run: () => Value,
): Value | Otherwise {
  try {
    return run();
  } catch (error) {
    if (error instanceof ExpressionEvaluationError) return otherwise;
    if (error instanceof ExpressionBudgetError) return otherwise;
    throw error;
  }
}
