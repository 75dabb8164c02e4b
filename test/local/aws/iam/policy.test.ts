import { parsePolicy, UnsupportedPolicyError } from '../../../../local/aws/iam/policy.ts';

const GOOD = { Sid: 'Read', Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };

function refusalOf(statement: object): string {
  try {
    parsePolicy('Work', { Version: '2012-10-17', Statement: [GOOD, statement] }, 'identity');
  } catch (error) {
    if (error instanceof UnsupportedPolicyError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('parsePolicy', () => {
  it.each([
    [
      { ...GOOD, NotAction: 's3:*' },
      'policy Work, statement 2 (Read): element NotAction is not supported',
    ],
    [
      { ...GOOD, NotResource: '*' },
      'policy Work, statement 2 (Read): element NotResource is not supported',
    ],
    [{ ...GOOD, Effect: 'allow' }, 'policy Work, statement 2 (Read): Effect must be Allow or Deny'],
    [
      { ...GOOD, Sid: '', Action: undefined },
      'policy Work, statement 2: Action must be text or a list of texts',
    ],
    [{ ...GOOD, Principal: '*' }, 'policy Work, statement 2 (Read): Principal is not allowed here'],
    [
      { ...GOOD, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } },
      'policy Work, statement 2 (Read): condition operator IpAddress is not supported',
    ],
    [
      { ...GOOD, Condition: { StringEquals: { 'aws:UserAgent': 'x' } } },
      'policy Work, statement 2 (Read): condition key aws:UserAgent of StringEquals is not supported',
    ],
    [
      { ...GOOD, Condition: { StringLike: { 'dynamodb:LeadingKeys': 'A#*' } } },
      'policy Work, statement 2 (Read): condition key dynamodb:LeadingKeys of StringLike needs ForAllValues or ForAnyValue',
    ],
    [
      { ...GOOD, Resource: 'arn:aws:s3:::$'.concat('{aws:PrincipalTag/x}') },
      'policy Work, statement 2 (Read): policy variables are not supported in Resource',
    ],
    [
      { ...GOOD, Resource: { 'Fn::GetAtt': ['X', 'Arn'] } },
      'policy Work, statement 2 (Read): Resource must be text or a list of texts',
    ],
  ])('refuses %j and says where', (statement, message) => {
    expect(refusalOf(statement)).toBe(message);
  });

  it('refuses an operator that only looks like one of the subset', () => {
    for (const operator of [
      'ForAllValues:Null',
      'NullIfExists',
      'stringEquals',
      'toString',
      'ForSome:StringLike',
    ]) {
      const statement = { ...GOOD, Condition: { [operator]: { 'aws:PrincipalArn': 'x' } } };
      expect(refusalOf(statement)).toContain(`condition operator ${operator} is not supported`);
    }
  });

  it('refuses an older policy language, whose rules are others', () => {
    const parse = () => parsePolicy('Work', { Version: '2008-10-17', Statement: GOOD }, 'identity');
    expect(parse).toThrow('policy Work: Version must be 2012-10-17');
  });

  it('refuses principals of kinds that never call', () => {
    const statement = { ...GOOD, Principal: { Federated: 'x' } };
    const parse = () =>
      parsePolicy('P', { Version: '2012-10-17', Statement: statement }, 'resource');
    expect(parse).toThrow(
      'policy P, statement 1 (Read): principal type Federated is not supported',
    );
  });
});
