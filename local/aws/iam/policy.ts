/**
 * Policy documents, read strictly: whatever the evaluator does not know is refused, never ignored,
 * because a condition that is skipped is a permission that AWS would not have given.
 *
 * Errors  {@link UnsupportedPolicyError}
 * Source  https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
import { InvalidRequestError } from '#shared/kernel/errors.ts';
import { isRecord } from '../aws-message.ts';
import type { Condition } from './condition.ts';
import { parseOperator } from './condition.ts';
import { conditionKeyKind } from './condition-keys.ts';

export interface Statement {
  /** For messages: the policy, the statement's number from 1, and its Sid. */
  readonly where: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  /** Empty in a trust policy, which has none. */
  readonly resources: readonly string[];
  readonly conditions: readonly Condition[];
  readonly principals: readonly Principal[];
}

export interface Principal {
  readonly kind: 'AWS' | 'Service';
  /** `*`, a role's ARN, an account's root ARN or its number; a service's host name. */
  readonly name: string;
}

/** What a policy may contain depends on what it is attached to. */
export type PolicyKind = 'identity' | 'resource' | 'trust';

/** The message names policy, statement and element; it is for whoever edits the template. */
export class UnsupportedPolicyError extends InvalidRequestError {
  override readonly code = 'unsupported_policy';

  constructor(where: string, what: string) {
    super(`${where}: ${what}`, [{ path: where, message: what }]);
  }
}

const ELEMENTS = new Set(['Sid', 'Effect', 'Action', 'Resource', 'Condition', 'Principal']);

/** @throws UnsupportedPolicyError for anything outside the subset */
export function parsePolicy(
  name: string,
  document: unknown,
  kind: PolicyKind,
): readonly Statement[] {
  const policy = `policy ${name}`;
  if (!isRecord(document)) throw new UnsupportedPolicyError(policy, 'is not an object');
  if (document['Version'] !== '2012-10-17') {
    throw new UnsupportedPolicyError(policy, 'Version must be 2012-10-17');
  }
  const statements = document['Statement'];
  const list: readonly unknown[] = Array.isArray(statements) ? statements : [statements];
  return list.map((statement, index) =>
    parseStatement(`${policy}, statement ${index + 1}`, statement, kind),
  );
}

function parseStatement(place: string, raw: unknown, kind: PolicyKind): Statement {
  if (!isRecord(raw)) throw new UnsupportedPolicyError(place, 'is not an object');
  const sid = raw['Sid'];
  const where = typeof sid === 'string' && sid !== '' ? `${place} (${sid})` : place;
  for (const element of Object.keys(raw)) {
    if (!ELEMENTS.has(element))
      throw new UnsupportedPolicyError(where, `element ${element} is not supported`);
  }
  const effect = raw['Effect'];
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw new UnsupportedPolicyError(where, 'Effect must be Allow or Deny');
  }
  if ((kind === 'identity') === (raw['Principal'] !== undefined)) {
    throw new UnsupportedPolicyError(
      where,
      kind === 'identity' ? 'Principal is not allowed here' : 'Principal is missing',
    );
  }
  return {
    where,
    effect,
    actions: texts(where, 'Action', raw['Action']),
    resources: kind === 'trust' ? [] : texts(where, 'Resource', raw['Resource']),
    conditions: parseConditions(where, raw['Condition']),
    principals: kind === 'identity' ? [] : parsePrincipals(where, raw['Principal']),
  };
}

function parseConditions(where: string, raw: unknown): readonly Condition[] {
  if (raw === undefined) return [];
  if (!isRecord(raw)) throw new UnsupportedPolicyError(where, 'Condition is not an object');
  return Object.entries(raw).flatMap(([name, keys]) => {
    const operator = parseOperator(name);
    if (!operator)
      throw new UnsupportedPolicyError(where, `condition operator ${name} is not supported`);
    if (!isRecord(keys))
      throw new UnsupportedPolicyError(where, `condition ${name} is not an object`);
    return Object.entries(keys).map(([key, values]): Condition => {
      const kind = conditionKeyKind(key);
      if (!kind)
        throw new UnsupportedPolicyError(where, `condition key ${key} of ${name} is not supported`);
      // AWS leaves open which value counts; a least-privilege policy must not depend on it.
      if (kind === 'multiple' && operator.quantifier === 'one' && operator.base !== 'Null') {
        throw new UnsupportedPolicyError(
          where,
          `condition key ${key} of ${name} needs ForAllValues or ForAnyValue`,
        );
      }
      return {
        operator,
        key: key.toLowerCase(),
        values: texts(where, `condition ${name}`, values),
      };
    });
  });
}

function parsePrincipals(where: string, raw: unknown): readonly Principal[] {
  if (raw === '*') return [{ kind: 'AWS', name: '*' }];
  if (!isRecord(raw)) throw new UnsupportedPolicyError(where, 'Principal is not an object');
  return Object.entries(raw).flatMap(([kind, names]) => {
    if (kind !== 'AWS' && kind !== 'Service') {
      throw new UnsupportedPolicyError(where, `principal type ${kind} is not supported`);
    }
    return texts(where, 'Principal', names).map((name): Principal => ({ kind, name }));
  });
}

/** One text or several; AWS also accepts bare booleans and numbers as condition values. */
function texts(where: string, element: string, raw: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(raw) ? raw : [raw];
  return list.map((entry) => {
    if (typeof entry === 'boolean' || typeof entry === 'number') return String(entry);
    if (typeof entry !== 'string') {
      throw new UnsupportedPolicyError(where, `${element} must be text or a list of texts`);
    }
    if (entry.includes('${'))
      throw new UnsupportedPolicyError(where, `policy variables are not supported in ${element}`);
    return entry;
  });
}
