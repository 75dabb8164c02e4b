import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { DescribeKeyCommand, ListAliasesCommand } from '@aws-sdk/client-kms';
import { GetBucketLifecycleConfigurationCommand } from '@aws-sdk/client-s3';
import { GetScheduleCommand } from '@aws-sdk/client-scheduler';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Stack } from '../../local/provision/stack.ts';
import { type FixtureStack, openFixtureStack } from './support/fixture-stack.ts';

const role = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: 'scheduler.amazonaws.com' },
        },
      ],
    },
  },
};

const RESOURCES = {
  Main: {
    Type: 'AWS::DynamoDB::GlobalTable',
    Properties: {
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: ['pk', 'sk', 'duePk'].map((name) => ({
        AttributeName: name,
        AttributeType: 'S',
      })),
      BillingMode: 'PAY_PER_REQUEST',
      GlobalSecondaryIndexes: [
        {
          IndexName: 'due',
          KeySchema: [{ AttributeName: 'duePk', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      Replicas: [{ Region: { Ref: 'AWS::Region' } }],
    },
  },
  Dead: { Type: 'AWS::SQS::Queue' },
  Work: {
    Type: 'AWS::SQS::Queue',
    Properties: {
      VisibilityTimeout: 7,
      MessageRetentionPeriod: 600,
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 3 },
    },
  },
  Claims: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      LifecycleConfiguration: {
        Rules: [{ Id: 'Broom', Status: 'Enabled', ExpirationInDays: 1 }],
      },
    },
  },
  Kek: { Type: 'AWS::KMS::Key', Properties: { Description: 'wraps', EnableKeyRotation: true } },
  KekAlias: {
    Type: 'AWS::KMS::Alias',
    Properties: { AliasName: 'alias/kek', TargetKeyId: { 'Fn::GetAtt': ['Kek', 'Arn'] } },
  },
  Group: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: 'sweeps' } },
  Role: role,
  Sweep: {
    Type: 'AWS::Scheduler::Schedule',
    DependsOn: ['Role'],
    Properties: {
      Name: 'sweep',
      GroupName: { Ref: 'Group' },
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: 'arn:aws:lambda:eu-west-1:000000000000:function:sweep',
        RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Input: '{}',
      },
    },
  },
};

const refOf = (stack: Stack, logicalId: string) =>
  stack.resources.find((resource) => resource.logicalId === logicalId)?.ref ?? '';

describe('provisioning', () => {
  let fixture: FixtureStack;
  let stack: Stack;
  beforeAll(async () => {
    fixture = await openFixtureStack();
    stack = await fixture.provision(RESOURCES);
  });
  afterAll(() => fixture.close());

  it('makes tables with their keys and indexes', async () => {
    const { Table } = await fixture.clients.dynamo.send(
      new DescribeTableCommand({ TableName: refOf(stack, 'Main') }),
    );
    expect(Table?.KeySchema).toEqual(RESOURCES.Main.Properties.KeySchema);
    expect(Table?.GlobalSecondaryIndexes).toMatchObject([
      { IndexName: 'due', Projection: { ProjectionType: 'KEYS_ONLY' } },
    ]);
  });

  it('makes queues with their attributes and dead letters', async () => {
    const { Attributes } = await fixture.clients.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: refOf(stack, 'Work'), AttributeNames: ['All'] }),
    );
    const dead = stack.resources.find(({ logicalId }) => logicalId === 'Dead');
    expect(Attributes).toMatchObject({ VisibilityTimeout: '7', MessageRetentionPeriod: '600' });
    expect(JSON.parse(Attributes?.['RedrivePolicy'] ?? '')).toEqual({
      deadLetterTargetArn: dead?.attributes['Arn'],
      maxReceiveCount: 3,
    });
  });

  it('makes buckets with their lifecycle', async () => {
    const { Rules } = await fixture.clients.s3.send(
      new GetBucketLifecycleConfigurationCommand({ Bucket: refOf(stack, 'Claims') }),
    );
    expect(Rules).toMatchObject([{ ID: 'Broom', Status: 'Enabled', Expiration: { Days: 1 } }]);
  });

  it('makes keys and aliases of them', async () => {
    const { Aliases } = await fixture.clients.kms.send(new ListAliasesCommand({}));
    expect(Aliases).toMatchObject([{ AliasName: 'alias/kek', TargetKeyId: refOf(stack, 'Kek') }]);
  });

  it('makes schedules in their groups', async () => {
    const schedule = await fixture.clients.scheduler.send(
      new GetScheduleCommand({ Name: 'sweep', GroupName: 'sweeps' }),
    );
    expect(schedule).toMatchObject({ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
  });

  it('finds everything again on the same folder, and applies what changed', async () => {
    fixture = await fixture.restart();
    const changed = structuredClone(RESOURCES);
    changed.Work.Properties.VisibilityTimeout = 9;
    const again = await fixture.provision(changed);
    // The endpoint's port may differ, and with it the URLs of queues; names and keys may not.
    const names = (of: Stack) =>
      of.resources.map(({ logicalId, ref }) => [logicalId, ref.split('/').at(-1)]);
    expect(names(again)).toEqual(names(stack));
    const { KeyMetadata } = await fixture.clients.kms.send(
      new DescribeKeyCommand({ KeyId: 'alias/kek' }),
    );
    expect(KeyMetadata?.KeyId).toBe(refOf(stack, 'Kek'));
    const { Attributes } = await fixture.clients.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: refOf(again, 'Work'), AttributeNames: ['All'] }),
    );
    expect(Attributes?.['VisibilityTimeout']).toBe('9');
  });

  it('refuses a table whose keys are not those in the data directory', async () => {
    const changed = structuredClone(RESOURCES.Main);
    changed.Properties.GlobalSecondaryIndexes[0]!.IndexName = 'other';
    await expect(fixture.provision({ Main: changed })).rejects.toMatchObject({
      detail: { logicalId: 'Main' },
    });
  });

  it('refuses a property that it cannot honour, and names it', async () => {
    const notifying = { Type: 'AWS::S3::Bucket', Properties: { NotificationConfiguration: {} } };
    await expect(fixture.provision({ Bucket: notifying })).rejects.toMatchObject({
      detail: { logicalId: 'Bucket', property: 'NotificationConfiguration' },
    });
  });

  it('leaves out a resource whose condition does not hold', async () => {
    const { readTemplate } = await import('../../local/template.ts');
    const template = readTemplate({
      Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
      Resources: { Extra: { Type: 'AWS::SQS::Queue', Condition: 'Never' } },
    });
    expect(template.resources[0]?.condition).toBe('Never');
    const none = await fixture.provision({});
    expect(none.resources).toEqual([]);
  });
});
