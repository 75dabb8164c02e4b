/** Queues and messages as the local SQS keeps them. */

export interface Queue {
  readonly name: string;
  /** As the API names them: `VisibilityTimeout`, `RedrivePolicy`, … */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
}

export interface Message {
  readonly messageId: string;
  readonly queue: string;
  readonly body: string;
  /** The message attributes as sent: JSON text. */
  readonly attributes: string;
  readonly groupId: string | undefined;
  readonly sentAtMs: number;
  /** Until then nobody receives it: delayed, or handed to a receiver. */
  readonly visibleAtMs: number;
  readonly receiveCount: number;
  readonly firstReceivedAtMs: number | undefined;
  /** Of the latest receive. */
  readonly receiptHandle: string | undefined;
}

export const QUEUE_DEFAULTS: Readonly<Record<string, string>> = {
  VisibilityTimeout: '30',
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
};

/** A whole number of seconds or bytes among the attributes. */
export function numberOf(queue: Queue, attribute: keyof typeof QUEUE_DEFAULTS): number {
  return Number(queue.attributes[attribute] ?? QUEUE_DEFAULTS[attribute]);
}

export interface Redrive {
  readonly deadLetterArn: string;
  readonly maxReceives: number;
}

export function redriveOf(queue: Queue): Redrive | undefined {
  const text = queue.attributes['RedrivePolicy'];
  if (!text) return undefined;
  const policy: Readonly<Record<string, unknown>> = JSON.parse(text);
  return {
    deadLetterArn: String(policy['deadLetterTargetArn']),
    maxReceives: Number(policy['maxReceiveCount']),
  };
}
