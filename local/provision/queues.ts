/** SQS queues: created where missing, their attributes set on every start. */
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { Json } from '#shared/kernel/json.ts';
import type { Creator } from './creator.ts';
import { attributeText, propertiesOf } from './stack.ts';

const setting = z.json().optional();
const queueSchema = z.strictObject({
  QueueName: z.string().optional(),
  FifoQueue: setting,
  ContentBasedDeduplication: setting,
  DeduplicationScope: setting,
  DelaySeconds: setting,
  FifoThroughputLimit: setting,
  KmsDataKeyReusePeriodSeconds: setting,
  KmsMasterKeyId: setting,
  MaximumMessageSize: setting,
  MessageRetentionPeriod: setting,
  ReceiveMessageWaitTimeSeconds: setting,
  RedriveAllowPolicy: setting,
  RedrivePolicy: setting,
  SqsManagedSseEnabled: setting,
  VisibilityTimeout: setting,
  Tags: setting,
});

export const createQueue: Creator = async (resource, { clients, identity, region, accountId }) => {
  const { QueueName, FifoQueue, Tags: _tags, ...settings } = propertiesOf(resource, queueSchema);
  const name = QueueName ?? queueName(identity.physicalName(resource.logicalId, 75), FifoQueue);
  const attributes = Object.fromEntries(
    Object.entries(settings).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, attributeText(value)]],
    ),
  );
  const existing = await findQueue(clients.sqs, name);
  if (existing !== undefined && Object.keys(attributes).length > 0) {
    await clients.sqs.send(
      new SetQueueAttributesCommand({ QueueUrl: existing, Attributes: attributes }),
    );
  }
  const url = existing ?? (await makeQueue(clients.sqs, name, attributes, FifoQueue));
  // The account in the URL is the endpoint's own, which need not be the stack's.
  const account = new URL(url).pathname.split('/').at(-2) ?? accountId;
  const arn = `arn:aws:sqs:${region}:${account}:${name}`;
  return { ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
};

function queueName(name: string, fifo: Json | undefined): string {
  return fifo === true ? `${name}.fifo` : name;
}

async function findQueue(sqs: SQSClient, name: string): Promise<string | undefined> {
  try {
    return (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl;
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return undefined;
    throw error;
  }
}

async function makeQueue(
  sqs: SQSClient,
  name: string,
  attributes: Readonly<Record<string, string>>,
  fifo: Json | undefined,
): Promise<string> {
  const created = await sqs.send(
    new CreateQueueCommand({
      QueueName: name,
      Attributes: { ...attributes, ...(fifo === true && { FifoQueue: 'true' }) },
    }),
  );
  return created.QueueUrl ?? '';
}
