import fc from 'fast-check';
import { evaluate } from '../../../../local/aws/iam/evaluate.ts';
import { parsePolicy } from '../../../../local/aws/iam/policy.ts';

const ACTIONS = ['sqs:SendMessage', 'sqs:ReceiveMessage', 's3:GetObject'];
const RESOURCES = ['arn:a', 'arn:b', 'arn:a/x'];
const KEYS = ['A#1', 'B#1', 'A#2'];

const statement = fc.record({
  Effect: fc.constantFrom('Allow', 'Deny'),
  Action: fc.uniqueArray(fc.constantFrom(...ACTIONS, 'sqs:*', '*'), { minLength: 1 }),
  Resource: fc.uniqueArray(fc.constantFrom(...RESOURCES, 'arn:a*', '*'), { minLength: 1 }),
  Condition: fc.constantFrom(
    {},
    { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['A#*'] } },
    { 'ForAnyValue:StringEquals': { 'dynamodb:LeadingKeys': ['B#1'] } },
    { Null: { 'dynamodb:LeadingKeys': 'true' } },
  ),
});
const statements = fc.array(statement, { maxLength: 5 });
const check = fc.record({
  action: fc.constantFrom(...ACTIONS),
  resource: fc.constantFrom(...RESOURCES),
  context: fc
    .uniqueArray(fc.constantFrom(...KEYS))
    .map((keys) => new Map([['dynamodb:leadingkeys', keys]])),
});

type ValueOf<A> = A extends fc.Arbitrary<infer T> ? T : never;
type Written = ValueOf<typeof statement>;
type Check = ValueOf<typeof check>;

function decide(written: readonly Written[], asked: Check): string {
  return evaluate(
    parsePolicy('P', { Version: '2012-10-17', Statement: written }, 'identity'),
    asked,
  ).kind;
}

const only = (written: readonly Written[], effect: string) =>
  written.filter(({ Effect }) => Effect === effect);

describe('IAM evaluation', () => {
  it('denies everything without an Allow', () => {
    fc.assert(
      fc.property(
        statements,
        check,
        (written, asked) => decide(only(written, 'Deny'), asked) !== 'allowed',
      ),
    );
  });

  it('never allows what a Deny alone would deny', () => {
    fc.assert(
      fc.property(statements, check, (written, asked) => {
        fc.pre(decide(only(written, 'Deny'), asked) === 'denied');
        return decide(written, asked) === 'denied';
      }),
    );
  });

  it('never loses access by one more Allow, and never gains any by one more Deny', () => {
    fc.assert(
      fc.property(statements, statement, check, (written, more, asked) => {
        const before = decide(written, asked) === 'allowed';
        const after = decide([...written, more], asked) === 'allowed';
        return more.Effect === 'Allow' ? !before || after : before || !after;
      }),
    );
  });

  it('does not depend on the order of statements', () => {
    fc.assert(
      fc.property(
        statements,
        check,
        (written, asked) => decide(written, asked) === decide([...written].reverse(), asked),
      ),
    );
  });

  it('is allowed by several statements exactly if one of them allows and none denies', () => {
    fc.assert(
      fc.property(statements, check, (written, asked) => {
        const each = written.map((one) => decide([one], asked));
        return (
          (decide(written, asked) === 'allowed') ===
          (each.includes('allowed') && !each.includes('denied'))
        );
      }),
    );
  });
});
