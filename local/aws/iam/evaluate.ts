/**
 * The decision of one set of statements about one call: denied unless allowed, and an explicit
 * Deny wins over every Allow.
 *
 * Source  https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
import { type ConditionContext, conditionHolds } from './condition.ts';
import type { Statement } from './policy.ts';
import { matchesWildcard } from './wildcard.ts';

export interface AccessCheck {
  /** `sqs:SendMessage`. */
  readonly action: string;
  readonly resource: string;
  readonly context: ConditionContext;
}

export type Decision =
  | { readonly kind: 'allowed'; readonly by: string }
  | { readonly kind: 'denied'; readonly by: string }
  | { readonly kind: 'not_allowed' };

export function evaluate(statements: readonly Statement[], check: AccessCheck): Decision {
  const applying = statements.filter((statement) => applies(statement, check));
  const deny = applying.find((statement) => statement.effect === 'Deny');
  if (deny) return { kind: 'denied', by: deny.where };
  const allow = applying.find((statement) => statement.effect === 'Allow');
  return allow ? { kind: 'allowed', by: allow.where } : { kind: 'not_allowed' };
}

function applies(statement: Statement, check: AccessCheck): boolean {
  return (
    statement.actions.some((action) =>
      matchesWildcard(action.toLowerCase(), check.action.toLowerCase()),
    ) &&
    (statement.resources.length === 0 ||
      statement.resources.some((resource) => matchesWildcard(resource, check.resource))) &&
    statement.conditions.every((condition) => conditionHolds(condition, check.context))
  );
}
