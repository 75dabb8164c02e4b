import {
  BatchGetItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  ReEncryptCommand,
} from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { CreateScheduleCommand } from '@aws-sdk/client-scheduler';
import {
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import {
  ACCOUNT,
  type Clients,
  REGION,
  roleArn,
  setUp,
  TestAws,
  trustsScheduler,
} from './support.ts';

const TABLE = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/main`;
const CONTEXT = { app: 'millrace', purpose: 'tenant_key' };

const local = new TestAws();
let admin: Clients;
let keyArn = '';
let queueUrl = '';

beforeAll(async () => {
  await local.start();
  admin = local.clients();
  ({ keyArn, queueUrl } = await setUp(admin));
});

afterAll(() => local.remove());

/** What the call was denied for, as `<action> on <resource>`, or its error, or `allowed`. */
async function outcome(call: Promise<unknown>): Promise<string> {
  local.denials.length = 0;
  try {
    await call;
    return 'allowed';
  } catch (error) {
    const [denial] = local.denials;
    if (denial) return `${denial.action} on ${denial.resource}`;
    return error instanceof Error ? error.name : String(error);
  }
}

describe('DynamoDB', () => {
  const onAccounts = {
    Effect: 'Allow',
    Action: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:BatchGetItem'],
    Resource: TABLE,
    Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['ACCT#*'] } },
  };
  const get = (pk: string) =>
    new GetItemCommand({ TableName: 'main', Key: { pk: { S: pk }, sk: { S: 'META' } } });
  const query = (condition: string, value: string, index?: string) =>
    new QueryCommand({
      TableName: 'main',
      ...(index === undefined ? {} : { IndexName: index }),
      KeyConditionExpression: condition,
      ExpressionAttributeNames: condition.includes('#pk') ? { '#pk': 'pk' } : undefined,
      ExpressionAttributeValues: condition.includes(':sk')
        ? { ':pk': { S: value }, ':sk': { S: 'M' } }
        : { ':pk': { S: value } },
    });

  it('lets a role at the partitions that its policy names and at no other', async () => {
    const { dynamodb } = local.role('accounts', [onAccounts]);
    expect(await outcome(dynamodb.send(get('ACCT#1')))).toBe('allowed');
    expect(await outcome(dynamodb.send(get('JOB#1')))).toBe(`dynamodb:GetItem on ${TABLE}`);
    expect(await outcome(dynamodb.send(query('#pk = :pk', 'ACCT#1')))).toBe('allowed');
    expect(await outcome(dynamodb.send(query('begins_with(sk, :sk) AND pk = :pk', 'ACCT#1')))).toBe(
      'allowed',
    );
    expect(await outcome(dynamodb.send(query('#pk = :pk', 'JOB#1')))).toBe(
      `dynamodb:Query on ${TABLE}`,
    );
  });

  it('refuses a batch if one of its keys lies elsewhere', async () => {
    const { dynamodb } = local.role('accounts', [onAccounts]);
    const batch = (...pks: readonly string[]) =>
      new BatchGetItemCommand({
        RequestItems: { main: { Keys: pks.map((pk) => ({ pk: { S: pk }, sk: { S: 'META' } })) } },
      });
    expect(await outcome(dynamodb.send(batch('ACCT#1', 'ACCT#2')))).toBe('allowed');
    expect(await outcome(dynamodb.send(batch('ACCT#1', 'JOB#2')))).toBe(
      `dynamodb:BatchGetItem on ${TABLE}`,
    );
  });

  it('asks for the index by its own name and its own partition key', async () => {
    const onDue = {
      ...onAccounts,
      Resource: `${TABLE}/index/due`,
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['DUE#*'] } },
    };
    const { dynamodb } = local.role('sweeper', [onDue]);
    expect(await outcome(dynamodb.send(query('duePk = :pk', 'DUE#1', 'due')))).toBe('allowed');
    expect(await outcome(dynamodb.send(query('duePk = :pk', 'ACCT#1', 'due')))).toBe(
      `dynamodb:Query on ${TABLE}/index/due`,
    );
    expect(await outcome(dynamodb.send(query('pk = :pk', 'DUE#1')))).toBe(
      `dynamodb:Query on ${TABLE}`,
    );
  });

  it('names action, resource and role in an AccessDeniedException', async () => {
    const { dynamodb } = local.role('reader', [{ ...onAccounts, Action: 'dynamodb:GetItem' }]);
    const put = dynamodb.send(
      new PutItemCommand({ TableName: 'main', Item: { pk: { S: 'ACCT#1' }, sk: { S: 'META' } } }),
    );
    await expect(put).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: ${roleArn('reader')} is not authorized to perform: dynamodb:PutItem on resource: ${TABLE} because no policy allows the dynamodb:PutItem action`,
    });
  });
});

describe('KMS', () => {
  const use = {
    Effect: 'Allow',
    Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom'],
    Resource: '*',
  };

  it('knows the key of a ciphertext whose caller names none', async () => {
    const sealed = await admin.kms.send(
      new EncryptCommand({ KeyId: keyArn, Plaintext: Buffer.from('x') }),
    );
    const decrypt = new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob });
    expect(
      await outcome(local.role('opener', [{ ...use, Resource: keyArn }]).kms.send(decrypt)),
    ).toBe('allowed');
    const elsewhere = local.role('stranger', [{ ...use, Resource: `${keyArn}0` }]);
    expect(await outcome(elsewhere.kms.send(decrypt))).toBe(`kms:Decrypt on ${keyArn}`);
  });

  it('allows a key under the encryption context of the policy only', async () => {
    const Condition = {
      StringEquals: {
        'kms:EncryptionContext:app': 'millrace',
        'kms:EncryptionContext:purpose': 'tenant_key',
      },
    };
    const { kms } = local.role('wrapper', [{ ...use, Condition }]);
    const encrypt = (context: Record<string, string>) =>
      kms.send(
        new EncryptCommand({
          KeyId: keyArn,
          Plaintext: Buffer.from('x'),
          EncryptionContext: context,
        }),
      );
    expect(await outcome(encrypt({ ...CONTEXT, env_id: 'env_1' }))).toBe('allowed');
    expect(await outcome(encrypt({ ...CONTEXT, purpose: 'cursor' }))).toBe(
      `kms:Encrypt on ${keyArn}`,
    );
    expect(await outcome(encrypt({ app: 'millrace' }))).toBe(`kms:Encrypt on ${keyArn}`);
  });

  it('asks for both ends of a re-encryption', async () => {
    const sealed = await admin.kms.send(
      new EncryptCommand({ KeyId: keyArn, Plaintext: Buffer.from('x') }),
    );
    const command = new ReEncryptCommand({
      CiphertextBlob: sealed.CiphertextBlob,
      DestinationKeyId: keyArn,
    });
    expect(await outcome(local.role('half', [use]).kms.send(command))).toBe(
      `kms:ReEncryptTo on ${keyArn}`,
    );
    const both = { ...use, Action: ['kms:ReEncryptFrom', 'kms:ReEncryptTo'] };
    expect(await outcome(local.role('both', [both]).kms.send(command))).toBe('allowed');
  });

  it('lets the policy of a key keep the policies of the account out', async () => {
    const key = (await admin.kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? '';
    local.aws.registerResourcePolicy(key, {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: roleArn('named') },
          Action: 'kms:Encrypt',
          Resource: '*',
        },
      ],
    });
    const encrypt = new EncryptCommand({ KeyId: key, Plaintext: Buffer.from('x') });
    expect(await outcome(local.role('named', []).kms.send(encrypt))).toBe('allowed');
    expect(await outcome(local.role('unnamed', [use]).kms.send(encrypt))).toBe(
      `kms:Encrypt on ${key}`,
    );
  });
});

describe('SQS', () => {
  const queue = `arn:aws:sqs:${REGION}:${ACCOUNT}:step`;
  const send = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue };
  const throughSqs = (Action: string[]) => ({
    Effect: 'Allow',
    Action,
    Resource: '*',
    Condition: { StringEquals: { 'kms:ViaService': `sqs.${REGION}.amazonaws.com` } },
  });
  const message = () => new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'hint' });

  it('needs the key of an encrypted queue as well as the queue', async () => {
    const key = throughSqs(['kms:GenerateDataKey', 'kms:Decrypt']);
    expect(await outcome(local.role('sender', [send, key]).sqs.send(message()))).toBe('allowed');
    expect(await outcome(local.role('keyless', [send]).sqs.send(message()))).toBe(
      `kms:GenerateDataKey on ${keyArn}`,
    );
    expect(
      await outcome(
        local.role('half', [send, throughSqs(['kms:GenerateDataKey'])]).sqs.send(message()),
      ),
    ).toBe(`kms:Decrypt on ${keyArn}`);
  });

  it('takes the right to send for the right to send batches', async () => {
    const batch = new SendMessageBatchCommand({
      QueueUrl: queueUrl,
      Entries: [{ Id: 'a', MessageBody: 'hint' }],
    });
    const key = throughSqs(['kms:GenerateDataKey', 'kms:Decrypt']);
    expect(await outcome(local.role('sender', [send, key]).sqs.send(batch))).toBe('allowed');
    expect(await outcome(local.role('nobody', []).sqs.send(batch))).toBe(
      `sqs:SendMessage on ${queue}`,
    );
  });

  it('does not let a sender receive', async () => {
    const { sqs } = local.role('sender', [send, throughSqs(['kms:*'])]);
    expect(await outcome(sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl })))).toBe(
      `sqs:ReceiveMessage on ${queue}`,
    );
  });

  it('does not let the key be used but through the queue', async () => {
    const { kms } = local.role('sender', [throughSqs(['kms:Encrypt'])]);
    const encrypt = new EncryptCommand({ KeyId: keyArn, Plaintext: Buffer.from('x') });
    expect(await outcome(kms.send(encrypt))).toBe(`kms:Encrypt on ${keyArn}`);
  });
});

describe('S3', () => {
  const object = 'arn:aws:s3:::claims/clm_1';
  const on = (Action: string, Resource: string) => ({ Effect: 'Allow', Action, Resource });
  const get = (Key: string) => new GetObjectCommand({ Bucket: 'claims', Key });

  beforeAll(async () => {
    await admin.s3.send(new PutObjectCommand({ Bucket: 'claims', Key: 'clm_1', Body: 'sealed' }));
  });

  it('tells reading, writing, listing and deleting apart', async () => {
    const { s3 } = local.role('reader', [on('s3:GetObject', 'arn:aws:s3:::claims/*')]);
    expect(await outcome(s3.send(get('clm_1')))).toBe('allowed');
    expect(
      await outcome(s3.send(new PutObjectCommand({ Bucket: 'claims', Key: 'clm_1', Body: 'x' }))),
    ).toBe(`s3:PutObject on ${object}`);
    expect(await outcome(s3.send(new ListObjectsV2Command({ Bucket: 'claims' })))).toBe(
      's3:ListBucket on arn:aws:s3:::claims',
    );
    const remove = new DeleteObjectsCommand({
      Bucket: 'claims',
      Delete: { Objects: [{ Key: 'clm_1' }] },
    });
    expect(await outcome(s3.send(remove))).toBe(`s3:DeleteObject on ${object}`);
  });

  it('answers 403 in XML', async () => {
    const { s3 } = local.role('nobody', []);
    await expect(s3.send(get('clm_1'))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(
        `${roleArn('nobody')} is not authorized to perform: s3:GetObject on resource: ${object}`,
      ),
      $metadata: expect.objectContaining({ httpStatusCode: 403 }),
    });
  });

  it('tells that an object is missing only to those who may list', async () => {
    const read = on('s3:GetObject', 'arn:aws:s3:::claims/*');
    const list = on('s3:ListBucket', 'arn:aws:s3:::claims');
    expect(await outcome(local.role('reader', [read]).s3.send(get('gone')))).toBe(
      's3:ListBucket on arn:aws:s3:::claims',
    );
    expect(await outcome(local.role('lister', [read, list]).s3.send(get('gone')))).toBe(
      'NoSuchKey',
    );
  });

  it('obeys a bucket policy that denies, and lets one that allows suffice', async () => {
    await admin.s3.send(new CreateBucketCommand({ Bucket: 'guarded' }));
    await admin.s3.send(new PutObjectCommand({ Bucket: 'guarded', Key: 'a', Body: 'x' }));
    const all = {
      Principal: { AWS: '*' },
      Action: 's3:*',
      Resource: ['arn:aws:s3:::guarded', 'arn:aws:s3:::guarded/*'],
    };
    const deliver = roleArn('deliver');
    local.aws.registerResourcePolicy('arn:aws:s3:::guarded', {
      Version: '2012-10-17',
      Statement: [
        { ...all, Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        { ...all, Effect: 'Deny', Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } } },
        { ...all, Effect: 'Deny', Condition: { ArnNotEquals: { 'aws:PrincipalArn': deliver } } },
        { ...all, Effect: 'Allow', Principal: { AWS: deliver } },
      ],
    });
    const command = new GetObjectCommand({ Bucket: 'guarded', Key: 'a' });
    expect(await outcome(local.role('deliver', []).s3.send(command))).toBe('allowed');
    const other = local.role('other', [on('s3:GetObject', '*')]);
    await expect(other.s3.send(command)).rejects.toThrow(
      'because of an explicit deny in policy of arn:aws:s3:::guarded, statement 3',
    );
  });
});

describe('Scheduler', () => {
  const role = roleArn('fires');
  const create = (group: string) =>
    new CreateScheduleCommand({
      Name: 'job_1',
      GroupName: group,
      ScheduleExpression: 'rate(1 hour)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:step`, RoleArn: role },
    });
  const schedules = {
    Effect: 'Allow',
    Action: 'scheduler:CreateSchedule',
    Resource: `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/sync/*`,
  };
  const pass = {
    Effect: 'Allow',
    Action: 'iam:PassRole',
    Resource: role,
    Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
  };

  it('asks for the schedule in its group and for the role that is passed', async () => {
    local.role('fires', [], trustsScheduler('sync'));
    expect(await outcome(local.role('maker', [schedules]).scheduler.send(create('sync')))).toBe(
      `iam:PassRole on ${role}`,
    );
    expect(
      await outcome(local.role('maker', [schedules, pass]).scheduler.send(create('default'))),
    ).toBe(
      `scheduler:CreateSchedule on arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/job_1`,
    );
    expect(
      await outcome(local.role('maker', [schedules, pass]).scheduler.send(create('sync'))),
    ).toBe('allowed');
  });

  it('refuses a role that does not trust the scheduler for this group', async () => {
    local.role('fires', [], trustsScheduler('other'));
    expect(await outcome(admin.scheduler.send(create('sync')))).toBe('ConflictException');
    local.role('fires', []);
    const command = new CreateScheduleCommand({ ...create('sync').input, Name: 'job_2' });
    await expect(admin.scheduler.send(command)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('must allow AWS EventBridge Scheduler to assume the role'),
    });
  });
});

describe('the gateway', () => {
  it('refuses a caller it does not know and a signature of another secret', async () => {
    const stranger = local.clients({ accessKeyId: 'AKIASTRANGER', secretAccessKey: 'x' });
    expect(
      await outcome(
        stranger.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'x' })),
      ),
    ).toBe('UnrecognizedClientException');
    const forger = local.clients({ ...local.aws.admin, secretAccessKey: 'x' });
    expect(await outcome(forger.kms.send(new CreateKeyCommand({})))).toBe(
      'InvalidSignatureException',
    );
    expect(
      await outcome(forger.s3.send(new ListObjectsV2Command({ Bucket: 'claims', Prefix: 'a b' }))),
    ).toBe('InvalidSignatureException');
  });

  it('keeps the credentials of a role that is registered again, under its new policies', async () => {
    const first = local.aws.registerRole({ arn: roleArn('changing'), policies: [] });
    const second = local.aws.registerRole({ arn: roleArn('changing'), policies: [] });
    expect(second).toEqual(first);
  });

  it('answers unsigned requests with 403', async () => {
    const response = await fetch(local.aws.endpoint, { method: 'POST', body: '{}' });
    expect(response.status).toBe(403);
  });
});
