/** The operations of SQS that send, receive and settle messages. */
import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '#shared/kernel/clock.ts';
import { AwsError } from '../aws-message.ts';
import type { LongPolls } from './long-polls.ts';
import { type Message, numberOf, type Queue } from './queue.ts';
import type { QueueStore } from './queue-store.ts';

export interface MessageDeps {
  readonly store: QueueStore;
  readonly polls: LongPolls;
  readonly clock: Clock;
}

const MAX_DELAY_SECONDS = 900;
const MAX_HIDDEN_SECONDS = 43_200;
/** What XML can hold, as SQS demands of bodies. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

const attributesSchema = z.record(z.string(), z.record(z.string(), z.unknown())).default({});

export const sendSchema = z.object({
  MessageBody: z.string().min(1),
  DelaySeconds: z.int().min(0).max(MAX_DELAY_SECONDS).optional(),
  MessageGroupId: z.string().min(1).max(128).optional(),
  MessageAttributes: attributesSchema,
});

export const receiveSchema = z.object({
  MaxNumberOfMessages: z.int().min(1).max(10).default(1),
  VisibilityTimeout: z.int().min(0).max(MAX_HIDDEN_SECONDS).optional(),
  WaitTimeSeconds: z.int().min(0).max(20).optional(),
  AttributeNames: z.array(z.string()).default([]),
  MessageSystemAttributeNames: z.array(z.string()).default([]),
  MessageAttributeNames: z.array(z.string()).default([]),
});

export const visibilitySchema = z.object({
  ReceiptHandle: z.string().min(1),
  VisibilityTimeout: z.int().min(0).max(MAX_HIDDEN_SECONDS),
});

/** @throws AwsError for a body that the queue does not take */
export function draft(queue: Queue, input: z.output<typeof sendSchema>, nowMs: number): Message {
  if (FORBIDDEN.test(input.MessageBody)) {
    throw new AwsError(
      'InvalidMessageContents',
      'The message contains characters outside the allowed set.',
    );
  }
  const attributes = JSON.stringify(input.MessageAttributes);
  const maximumBytes = numberOf(queue, 'MaximumMessageSize');
  const attributeBytes = attributes === '{}' ? 0 : Buffer.byteLength(attributes);
  if (Buffer.byteLength(input.MessageBody) + attributeBytes > maximumBytes) {
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${maximumBytes} bytes.`,
    );
  }
  return {
    messageId: randomUUID(),
    queue: queue.name,
    body: input.MessageBody,
    attributes,
    groupId: input.MessageGroupId,
    sentAtMs: nowMs,
    visibleAtMs: nowMs + (input.DelaySeconds ?? numberOf(queue, 'DelaySeconds')) * 1000,
    receiveCount: 0,
    firstReceivedAtMs: undefined,
    receiptHandle: undefined,
  };
}

export function send(deps: MessageDeps, messages: readonly Message[]): readonly object[] {
  deps.store.putAll(messages);
  for (const queue of new Set(messages.map((message) => message.queue))) deps.polls.notify(queue);
  return messages.map(({ messageId, body }) => ({
    MessageId: messageId,
    MD5OfMessageBody: md5(body),
  }));
}

export async function receive(
  deps: MessageDeps,
  queue: Queue,
  input: z.output<typeof receiveSchema>,
  signal: AbortSignal,
): Promise<object> {
  const waitSeconds = input.WaitTimeSeconds ?? numberOf(queue, 'ReceiveMessageWaitTimeSeconds');
  const untilMs = deps.clock.now() + waitSeconds * 1000;
  const hiddenMs = (input.VisibilityTimeout ?? numberOf(queue, 'VisibilityTimeout')) * 1000;
  for (;;) {
    // A caller that hung up would let its messages wait out their invisibility.
    if (signal.aborted) return {};
    const atMs = deps.clock.now();
    const taken = deps.store.take(queue, {
      atMs,
      limit: input.MaxNumberOfMessages,
      hiddenMs,
      newReceiptHandle: randomUUID,
    });
    if (taken.length > 0) return { Messages: taken.map((message) => present(message, input)) };
    if (atMs >= untilMs) return {};
    const nextMs = deps.store.nextVisibleAtMs(queue.name, atMs) ?? untilMs;
    await deps.polls.wait(queue.name, Math.min(nextMs, untilMs) - atMs, signal);
  }
}

/** @throws AwsError MessageNotInflight where the message is not with this receiver any more */
export function changeVisibility(
  deps: MessageDeps,
  queue: Queue,
  input: z.output<typeof visibilitySchema>,
): object {
  const nowMs = deps.clock.now();
  const message = deps.store.received(queue.name, input.ReceiptHandle);
  if (!message || message.visibleAtMs <= nowMs) {
    throw new AwsError('MessageNotInflight', 'The message referred to is not in flight.');
  }
  deps.store.put({ ...message, visibleAtMs: nowMs + input.VisibilityTimeout * 1000 });
  deps.polls.notify(queue.name);
  return {};
}

function present(message: Message, input: z.output<typeof receiveSchema>): object {
  const system = systemAttributes(message);
  const wanted = new Set([...input.AttributeNames, ...input.MessageSystemAttributeNames]);
  const attributes = Object.entries(system).filter(
    ([name]) => wanted.has('All') || wanted.has(name),
  );
  const own: Readonly<Record<string, unknown>> = JSON.parse(message.attributes);
  const chosen = Object.entries(own).filter(([name]) =>
    isWanted(name, input.MessageAttributeNames),
  );
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(attributes.length > 0 && { Attributes: Object.fromEntries(attributes) }),
    ...(chosen.length > 0 && { MessageAttributes: Object.fromEntries(chosen) }),
  };
}

function systemAttributes(message: Message): Readonly<Record<string, string>> {
  return {
    SenderId: 'local',
    SentTimestamp: String(message.sentAtMs),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs),
    ...(message.groupId !== undefined && { MessageGroupId: message.groupId }),
  };
}

function isWanted(name: string, patterns: readonly string[]): boolean {
  return patterns.some(
    (pattern) =>
      pattern === 'All' ||
      pattern === '.*' ||
      pattern === name ||
      (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -1))),
  );
}

/** SQS's check sum, which SDKs compare. */
function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
