// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are CloudFormation's own
import {
  evaluateCondition,
  referencesOf,
  resolveValue,
  type Scope,
} from '../../../local/template/intrinsics.ts';

const scope: Scope = {
  ref: (name) => ({ Queue: 'https://sqs/queue', 'AWS::Region': 'eu-test-1', Stage: 'prod' })[name],
  attribute: (id, name) => (id === 'Queue' && name === 'Arn' ? 'arn:queue' : undefined),
  condition: (name) => name === 'IsProduction',
  mapping: (path) => (path.join('/') === 'Regions/eu-test-1/Bucket' ? 'assets-eu' : undefined),
};
const resolve = (value: Parameters<typeof resolveValue>[0]) => resolveValue(value, scope, 'Owner');

describe('intrinsic functions', () => {
  it.each([
    ['Ref', { Ref: 'Queue' }, 'https://sqs/queue'],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:queue'],
    ['Fn::GetAtt as text', { 'Fn::GetAtt': 'Queue.Arn' }, 'arn:queue'],
    ['Fn::Join', { 'Fn::Join': ['/', ['a', { Ref: 'Stage' }, 3]] }, 'a/prod/3'],
    ['Fn::Select', { 'Fn::Select': [1, ['a', { Ref: 'Stage' }]] }, 'prod'],
    ['Fn::Split', { 'Fn::Split': [':', { 'Fn::GetAtt': ['Queue', 'Arn'] }] }, ['arn', 'queue']],
    ['Fn::Sub', { 'Fn::Sub': 'x-${Stage}-${Queue.Arn}-${!kept}' }, 'x-prod-arn:queue-${kept}'],
    [
      'Fn::Sub with variables',
      { 'Fn::Sub': ['${A}${Stage}', { A: { Ref: 'Queue' } }] },
      'https://sqs/queueprod',
    ],
    ['Fn::If, true', { 'Fn::If': ['IsProduction', 'yes', 'no'] }, 'yes'],
    ['Fn::If, false', { 'Fn::If': ['IsOther', 'yes', 'no'] }, 'no'],
    [
      'Fn::FindInMap',
      { 'Fn::FindInMap': ['Regions', { Ref: 'AWS::Region' }, 'Bucket'] },
      'assets-eu',
    ],
  ])('resolves %s', (_name, value, expected) => {
    expect(resolve(value)).toEqual(expected);
  });

  it('leaves out members and elements that are AWS::NoValue', () => {
    const none = { 'Fn::If': ['IsOther', 'x', { Ref: 'AWS::NoValue' }] };
    expect(resolve({ a: none, b: [1, none, 2] })).toEqual({ b: [1, 2] });
  });

  it('leaves the conditions of policy statements alone', () => {
    const statement = { Condition: { StringEquals: { 'aws:x': { Ref: 'Stage' } } } };
    expect(resolve(statement)).toEqual({ Condition: { StringEquals: { 'aws:x': 'prod' } } });
  });

  it('refuses an intrinsic that it does not know, and names the resource', () => {
    expect(() => resolve({ a: { 'Fn::GetAZs': '' } })).toThrow(
      expect.objectContaining({ detail: { logicalId: 'Owner', function: 'Fn::GetAZs' } }),
    );
  });

  it('refuses a reference to nothing', () => {
    expect(() => resolve({ Ref: 'Gone' })).toThrow(
      expect.objectContaining({ detail: { logicalId: 'Owner', reference: 'Gone' } }),
    );
  });

  it('refuses an attribute that the resource does not have', () => {
    expect(() => resolve({ 'Fn::GetAtt': ['Queue', 'Color'] })).toThrow(
      expect.objectContaining({ detail: { logicalId: 'Owner', reference: 'Queue.Color' } }),
    );
  });

  it.each([
    [{ 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] }, true],
    [{ 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] }, false],
    [{ 'Fn::Not': [{ Condition: 'IsProduction' }] }, false],
    [{ 'Fn::And': [{ Condition: 'IsProduction' }, { Condition: 'IsOther' }] }, false],
    [{ 'Fn::Or': [{ Condition: 'IsProduction' }, { Condition: 'IsOther' }] }, true],
  ])('evaluates the condition %j', (condition, expected) => {
    expect(evaluateCondition(condition, scope, 'Owner')).toBe(expected);
  });

  it('finds everything that a value refers to', () => {
    const value = {
      a: { Ref: 'One' },
      b: [{ 'Fn::GetAtt': ['Two', 'Arn'] }],
      c: { 'Fn::Sub': ['${Three} ${Four.Arn} ${Own} ${!Not}', { Own: { Ref: 'Five' } }] },
    };
    expect([...referencesOf(value)].sort()).toEqual(['Five', 'Four', 'One', 'Three', 'Two']);
  });
});
