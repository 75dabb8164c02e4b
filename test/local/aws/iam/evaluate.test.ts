import { evaluate } from '../../../../local/aws/iam/evaluate.ts';
import { parsePolicy } from '../../../../local/aws/iam/policy.ts';

const TABLE = 'arn:aws:dynamodb:eu-central-1:123456789012:table/main';

function decide(
  statements: readonly object[],
  action: string,
  resource: string,
  context: Readonly<Record<string, readonly string[]>> = {},
): string {
  const policy = parsePolicy('Work', { Version: '2012-10-17', Statement: statements }, 'identity');
  return evaluate(policy, { action, resource, context: new Map(Object.entries(context)) }).kind;
}

const allow = (more: object) => ({
  Effect: 'Allow',
  Action: 'dynamodb:GetItem',
  Resource: TABLE,
  ...more,
});

describe('evaluate', () => {
  it('denies what nothing allows', () => {
    expect(decide([allow({})], 'dynamodb:PutItem', TABLE)).toBe('not_allowed');
  });

  it('allows what a statement allows, action in any case', () => {
    expect(decide([allow({ Action: 'DynamoDB:getitem' })], 'dynamodb:GetItem', TABLE)).toBe(
      'allowed',
    );
  });

  it('tells resources apart by case', () => {
    expect(decide([allow({})], 'dynamodb:GetItem', TABLE.toUpperCase())).toBe('not_allowed');
  });

  it('does not let a table stand for its indexes', () => {
    expect(decide([allow({})], 'dynamodb:GetItem', `${TABLE}/index/due`)).toBe('not_allowed');
  });

  it('lets a wildcard in a resource run over slashes', () => {
    expect(
      decide([allow({ Resource: `${TABLE}*` })], 'dynamodb:GetItem', `${TABLE}/index/due`),
    ).toBe('allowed');
  });

  it('matches one character for a question mark', () => {
    expect(decide([allow({ Action: 'dynamodb:?etItem' })], 'dynamodb:GetItem', TABLE)).toBe(
      'allowed',
    );
    expect(decide([allow({ Action: 'dynamodb:?etItem' })], 'dynamodb:BatchGetItem', TABLE)).toBe(
      'not_allowed',
    );
  });

  it('takes a dot in a pattern for a dot', () => {
    expect(decide([allow({ Resource: 'a.c' })], 'dynamodb:GetItem', 'abc')).toBe('not_allowed');
  });

  it('lets an explicit deny win, whatever the order', () => {
    const deny = { Effect: 'Deny', Action: '*', Resource: '*' };
    expect(decide([deny, allow({})], 'dynamodb:GetItem', TABLE)).toBe('denied');
    expect(decide([allow({}), deny], 'dynamodb:GetItem', TABLE)).toBe('denied');
  });
});

/** Operator, value wanted, values given, whether it holds. */
const CONDITIONS: readonly (readonly [
  string,
  string | readonly string[],
  readonly string[],
  boolean,
])[] = [
  ['StringEquals', 'a', ['a'], true],
  ['StringEquals', ['b', 'a'], ['a'], true],
  ['StringEquals', 'a', ['A'], false],
  ['StringEquals', 'a', [], false],
  ['StringEqualsIfExists', 'a', [], true],
  ['StringEqualsIgnoreCase', 'a', ['A'], true],
  ['StringNotEquals', ['a', 'b'], ['b'], false],
  ['StringNotEquals', ['a', 'b'], ['c'], true],
  ['StringNotEquals', 'a', [], true],
  ['StringLike', 'ACCT#*', ['ACCT#1'], true],
  ['StringLike', 'ACCT#*', ['JOB#1'], false],
  ['StringNotLike', 'ACCT#*', ['JOB#1'], true],
  ['ForAllValues:StringLike', ['A#*', 'B#*'], ['A#1', 'B#2'], true],
  ['ForAllValues:StringLike', 'A#*', ['A#1', 'B#2'], false],
  ['ForAllValues:StringLike', 'A#*', [], true],
  ['ForAnyValue:StringEquals', 'a', ['b', 'a'], true],
  ['ForAnyValue:StringEquals', 'a', ['b'], false],
  ['ForAnyValue:StringEquals', 'a', [], false],
  ['ForAnyValue:StringNotEquals', 'a', [], false],
  ['ArnLike', 'arn:aws:sqs:*:*:q', ['arn:aws:sqs:eu:1:q'], true],
  ['ArnLike', 'arn:aws:*:q', ['arn:aws:sqs:eu:1:q'], false],
  ['ArnNotEquals', 'arn:aws:sqs:eu:1:q', ['arn:aws:sqs:eu:1:r'], true],
  ['Bool', 'false', ['true'], false],
  ['Bool', 'TRUE', ['true'], true],
  ['Null', 'true', [], true],
  ['Null', 'false', [], false],
  ['Null', 'false', ['a'], true],
  ['NumericLessThan', '1.2', ['1.3'], false],
  ['NumericLessThan', '1.2', ['1.1'], true],
  ['NumericLessThan', '1.2', ['x'], false],
  ['NumericGreaterThanEquals', '3', ['3'], true],
];

describe.each(CONDITIONS)('condition %s %j on %j', (operator, wanted, given, holds) => {
  it(`is ${holds}`, () => {
    // A key whose number of values the parser does not restrict for the operator at hand.
    const key = operator.startsWith('For') ? 'dynamodb:LeadingKeys' : 'kms:EncryptionContext:x';
    const statement = allow({ Condition: { [operator]: { [key]: wanted } } });
    const decision = decide([statement], 'dynamodb:GetItem', TABLE, { [key.toLowerCase()]: given });
    expect(decision).toBe(holds ? 'allowed' : 'not_allowed');
  });
});
