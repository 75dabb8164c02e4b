/** Messages to a queue: JSON without payload, in the message group of their environment. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { assertPersistable, type Persistable } from '../../kernel/transient.ts';

interface QueueMessage {
  readonly [member: string]: Persistable;
  /** Fair queues: one environment's rush does not hold up the others. */
  readonly environment_id: string;
}

/** `delaySeconds`: 0 to 900, SQS's limit. */
export type SendToQueue = (message: QueueMessage, delaySeconds: number) => Promise<void>;

export function createSendToQueue(client: SQSClient, queueUrl: string): SendToQueue {
  return async (message, delaySeconds) => {
    assertPersistable(message);
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify(message),
        DelaySeconds: delaySeconds,
        MessageGroupId: message.environment_id,
      }),
    );
  };
}
