/**
 * Writes conditions, changes and queries as DynamoDB's expressions.
 *
 * Shape   `#name` in a condition stands for the attribute `name`, so that no reserved word can
 *         ever clash; `:name` stands for the member `name` of its values.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { invariant } from '../kernel/invariant.ts';
import { assertPersistable, type Persistable } from '../kernel/transient.ts';
import { marshalMembers } from './marshal.ts';
import type { Change, Condition, Query } from './table.ts';

interface Expressions {
  readonly names: Record<string, string>;
  readonly values: Record<string, AttributeValue>;
}

export const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const NAME_IN_CONDITION = /#([A-Za-z0-9_]+)/g;

/** Which attributes partition and sort the table and its indexes. */
const KEYS_OF = {
  table: { partition: 'pk', sort: 'sk' },
  gsi1: { partition: 'gsi1pk', sort: 'gsi1sk' },
  due: { partition: 'duePk', sort: 'dueAt' },
} as const;

export function keyCondition(query: Query) {
  const { partition, sort } = KEYS_OF[query.index ?? 'table'];
  const names: Record<string, string> = { '#partition': partition };
  const values: Record<string, Persistable> = { ':partition': query.partition };
  let condition = '#partition = :partition';
  if (query.sort !== undefined) {
    names['#sort'] = sort;
    condition += ` AND ${sortCondition(query.sort, values)}`;
  }
  return {
    KeyConditionExpression: condition,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: marshalMembers(values),
  };
}

function sortCondition(
  sort: NonNullable<Query['sort']>,
  values: Record<string, Persistable>,
): string {
  if ('beginsWith' in sort) {
    values[':prefix'] = sort.beginsWith;
    return 'begins_with(#sort, :prefix)';
  }
  if ('atMost' in sort) {
    values[':most'] = sort.atMost;
    return '#sort <= :most';
  }
  [values[':low'], values[':high']] = sort.between;
  return '#sort BETWEEN :low AND :high';
}

export function emptyExpressions(): Expressions {
  return { names: {}, values: {} };
}

/** DynamoDB refuses empty maps, so absent means absent. */
export function expressionAttributes({ names, values }: Expressions) {
  return {
    ...(Object.keys(names).length === 0 ? {} : { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
  };
}

export function addCondition({ names, values }: Expressions, condition: Condition | undefined) {
  if (!condition) return {};
  assertPersistable(condition.values);
  for (const [alias, name] of condition.when.matchAll(NAME_IN_CONDITION)) {
    invariant(name, 'an alias in a condition names an attribute');
    names[alias] = name;
  }
  for (const [name, value] of Object.entries(marshalMembers(condition.values ?? {}))) {
    values[`:${name}`] = value;
  }
  return { ConditionExpression: condition.when };
}

/** Values of a change are prefixed, so that they never meet a condition's own. */
export function addChange({ names, values }: Expressions, change: Change) {
  const alias = (name: string): string => {
    invariant(IDENTIFIER.test(name), 'an attribute name is an identifier');
    names[`#${name}`] = name;
    return `#${name}`;
  };
  const assign = (prefix: string, name: string, value: AttributeValue): string => {
    values[`:${prefix}_${name}`] = value;
    return `:${prefix}_${name}`;
  };
  const set = Object.entries(marshalMembers(change.set ?? {}));
  const add = Object.entries(marshalMembers(change.add ?? {}));
  const clauses = [
    clause(
      'SET',
      set.map(([name, value]) => `${alias(name)} = ${assign('set', name, value)}`),
    ),
    clause(
      'ADD',
      add.map(([name, value]) => `${alias(name)} ${assign('add', name, value)}`),
    ),
    clause('REMOVE', (change.remove ?? []).map(alias)),
  ].filter((text) => text !== '');
  return clauses.length === 0 ? {} : { UpdateExpression: clauses.join(' ') };
}

function clause(verb: string, parts: readonly string[]): string {
  return parts.length === 0 ? '' : `${verb} ${parts.join(', ')}`;
}
