import { createHash } from 'node:crypto';
import { type Message, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { functionsOf } from '../../local/lambda/function-definition.ts';
import { type LogFile, openLogFile } from '../../local/lambda/log-file.ts';
import type { Stack } from '../../local/provision/stack.ts';
import { type RunningStack, startStack } from '../../local/running-stack.ts';
import { systemClock } from '../../shared/kernel/clock.ts';
import { writeBundle } from './support/fixture-function.ts';
import { type FixtureStack, openFixtureStack } from './support/fixture-stack.ts';

const WORKER = `
  const seen = [];
  exports.handler = async (event) => {
    if (!event.Records) return seen;
    seen.push(event);
    const failed = event.Records.filter((record) => record.body === 'bad');
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };`;
const API = `
  exports.handler = async (event) => ({ path: event.rawPath, queue: process.env.QUEUE_URL });`;

const allow = (Action: string | string[], Resource: unknown) => ({
  Effect: 'Allow',
  Action,
  Resource,
});
const getArn = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

const lambdaRole = (statements: readonly unknown[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: 'lambda.amazonaws.com' },
        },
      ],
    },
    ...(statements.length > 0 && {
      Policies: [
        { PolicyName: 'Work', PolicyDocument: { Version: '2012-10-17', Statement: statements } },
      ],
    }),
  },
});

const lambda = (hash: string, role: string, variables: Readonly<Record<string, unknown>> = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code: { S3Bucket: 'assets', S3Key: `${hash}.zip` },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: getArn(role),
    Timeout: 5,
    Environment: { Variables: variables },
  },
});

/** One environment, so that it has seen everything. */
const reserveOne = (resource: ReturnType<typeof lambda>) => ({
  ...resource,
  Properties: { ...resource.Properties, ReservedConcurrentExecutions: 1 },
});

const RESOURCES = {
  Dead: { Type: 'AWS::SQS::Queue' },
  Queue: {
    Type: 'AWS::SQS::Queue',
    Properties: {
      VisibilityTimeout: 1,
      RedrivePolicy: { deadLetterTargetArn: getArn('Dead'), maxReceiveCount: 1 },
    },
  },
  Refused: { Type: 'AWS::SQS::Queue' },
  WorkerRole: lambdaRole([
    allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], getArn('Queue')),
  ]),
  ApiRole: lambdaRole([]),
  Worker: reserveOne(lambda('worker', 'WorkerRole')),
  Api: lambda('api', 'ApiRole', { QUEUE_URL: { Ref: 'Queue' } }),
  Feed: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: getArn('Queue'),
      FunctionName: { Ref: 'Worker' },
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    },
  },
  RefusedFeed: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: { EventSourceArn: getArn('Refused'), FunctionName: { Ref: 'Worker' } },
  },
  HttpApi: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api', ProtocolType: 'HTTP' } },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: { Ref: 'HttpApi' },
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: getArn('Api'),
      PayloadFormatVersion: '2.0',
    },
  },
  Route: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: { Ref: 'HttpApi' },
      RouteKey: '$default',
      Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
    },
  },
};

describe('a running stack', () => {
  let fixture: FixtureStack;
  let stack: Stack;
  let running: RunningStack;
  let log: LogFile;
  const refOf = (logicalId: string) =>
    stack.resources.find((resource) => resource.logicalId === logicalId)?.ref ?? '';

  beforeAll(async () => {
    fixture = await openFixtureStack();
    stack = await fixture.provision(RESOURCES);
    log = openLogFile(`${fixture.folder}/functions.log`);
    const assets = new Map([
      ['worker', writeBundle(fixture.folder, 'worker', WORKER)],
      ['api', writeBundle(fixture.folder, 'api', API)],
    ]);
    running = await startStack({
      stack,
      functions: functionsOf(stack, assets),
      endpoint: fixture.endpoint,
      extras: {},
      log,
      clock: systemClock,
      port: 0,
      onFault: (what) => void fixture.faults.push(what),
    });
  });
  afterAll(async () => {
    await running.stop(1_000);
    log.close();
    await fixture.close();
  });

  it('routes a request to the function of the template, which knows its queue', async () => {
    const response = await fetch(`${running.url}/hello`);
    expect(await response.json()).toEqual({ path: '/hello', queue: refOf('Queue') });
  });

  it('hands messages of a queue to the function, and dead-letters the one that failed', async () => {
    const send = (MessageBody: string) =>
      fixture.clients.sqs.send(
        new SendMessageCommand({
          QueueUrl: refOf('Queue'),
          MessageBody,
          MessageAttributes: { kind: { DataType: 'String', StringValue: 'test' } },
        }),
      );
    await Promise.all([send('good'), send('bad')]);
    // Given up when its visibility timeout, one second, has ended.
    let dead: readonly Message[] = [];
    while (dead.length === 0) {
      await systemClock.sleep(20);
      const receive = new ReceiveMessageCommand({ QueueUrl: refOf('Dead') });
      dead = (await fixture.clients.sqs.send(receive)).Messages ?? [];
    }
    expect(dead.map(({ Body }) => Body)).toEqual(['bad']);

    const seen = JSON.parse(await running.host.invoke(refOf('Worker'), '{}'));
    const records = seen.flatMap((event: { Records: unknown[] }) => event.Records);
    expect(records).toHaveLength(2);
    expect(records.find((record: { body: string }) => record.body === 'good')).toEqual({
      messageId: expect.any(String),
      receiptHandle: expect.any(String),
      body: 'good',
      attributes: expect.objectContaining({ ApproximateReceiveCount: '1' }),
      messageAttributes: {
        kind: {
          dataType: 'String',
          stringValue: 'test',
          stringListValues: [],
          binaryListValues: [],
        },
      },
      md5OfBody: createHash('md5').update('good').digest('hex'),
      eventSource: 'aws:sqs',
      eventSourceARN: stack.resources.find(({ logicalId }) => logicalId === 'Queue')?.attributes[
        'Arn'
      ],
      awsRegion: 'eu-west-1',
    });
  });

  it('polls with the role of the function, and says what that role lacks', () => {
    expect(fixture.faults.join('\n')).toContain('sqs:ReceiveMessage');
  });
});
