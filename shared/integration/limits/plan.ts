/** Rate limits, budgets and rules of errors, compiled: see schema/{rate-limit,budget,error-rules}.ts. */
import type { Expression } from '../../expression/expression.ts';
import type { RateLimitRules } from '../../http/rate-limit.ts';
import type { ErrorRuleSource } from './error-rules-source.ts';

/** The fixed classes that an integration's error rules sort answers into. */
export type ErrorClass = ErrorRuleSource['class'];

/** What is done about an error, once. */
export type ErrorAction = NonNullable<ErrorRuleSource['action']>;

export interface ErrorRule {
  readonly when: Expression;
  readonly class: ErrorClass;
  readonly action: ErrorAction | undefined;
  readonly message: Expression | undefined;
  readonly code: Expression | undefined;
  /** Names of the fields that the provider refuses. */
  readonly fields: Expression | undefined;
}

/** At most `requests` calls in any stretch of `perMs`. */
export interface Budget {
  readonly requests: number;
  readonly perMs: number;
}

export interface RateLimit {
  readonly limited: Expression | undefined;
  readonly rules: RateLimitRules;
  /** By name. */
  readonly budgets: Readonly<Record<string, Budget>>;
}
