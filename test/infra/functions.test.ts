import { functionNames } from '../../infra/functions.ts';
import { template } from './template.ts';

const lambdas = () => template().ofType('AWS::Lambda::Function');

describe('functions', () => {
  it('has one for each name and no other, so none that a construct sneaked in', () => {
    const names = lambdas().map(
      ({ Properties }) => Properties['Environment'].Variables.POWERTOOLS_SERVICE_NAME,
    );

    expect(names.sort()).toEqual([...functionNames].sort());
  });

  it('runs every one on Node 24 and arm64', () => {
    for (const { Properties } of lambdas()) {
      expect(Properties['Runtime']).toBe('nodejs24.x');
      expect(Properties['Architectures']).toEqual(['arm64']);
      expect(Properties['Handler']).toBe('index.handler');
    }
  });

  it('gives each a role that no other has', () => {
    const roles = lambdas().map(({ Properties }) => Properties['Role']['Fn::GetAtt'][0]);

    expect(new Set(roles).size).toBe(functionNames.length);
  });

  it('gives each a log group that no other has', () => {
    const groups = lambdas().map(({ Properties }) => Properties['LoggingConfig'].LogGroup.Ref);

    expect(new Set(groups).size).toBe(functionNames.length);
  });

  it('lets each write to its own log group only', () => {
    for (const name of functionNames) {
      const group = template().lambda(name).Properties['LoggingConfig'].LogGroup.Ref;
      const mayLog = template()
        .allowed(name)
        .filter(({ Action }) => Action.some((action) => action.startsWith('logs:')));

      expect(mayLog).toEqual([
        {
          Sid: 'WriteOwnLog',
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: [{ 'Fn::GetAtt': [group, 'Arn'] }],
        },
      ]);
    }
  });

  it('traces none, because segments hold URLs with their values', () => {
    for (const { Properties } of lambdas()) expect(Properties).not.toHaveProperty('TracingConfig');
  });

  it('lets those feed themselves that do, and leaves the others to Lambda to stop', () => {
    const loops = functionNames.filter(
      (name) => template().lambda(name).Properties['RecursiveLoop'] === 'Allow',
    );

    expect(loops).toEqual(['sync-step', 'webhook-deliver']);
  });

  it('puts no secret into a variable, and never lets a target on loopback through', () => {
    for (const { Properties } of lambdas()) {
      for (const name of Object.keys(Properties['Environment'].Variables)) {
        expect(name).not.toMatch(/SECRET|PASSWORD|API_KEY|CREDENTIAL/);
        expect(name).not.toBe('ALLOW_LOOPBACK_TARGETS');
      }
    }
  });
});

describe('feeds', () => {
  const feed = (queue: string) =>
    template()
      .ofType('AWS::Lambda::EventSourceMapping')
      .find(({ Properties }) =>
        Properties['EventSourceArn']['Fn::GetAtt'][0].startsWith(`Queues${queue}Queue`),
      )!.Properties;

  it('gives a step one hint at a time', () => {
    expect(feed('Step')['BatchSize']).toBe(1);
  });

  it('reports failures message by message and bounds what runs at once', () => {
    for (const queue of ['Step', 'Start', 'Delivery']) {
      expect(feed(queue)['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
      expect(feed(queue)['ScalingConfig'].MaximumConcurrency).toBeGreaterThanOrEqual(2);
    }
  });

  it('hides a message six times longer than its function may run', () => {
    const timeouts = { Step: 300, Start: 60, Delivery: 60 };
    for (const [queue, timeout] of Object.entries(timeouts)) {
      const [source] = template()
        .ofType('AWS::SQS::Queue')
        .filter(({ id }) => id.startsWith(`Queues${queue}Queue`));

      expect(source!.Properties['VisibilityTimeout']).toBe(6 * timeout);
    }
  });
});
