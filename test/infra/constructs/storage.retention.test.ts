import { template } from '../template.ts';

const HOUR_SECONDS = 3_600;

describe('what holds bytes', () => {
  it('keeps an event that waits for its subscriber for an hour, and two at the very worst', () => {
    const retentions = template()
      .ofType('AWS::SQS::Queue')
      .filter(({ id }) => id.startsWith('QueuesDelivery'))
      .map(({ Properties }) => Properties['MessageRetentionPeriod']);

    expect(retentions.sort()).toEqual([1 * HOUR_SECONDS, 2 * HOUR_SECONDS]);
  });

  it('says of every queue how long it keeps a message, four days at most', () => {
    for (const { Properties } of template().ofType('AWS::SQS::Queue')) {
      expect(Properties['MessageRetentionPeriod']).toBeGreaterThanOrEqual(60);
      expect(Properties['MessageRetentionPeriod']).toBeLessThanOrEqual(96 * HOUR_SECONDS);
    }
  });

  it('keeps dead letters longer than the queue they come from, since their age counts on', () => {
    const queues = template().ofType('AWS::SQS::Queue');
    const sources = queues.filter(({ Properties }) => Properties['RedrivePolicy']);

    expect(sources).toHaveLength(3);
    for (const { Properties } of sources) {
      const deadLettersId = Properties['RedrivePolicy'].deadLetterTargetArn['Fn::GetAtt'][0];
      const deadLetters = queues.find(({ id }) => id === deadLettersId)!;
      expect(deadLetters.Properties['MessageRetentionPeriod']).toBeGreaterThan(
        Properties['MessageRetentionPeriod'],
      );
    }
  });

  it('encrypts every queue with a key of its own and takes TLS only', () => {
    const queues = template().ofType('AWS::SQS::Queue');
    const policies = template().ofType('AWS::SQS::QueuePolicy');

    for (const { Properties } of queues) {
      expect(Properties['KmsMasterKeyId']).toEqual({
        'Fn::GetAtt': [expect.stringMatching(/^StorageQueueKey/), 'Arn'],
      });
    }
    expect(policies).toHaveLength(queues.length);
    for (const { Properties } of policies) {
      expect(Properties['PolicyDocument'].Statement).toEqual([
        expect.objectContaining({
          Effect: 'Deny',
          Action: 'sqs:*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      ]);
    }
  });

  it('has no bucket with versions, which would outlive deletion', () => {
    const buckets = template().ofType('AWS::S3::Bucket');

    expect(buckets).toHaveLength(1);
    for (const { Properties } of buckets) {
      expect(Properties).not.toHaveProperty('VersioningConfiguration');
      expect(Properties).not.toHaveProperty('ReplicationConfiguration');
      expect(Properties).not.toHaveProperty('ObjectLockConfiguration');
    }
  });

  it('empties the claims bucket after a day, half-finished uploads included', () => {
    const [claims] = template().ofType('AWS::S3::Bucket');

    expect(claims!.Properties['LifecycleConfiguration']).toEqual({
      Rules: [
        {
          Id: 'Broom',
          Status: 'Enabled',
          ExpirationInDays: 1,
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
        },
      ],
    });
  });

  it('opens the claims bucket to nobody outside', () => {
    const [claims] = template().ofType('AWS::S3::Bucket');

    expect(claims!.Properties['PublicAccessBlockConfiguration']).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
  });

  it('forgets every log after 30 days, unless the operator says 60 or 90', () => {
    const days = (settings: Record<string, unknown>) =>
      new Set(
        template(settings)
          .ofType('AWS::Logs::LogGroup')
          .map(({ Properties }) => Properties['RetentionInDays']),
      );

    expect(days({})).toEqual(new Set([30]));
    expect(days({ logRetentionDays: '90' })).toEqual(new Set([90]));
  });

  it('has nothing that keeps a history of what passes through', () => {
    const types = new Set(template().resources.map(({ Type }) => Type));

    for (const type of types) {
      expect(type).not.toMatch(
        /StepFunctions|Events::Archive|EventsV2|Kinesis|Firehose|DurableFunction|ElastiCache/i,
      );
    }
  });
});

describe('the tables', () => {
  const tables = () => template().ofType('AWS::DynamoDB::GlobalTable');
  const table = (name: string) => tables().find(({ id }) => id.startsWith(`Storage${name}`))!;

  it('lets the main table be restored for a week', () => {
    expect(table('Main').Properties['Replicas'][0].PointInTimeRecoverySpecification).toEqual({
      PointInTimeRecoveryEnabled: true,
      RecoveryPeriodInDays: 7,
    });
  });

  it('lets nothing bring back a tenant key that was deleted', () => {
    expect(table('Keys').Properties['Replicas'][0]).not.toHaveProperty(
      'PointInTimeRecoverySpecification',
    );
  });

  it('has no stream, which would copy items for a day', () => {
    for (const { Properties } of tables()) {
      expect(Properties).not.toHaveProperty('StreamSpecification');
    }
  });

  it('protects both tables from deletion', () => {
    for (const { Properties } of tables()) {
      expect(Properties['Replicas'][0].DeletionProtectionEnabled).toBe(true);
    }
  });

  it('lists by gsi1 and finds due work by an index with three more attributes', () => {
    expect(table('Main').Properties['GlobalSecondaryIndexes']).toEqual([
      {
        IndexName: 'gsi1',
        KeySchema: [
          { AttributeName: 'gsi1pk', KeyType: 'HASH' },
          { AttributeName: 'gsi1sk', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
      {
        IndexName: 'due',
        KeySchema: [
          { AttributeName: 'duePk', KeyType: 'HASH' },
          { AttributeName: 'dueAt', KeyType: 'RANGE' },
        ],
        Projection: {
          ProjectionType: 'INCLUDE',
          NonKeyAttributes: ['token', 'runId', 'environmentId'],
        },
      },
    ]);
  });
});

describe('the keys', () => {
  it('rotates both of them', () => {
    const keys = template().ofType('AWS::KMS::Key');

    expect(keys).toHaveLength(2);
    for (const { Properties } of keys) expect(Properties['EnableKeyRotation']).toBe(true);
  });
});
