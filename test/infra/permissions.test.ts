import { functionNames } from '../../infra/functions.ts';
import { OPERATOR } from '../../shared/encryption/sealer.ts';
import { type Statement, template } from './template.ts';

const allStatements = () => template().statements();
const refers = ({ Resource }: Statement, logicalId: string) =>
  JSON.stringify(Resource).includes(`"${logicalId}`);
const functionsAllowed = (action: string, logicalId: string) =>
  functionNames.filter((name) =>
    template()
      .allowed(name)
      .some((statement) => statement.Action.includes(action) && refers(statement, logicalId)),
  );

describe('roles', () => {
  it('names every action in full', () => {
    for (const { Action } of allStatements()) {
      for (const action of Action) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/);
    }
  });

  it('names every resource: objects of one bucket and schedules of one group are the widest', () => {
    const wide = allStatements().filter((statement) =>
      JSON.stringify(statement.Resource).includes('*'),
    );

    expect(new Set(wide.map(({ Sid }) => Sid))).toEqual(new Set(['Claims', 'Schedules']));
    for (const { Resource } of allStatements()) expect(Resource).not.toContain('*');
  });

  it('has no policy of AWS or of anyone else but for the log role of API Gateway', () => {
    const managed = template()
      .ofType('AWS::IAM::Role')
      .filter(({ Properties }) => Properties['ManagedPolicyArns']);

    expect(managed.map(({ id }) => id)).toEqual([
      expect.stringMatching(/^StreamingApiCloudWatchRole/),
    ]);
    expect(template().ofType('AWS::IAM::Policy')).toEqual([]);
    expect(template().ofType('AWS::IAM::ManagedPolicy')).toEqual([]);
  });

  it('reads tables item by item or by key, never by scan, batch or transaction', () => {
    const actions = allStatements().flatMap(({ Action }) => Action);

    expect(new Set(actions.filter((action) => action.startsWith('dynamodb:')))).toEqual(
      new Set(
        ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'].map(
          (verb) => `dynamodb:${verb}`,
        ),
      ),
    );
  });

  it('bounds every table permission to kinds of items', () => {
    for (const { Action, Condition } of allStatements()) {
      if (!Action.some((action) => action.startsWith('dynamodb:'))) continue;
      expect(Object.keys(Condition ?? {})).toEqual(['ForAllValues:StringLike']);
      const partitions = Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'];
      expect(partitions).toEqual(
        expect.arrayContaining([expect.stringMatching(/^[A-Z]{3,4}#\*(#TEN#environment)?$/)]),
      );
    }
  });

  it('unwraps tenant keys in those functions that open secrets, and makes them in one', () => {
    expect(functionsAllowed('kms:Decrypt', 'StorageTenantKek')).toEqual([
      'control-api',
      'proxy-api',
      'unified-api',
      'sync-stream',
      'account-check',
      'sync-step',
      'webhook-deliver',
    ]);
    expect(functionsAllowed('kms:GenerateDataKey', 'StorageTenantKek')).toEqual(['control-api']);
  });

  it('lets calls on records write renewals, circuits and idempotency records alone', () => {
    const writes = template()
      .allowed('unified-api')
      .filter(({ Action }) => Action.some((action) => /^dynamodb:(Put|Update|Delete)/.test(action)))
      .map(({ Action, Condition }) => [
        Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'],
        Action.map((action) => action.slice('dynamodb:'.length)).sort(),
      ]);

    expect(writes).toEqual([
      [['ACCT#*'], ['UpdateItem']],
      [['BRK#*'], ['GetItem', 'UpdateItem']],
      [['IDEM#*'], ['DeleteItem', 'GetItem', 'PutItem', 'UpdateItem']],
    ]);
  });

  it('lets whoever may find a credential dead tell the subscribers', () => {
    const renewing = functionNames.filter((name) =>
      template()
        .allowed(name)
        .some(({ Sid }) => Sid === 'Renewals'),
    );

    expect(renewing).toEqual([
      'proxy-api',
      'unified-api',
      'sync-stream',
      'account-check',
      'sync-step',
    ]);
    for (const [action, target] of [
      ['dynamodb:Query', 'StorageMain'],
      ['sqs:SendMessage', 'QueuesDeliveryQueue'],
      ['s3:PutObject', 'StorageClaims'],
    ] as const) {
      expect(functionsAllowed(action, target)).toEqual(expect.arrayContaining(renewing));
    }
  });

  it("uses the tenants' key under its encryption context only", () => {
    for (const statement of allStatements().filter((each) => refers(each, 'StorageTenantKek'))) {
      expect(statement.Condition).toEqual({
        StringEquals: expect.objectContaining({
          'kms:EncryptionContext:app': 'millrace',
          'kms:EncryptionContext:purpose': 'tenant_key',
        }),
      });
    }
  });

  it("lets who signs webhooks open the operator's secrets, and no tenant's", () => {
    const allowed = template().allowed('webhook-deliver');
    const [unwrap] = allowed.filter((each) => refers(each, 'StorageTenantKek'));
    const [read] = allowed.filter(({ Sid }) => Sid === 'OwnerKeys');

    expect(unwrap?.Condition?.['StringEquals']).toMatchObject({
      'kms:EncryptionContext:owner_id': OPERATOR,
    });
    expect(read?.Condition?.['ForAllValues:StringLike']).toEqual({
      'dynamodb:LeadingKeys': [`ENV#*#TEN#${OPERATOR}`],
    });
  });

  it("uses the queues' key through SQS only", () => {
    for (const statement of allStatements().filter((each) => refers(each, 'StorageQueueKey'))) {
      expect(Object.keys(statement.Condition?.['StringEquals'] ?? {})).toEqual(['kms:ViaService']);
    }
  });

  it('lets the sweeper of claims delete what it cannot read', () => {
    expect(functionsAllowed('s3:GetObject', 'StorageClaims')).toEqual(['webhook-deliver']);
    expect(functionsAllowed('s3:DeleteObject', 'StorageClaims')).toEqual([
      'webhook-deliver',
      'claim-sweep',
    ]);
    expect(functionsAllowed('s3:PutObject', 'StorageClaims')).toEqual([
      'control-api',
      'proxy-api',
      'unified-api',
      'sync-stream',
      'account-check',
      'sync-step',
      'webhook-deliver',
    ]);
  });

  it('lets who reads claims list them, or S3 would call a claim that is gone forbidden', () => {
    expect(functionsAllowed('s3:ListBucket', 'StorageClaims')).toEqual([
      'webhook-deliver',
      'claim-sweep',
    ]);
  });

  it('lets control-api alone make schedules, and pass them the one role they fire under', () => {
    expect(functionsAllowed('scheduler:CreateSchedule', '')).toEqual(['control-api']);
    const [passing] = template()
      .allowed('control-api')
      .filter(({ Action }) => Action.includes('iam:PassRole'));

    expect(passing).toEqual({
      Sid: 'PassScheduleRole',
      Effect: 'Allow',
      Action: ['iam:PassRole'],
      Resource: [{ 'Fn::GetAtt': [expect.stringMatching(/^SchedulesRole/), 'Arn'] }],
      Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    });
  });

  it("lets customers' schedules do nothing but send to the start queue", () => {
    const actions = allStatements()
      .filter(({ role }) => role.startsWith('SchedulesRole'))
      .map(({ Action, Resource }) => [Action, Resource]);

    expect(actions).toEqual([
      [
        ['sqs:SendMessage'],
        [{ 'Fn::GetAtt': [expect.stringMatching(/^QueuesStartQueue/), 'Arn'] }],
      ],
      [
        ['kms:Decrypt', 'kms:GenerateDataKey'],
        [{ 'Fn::GetAtt': [expect.stringMatching(/^StorageQueueKey/), 'Arn'] }],
      ],
    ]);
  });

  it("trusts the scheduler on behalf of this account's own group only", () => {
    const trusted = template()
      .ofType('AWS::IAM::Role')
      .flatMap(({ Properties }) => Properties['AssumeRolePolicyDocument'].Statement)
      .filter(({ Principal }) => Principal.Service === 'scheduler.amazonaws.com');

    expect(trusted).toHaveLength(2);
    for (const { Condition } of trusted) {
      expect(Condition.StringEquals).toEqual({
        'aws:SourceAccount': { Ref: 'AWS::AccountId' },
        'aws:SourceArn': { 'Fn::GetAtt': [expect.any(String), 'Arn'] },
      });
    }
  });
});
