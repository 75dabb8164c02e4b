/**
 * Condition blocks of IAM statements, in the subset that the gateway can answer.
 *
 * Shape   operator → key → values: all operators and all keys must hold, any one value suffices
 *         (for a negated operator: none may match)
 * Source  https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 *         https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
import { matchesArn, matchesWildcard } from './wildcard.ts';

/** Key names in lower case; each value a list, of one entry for single-valued keys. */
export type ConditionContext = ReadonlyMap<string, readonly string[]>;

export interface Condition {
  readonly operator: Operator;
  /** In lower case, as in the context. */
  readonly key: string;
  readonly values: readonly string[];
}

export interface Operator {
  readonly quantifier: 'one' | 'all' | 'any';
  readonly base: BaseOperator;
  /** With `…IfExists`, an absent key satisfies the condition. */
  readonly ifExists: boolean;
}

type Compare = (wanted: string, given: string) => boolean;
export type BaseOperator = keyof typeof COMPARISONS | 'Null';

const COMPARISONS = {
  StringEquals: compare((wanted, given) => wanted === given),
  StringNotEquals: unless((wanted, given) => wanted === given),
  StringEqualsIgnoreCase: compare((wanted, given) => wanted.toLowerCase() === given.toLowerCase()),
  StringLike: compare(matchesWildcard),
  StringNotLike: unless(matchesWildcard),
  ArnEquals: compare(matchesArn),
  ArnLike: compare(matchesArn),
  ArnNotEquals: unless(matchesArn),
  ArnNotLike: unless(matchesArn),
  Bool: compare((wanted, given) => wanted.toLowerCase() === given.toLowerCase()),
  NumericEquals: compare((wanted, given) => Number(given) === Number(wanted)),
  NumericLessThan: compare((wanted, given) => Number(given) < Number(wanted)),
  NumericLessThanEquals: compare((wanted, given) => Number(given) <= Number(wanted)),
  NumericGreaterThan: compare((wanted, given) => Number(given) > Number(wanted)),
  NumericGreaterThanEquals: compare((wanted, given) => Number(given) >= Number(wanted)),
} as const;

/** The operator that `text` names, or undefined where it is outside the subset. */
export function parseOperator(text: string): Operator | undefined {
  const match = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(text);
  const base = match?.[2] ?? '';
  if (base !== 'Null' && !isComparison(base)) return undefined;
  if (base === 'Null' && (match?.[1] || match?.[3])) return undefined;
  const quantifiers = { ForAllValues: 'all', ForAnyValue: 'any' } as const;
  const prefix = match?.[1];
  const quantifier =
    prefix === 'ForAllValues' || prefix === 'ForAnyValue' ? quantifiers[prefix] : 'one';
  return { quantifier, base, ifExists: match?.[3] !== undefined };
}

export function conditionHolds(condition: Condition, context: ConditionContext): boolean {
  const { operator, values } = condition;
  const given = context.get(condition.key) ?? [];
  if (operator.base === 'Null') return values.includes(given.length === 0 ? 'true' : 'false');
  const { negated, matches } = COMPARISONS[operator.base];
  const holds = (one: string): boolean => values.some((wanted) => matches(wanted, one)) !== negated;
  if (given.length === 0) return absentHolds(operator, negated);
  return operator.quantifier === 'any' ? given.some(holds) : given.every(holds);
}

/** IAM: what is absent equals nothing, and every one of no values does whatever is asked. */
function absentHolds(operator: Operator, negated: boolean): boolean {
  if (operator.ifExists || operator.quantifier === 'all') return true;
  return operator.quantifier === 'one' && negated;
}

function isComparison(name: string): name is keyof typeof COMPARISONS {
  return Object.hasOwn(COMPARISONS, name);
}

function compare(matches: Compare): { readonly negated: boolean; readonly matches: Compare } {
  return { negated: false, matches };
}

function unless(matches: Compare): { readonly negated: boolean; readonly matches: Compare } {
  return { negated: true, matches };
}
