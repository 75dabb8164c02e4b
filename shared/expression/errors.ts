/**
 * What can go wrong with an expression. None of these carries a value of the input.
 *
 * Errors  a code of the reference, S… when compiling, T… (type) and D… (data) when evaluating:
 *         https://docs.jsonata.org, and the table in the `jsonata` package
 */
import { CallerError } from '../kernel/errors.ts';

/** The text is no expression, or one that we refuse; `position` counts characters from the start. */
export class ExpressionSyntaxError extends CallerError {
  override readonly name = 'ExpressionSyntaxError';
  readonly code = 'expression_invalid';
  readonly status = 422;
  readonly expressionCode: string;
  readonly position: number;

  constructor(message: string, expressionCode: string, position: number) {
    super(message, { expression_code: expressionCode, position });
    this.expressionCode = expressionCode;
    this.position = position;
  }
}

/** The expression met data that it cannot work on. */
export class ExpressionEvaluationError extends CallerError {
  override readonly name = 'ExpressionEvaluationError';
  readonly code = 'expression_failed';
  readonly status = 422;
  readonly expressionCode: string;
  /** Where in the expression's text, if known. */
  readonly position: number | undefined;

  constructor(expressionCode: string, position?: number) {
    super(
      'the expression failed on this input',
      position === undefined
        ? { expression_code: expressionCode }
        : { expression_code: expressionCode, position },
    );
    this.expressionCode = expressionCode;
    this.position = position;
  }
}

/** What an evaluation may spend, see budget.ts. */
export type BudgetName = 'steps' | 'depth' | 'bytes' | 'sequence';

/** The expression would have cost more than it may. */
export class ExpressionBudgetError extends CallerError {
  override readonly name = 'ExpressionBudgetError';
  readonly code = 'expression_budget_exceeded';
  readonly status = 422;
  readonly budget: BudgetName;

  constructor(budget: BudgetName) {
    super('the expression costs more than an evaluation may', { budget });
    this.budget = budget;
  }
}
