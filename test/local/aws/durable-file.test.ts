import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { DecryptCommand, EncryptCommand } from '@aws-sdk/client-kms';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { GetScheduleCommand } from '@aws-sdk/client-scheduler';
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import dynalite from 'dynalite/db/index.js';
import { systemClock } from '#shared/kernel/clock.ts';
import { type Clients, setUp, TestAws } from './support.ts';

interface Acknowledged {
  readonly id: string;
  readonly ciphertext: string;
}

const item = (id: string, token = id) => ({
  pk: { S: `RUN#${id}` },
  sk: { S: 'STATE' },
  duePk: { S: 'DUE' },
  token: { S: token },
});
const keyOf = (id: string) => ({ pk: { S: `RUN#${id}` }, sk: { S: 'STATE' } });

async function due({ dynamodb }: Clients): Promise<readonly string[]> {
  const query = {
    TableName: 'main',
    IndexName: 'due',
    KeyConditionExpression: 'duePk = :due',
    ExpressionAttributeValues: { ':due': { S: 'DUE' } },
  };
  const { Items = [] } = await dynamodb.send(new QueryCommand(query));
  return Items.map(({ token }) => token?.S ?? '').sort();
}

/** Runs the victim until it has acknowledged `count` writes, and kills it in the middle of the next. */
async function killAfter(count: number, dataDir: string): Promise<readonly Acknowledged[]> {
  const victim: ChildProcess = spawn(process.execPath, [join(__dirname, 'victim.ts'), dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acknowledged: Acknowledged[] = [];
  if (victim.stdout) {
    for await (const line of createInterface(victim.stdout)) {
      acknowledged.push(JSON.parse(line));
      if (acknowledged.length === count) victim.kill('SIGKILL');
    }
  }
  return acknowledged;
}

let local: TestAws;
beforeEach(() => {
  local = new TestAws();
});
afterEach(() => local.remove());

describe('the data directory', () => {
  it('holds every acknowledged write after kill -9', async () => {
    const acknowledged = await killAfter(40, local.dataDir);
    expect(acknowledged.length).toBeGreaterThanOrEqual(40);
    await local.start({ clock: systemClock });
    const clients = local.clients();
    for (const { id, ciphertext } of acknowledged) {
      const { Item } = await clients.dynamodb.send(
        new GetItemCommand({ TableName: 'main', Key: keyOf(id) }),
      );
      expect(Item).toEqual(item(id));
      const object = await clients.s3.send(new GetObjectCommand({ Bucket: 'claims', Key: id }));
      expect(await object.Body?.transformToString()).toBe(id);
      const opened = await clients.kms.send(
        new DecryptCommand({ CiphertextBlob: Buffer.from(ciphertext, 'base64') }),
      );
      expect(Buffer.from(opened.Plaintext ?? []).toString()).toBe(id);
      expect(
        (await clients.scheduler.send(new GetScheduleCommand({ Name: id, GroupName: 'sync' })))
          .Name,
      ).toBe(id);
    }
    const ids = acknowledged.map(({ id }) => id);
    expect(await due(clients)).toEqual(expect.arrayContaining(ids));
    expect(await received(clients)).toEqual(expect.arrayContaining(ids));
  }, 30_000);

  it('keeps port, keys, queues, objects and tables over a restart', async () => {
    await local.start();
    const { endpoint } = local.aws;
    const before = local.clients();
    const { keyArn, queueUrl } = await setUp(before);
    const sealed = await before.kms.send(
      new EncryptCommand({ KeyId: keyArn, Plaintext: Buffer.from('x') }),
    );
    await before.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'hint' }));
    await before.sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, VisibilityTimeout: 60 }));
    await before.dynamodb.send(new PutItemCommand({ TableName: 'main', Item: item('1') }));
    await local.stop();
    await local.start();
    expect(local.aws.endpoint).toBe(endpoint);
    const after = local.clients();
    expect(
      (await after.kms.send(new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob }))).KeyId,
    ).toBe(keyArn);
    expect(await due(after)).toEqual(['1']);
    const attributes = new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ['All'],
    });
    expect((await after.sqs.send(attributes)).Attributes).toMatchObject({
      ApproximateNumberOfMessagesNotVisible: '1',
      KmsMasterKeyId: keyArn,
    });
    local.clock.advance(60_000);
    expect(await received(after)).toEqual(['hint']);
  });

  it('mends an index that a kill tore from its items', async () => {
    await local.start();
    const before = local.clients();
    await setUp(before);
    for (const id of ['1', '2'])
      await before.dynamodb.send(new PutItemCommand({ TableName: 'main', Item: item(id) }));
    await local.stop();
    const folder = join(local.dataDir, 'dynamodb');
    await tear(join(folder, 'level'));
    writeFileSync(join(folder, 'open'), '');
    await local.start();
    expect(await due(local.clients())).toEqual(['1', '2']);
  });

  it('lets nobody else start on it meanwhile', async () => {
    await local.start();
    const other = new TestAws();
    await expect(other.start({ dataDir: local.dataDir })).rejects.toThrow();
    await other.remove();
  });

  it('loses deleted and overwritten items for good when tidied', async () => {
    await local.start();
    const { dynamodb } = local.clients();
    await setUp(local.clients());
    const put = (id: string, token: string) =>
      dynamodb.send(new PutItemCommand({ TableName: 'main', Item: item(id, token) }));
    await put('1', 'deleted-f3a91c');
    await put('2', 'overwritten-7be04d');
    await local.aws.tidy();
    expect(local.filesWith('f3a91c')).not.toEqual([]);
    await dynamodb.send(new DeleteItemCommand({ TableName: 'main', Key: keyOf('1') }));
    await put('2', 'current-22c8');
    await local.aws.tidy();
    expect(local.filesWith('f3a91c')).toEqual([]);
    expect(local.filesWith('7be04d')).toEqual([]);
    expect(local.filesWith('22c8')).not.toEqual([]);
  });

  it('shows keys to nobody else on the machine and material not at all', async () => {
    await local.start();
    const { kms } = local.clients();
    const sealed = await kms.send(
      new EncryptCommand({
        KeyId: (await setUp(local.clients())).keyArn,
        Plaintext: Buffer.from('plaintext-canary'),
      }),
    );
    expect(sealed.CiphertextBlob).toBeDefined();
    expect(local.filesWith('plaintext-canary')).toEqual([]);
    expect(local.modes('kms')).toEqual({ 'kms.json': '600', 'kms.root': '600' });
  });
});

async function received({ sqs }: Clients): Promise<readonly string[]> {
  const QueueUrl = (await sqs.send(new GetQueueUrlCommand({ QueueName: 'step' }))).QueueUrl;
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
    );
    if (Messages.length === 0) return bodies.sort();
    bodies.push(...Messages.map(({ Body }) => Body ?? ''));
  }
}

/** Deletes all index entries and adds one of an item that does not exist. */
async function tear(path: string): Promise<void> {
  const { db } = dynalite.create({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await db.open();
  const prefix = 'index-global~main~due~';
  const keys: string[] = [];
  for await (const key of db.keys({ gte: prefix, lt: `${prefix}\xFF` })) keys.push(key);
  expect(keys).toHaveLength(2);
  await db.batch([
    ...keys.map((key) => ({ type: 'del' as const, key })),
    { type: 'put', key: `${keys[0]}ff`, value: item('3') },
  ]);
  await db.close();
}
