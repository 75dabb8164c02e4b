import { readTemplate } from '../../local/template.ts';

const queue = { Type: 'AWS::SQS::Queue' };

describe('the template', () => {
  it('puts a resource after all that it refers to or depends on', () => {
    const { resources } = readTemplate({
      Resources: {
        Policy: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: 'Main' }] } },
        Main: {
          Type: 'AWS::SQS::Queue',
          Properties: { RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] } } },
          DependsOn: 'First',
        },
        Dead: queue,
        First: queue,
      },
    });
    expect(resources.map(({ logicalId }) => logicalId)).toEqual([
      'Dead',
      'First',
      'Main',
      'Policy',
    ]);
  });

  it('refuses a type of resource that it does not know, and names it', () => {
    const template = { Resources: { Steps: { Type: 'AWS::StepFunctions::StateMachine' } } };
    expect(() => readTemplate(template)).toThrow(
      expect.objectContaining({
        detail: { logicalId: 'Steps', type: 'AWS::StepFunctions::StateMachine' },
      }),
    );
  });

  it('leaves out what is harmless, but lets others refer to it', () => {
    const { resources, leftOut } = readTemplate({
      Resources: { Alarm: { Type: 'AWS::CloudWatch::Alarm' }, Queue: queue },
    });
    expect(resources.map(({ logicalId }) => logicalId)).toEqual(['Queue']);
    expect([...leftOut]).toEqual(['Alarm']);
  });

  it('refuses resources that refer to each other in a circle', () => {
    const template = {
      Resources: { A: { ...queue, DependsOn: 'B' }, B: { ...queue, DependsOn: 'A' } },
    };
    expect(() => readTemplate(template)).toThrow('in a circle');
  });

  it('refuses a file that is no template', () => {
    expect(() => readTemplate({ hello: 'world' })).toThrow('not a CloudFormation template');
  });

  it('takes parameters by their defaults', () => {
    const { parameters } = readTemplate({
      Parameters: { A: { Type: 'String', Default: 'x' }, B: { Type: 'String' } },
      Resources: {},
    });
    expect(parameters).toEqual({ A: 'x' });
  });
});
