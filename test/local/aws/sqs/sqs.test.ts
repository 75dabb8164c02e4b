import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { ACCOUNT, REGION, TestAws } from '../support.ts';

const local = new TestAws();
let sqs: SQSClient;
let queues = 0;

beforeAll(async () => {
  await local.start();
  sqs = local.clients().sqs;
});
afterAll(() => local.remove());

async function makeQueue(Attributes: Record<string, string> = {}): Promise<string> {
  queues += 1;
  return (
    (await sqs.send(new CreateQueueCommand({ QueueName: `queue-${queues}`, Attributes })))
      .QueueUrl ?? ''
  );
}

const send = (QueueUrl: string, MessageBody: string, more = {}) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));

async function receive(QueueUrl: string, more: Partial<ReceiveMessageCommandInput> = {}) {
  const answer = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more }),
  );
  return answer.Messages ?? [];
}

const bodies = async (QueueUrl: string) => (await receive(QueueUrl)).map(({ Body }) => Body);
const arnOf = (url: string) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${url.split('/').at(-1)}`;

describe('SQS', () => {
  it('hands a message out once until its invisibility is over, then again', async () => {
    const queue = await makeQueue({ VisibilityTimeout: '60' });
    await send(queue, 'hint');
    expect(await bodies(queue)).toEqual(['hint']);
    expect(await bodies(queue)).toEqual([]);
    local.clock.advance(60_000);
    expect(await bodies(queue)).toEqual(['hint']);
  });

  it('gives a message back at once when its invisibility is set to nothing', async () => {
    const queue = await makeQueue();
    await send(queue, 'hint');
    const [first] = await receive(queue);
    await sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queue,
        ReceiptHandle: first?.ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );
    const [second] = await receive(queue, {
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });
    expect(second?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
  });

  it('never hands out a deleted message again', async () => {
    const queue = await makeQueue();
    await send(queue, 'hint');
    const [message] = await receive(queue);
    await sqs.send(
      new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: message?.ReceiptHandle }),
    );
    local.clock.advance(3_600_000);
    expect(await bodies(queue)).toEqual([]);
  });

  it('does not let the receipt of an earlier receive delete or hold a message', async () => {
    const queue = await makeQueue({ VisibilityTimeout: '1' });
    await send(queue, 'hint');
    const [early] = await receive(queue);
    local.clock.advance(1_000);
    await receive(queue);
    await sqs.send(
      new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: early?.ReceiptHandle }),
    );
    const extend = new ChangeMessageVisibilityCommand({
      QueueUrl: queue,
      ReceiptHandle: early?.ReceiptHandle,
      VisibilityTimeout: 60,
    });
    await expect(sqs.send(extend)).rejects.toMatchObject({ name: 'MessageNotInflight' });
    local.clock.advance(1_000);
    expect(await bodies(queue)).toEqual(['hint']);
  });

  it('keeps a delayed message back', async () => {
    const queue = await makeQueue();
    await send(queue, 'later', { DelaySeconds: 30 });
    expect(await bodies(queue)).toEqual([]);
    local.clock.advance(30_000);
    expect(await bodies(queue)).toEqual(['later']);
  });

  it('hands out the oldest first, with group, attributes and check sums', async () => {
    const queue = await makeQueue();
    await send(queue, 'first', {
      MessageGroupId: 'env_1',
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'a' } },
    });
    local.clock.advance(1);
    await send(queue, 'second');
    const [first, second] = await receive(queue, {
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    expect(first).toMatchObject({
      Body: 'first',
      MD5OfBody: '8b04d5e3775d298e78455efc5ca404d5',
      Attributes: { MessageGroupId: 'env_1', ApproximateReceiveCount: '1' },
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'a' } },
    });
    expect(second).toMatchObject({ Body: 'second' });
  });

  it('ends a long poll when a message comes', async () => {
    const queue = await makeQueue();
    const waiting = receive(queue, { WaitTimeSeconds: 20 });
    await send(queue, 'hint');
    expect((await waiting).map(({ Body }) => Body)).toEqual(['hint']);
  });

  it('gives nothing to a receiver that hung up', async () => {
    const queue = await makeQueue();
    const hungUp = new AbortController();
    const waiting = sqs.send(new ReceiveMessageCommand({ QueueUrl: queue, WaitTimeSeconds: 20 }), {
      abortSignal: hungUp.signal,
    });
    const failed = expect(waiting).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 30));
    hungUp.abort();
    await failed;
    await new Promise((resolve) => setTimeout(resolve, 30));
    await send(queue, 'hint');
    expect(await bodies(queue)).toEqual(['hint']);
  });

  it('moves what was received too often to the dead letters, at the age it has', async () => {
    const dead = await makeQueue({ MessageRetentionPeriod: '120' });
    const queue = await makeQueue({
      VisibilityTimeout: '0',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf(dead), maxReceiveCount: 2 }),
    });
    await send(queue, 'poison');
    expect(await bodies(queue)).toEqual(['poison']);
    local.clock.advance(100_000);
    expect(await bodies(queue)).toEqual(['poison']);
    expect(await bodies(queue)).toEqual([]);
    const [letter] = await receive(dead, {
      VisibilityTimeout: 0,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });
    expect(letter).toMatchObject({ Body: 'poison', Attributes: { ApproximateReceiveCount: '3' } });
    local.clock.advance(20_000);
    expect(await bodies(dead)).toEqual([]);
  });

  it('neither hands out nor keeps a message beyond the retention of its queue', async () => {
    const queue = await makeQueue({ MessageRetentionPeriod: '60' });
    await send(queue, 'retained-canary');
    local.clock.advance(59_999);
    expect(await receive(queue, { VisibilityTimeout: 0 })).toHaveLength(1);
    local.clock.advance(1);
    expect(await bodies(queue)).toEqual([]);
    expect(local.filesWith('retained-canary')).toEqual(['sqs/queues.db']);
    await local.aws.tidy();
    expect(local.filesWith('retained-canary')).toEqual([]);
  });

  it('leaves nothing of a deleted message on the disk', async () => {
    const queue = await makeQueue();
    await send(queue, 'deleted-canary');
    const [message] = await receive(queue);
    expect(local.filesWith('deleted-canary')).toEqual(['sqs/queues.db']);
    await sqs.send(
      new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: message?.ReceiptHandle }),
    );
    expect(local.filesWith('deleted-canary')).toEqual([]);
  });

  it('leaves nothing of a purged queue on the disk', async () => {
    const queue = await makeQueue();
    await send(queue, 'purged-canary');
    await sqs.send(new PurgeQueueCommand({ QueueUrl: queue }));
    expect(local.filesWith('purged-canary')).toEqual([]);
  });

  it('does in a batch what it can and says what it could not', async () => {
    const queue = await makeQueue({ MaximumMessageSize: '1024' });
    const sent = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queue,
        Entries: [
          { Id: 'good', MessageBody: 'hint' },
          { Id: 'big', MessageBody: 'x'.repeat(1025) },
        ],
      }),
    );
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['good']);
    expect(sent.Failed).toMatchObject([
      { Id: 'big', Code: 'InvalidParameterValue', SenderFault: true },
    ]);
    const [message] = await receive(queue);
    await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: queue,
        Entries: [{ Id: 'a', ReceiptHandle: message?.ReceiptHandle }],
      }),
    );
    local.clock.advance(60_000);
    expect(await bodies(queue)).toEqual([]);
  });

  it('counts what is visible, in flight and delayed', async () => {
    const queue = await makeQueue();
    await send(queue, 'a');
    await send(queue, 'b');
    await send(queue, 'c', { DelaySeconds: 60 });
    await receive(queue, { MaxNumberOfMessages: 1 });
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: ['All'] }),
    );
    expect(Attributes).toMatchObject({
      QueueArn: arnOf(queue),
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '1',
      MessageRetentionPeriod: '345600',
    });
  });

  it('takes a queue that is there for the one asked for, unless its attributes differ', async () => {
    const create = (VisibilityTimeout: string) =>
      sqs.send(new CreateQueueCommand({ QueueName: 'again', Attributes: { VisibilityTimeout } }));
    const { QueueUrl } = await create('60');
    expect((await create('60')).QueueUrl).toBe(QueueUrl);
    await expect(create('61')).rejects.toMatchObject({ name: 'QueueNameExists' });
    await sqs.send(
      new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '61' } }),
    );
    expect((await create('61')).QueueUrl).toBe(QueueUrl);
  });

  it('refuses attributes beyond what AWS allows, FIFO queues and queues that are not there', async () => {
    await expect(makeQueue({ MessageRetentionPeriod: '59' })).rejects.toMatchObject({
      name: 'InvalidAttributeValue',
    });
    await expect(sqs.send(new CreateQueueCommand({ QueueName: 'a.fifo' }))).rejects.toThrow();
    await expect(sqs.send(new GetQueueUrlCommand({ QueueName: 'none' }))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
  });
});
