/**
 * Feeds a function from a queue: what Lambda's event source mapping does, with the function's own
 * role, as Lambda does it.
 *
 * Messages that failed stay in the queue and come back when their visibility timeout ends; the
 * queue's redrive policy decides when they are given up.
 */

import type { SQSClient } from '@aws-sdk/client-sqs';
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import type { Clock } from '#shared/kernel/clock.ts';
import { messagesDone, sqsEvent } from './sqs-event.ts';

export interface QueueFeed {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly functionId: string;
  readonly region: string;
  readonly batchSize: number;
  /** How long a batch may gather. */
  readonly windowSeconds: number;
  /** Invocations at the same time at most. */
  readonly maxConcurrency: number;
  readonly reportsPartialFailures: boolean;
}

export interface QueuePollerOptions {
  readonly feed: QueueFeed;
  readonly sqs: SQSClient;
  readonly invoke: (functionId: string, event: string) => Promise<string>;
  readonly clock: Clock;
  /** What went wrong outside the function; the function's own errors are in its log. */
  readonly onFault: (what: string, error: unknown) => void;
}

export interface Poller {
  /** Takes no more messages; resolves when those taken are done. */
  stop(): Promise<void>;
}

/** One request's limits. */
const RECEIVE_LIMIT = 10;
const LONG_POLL_SECONDS = 20;
const RETRY_MS = 1_000;

export function startQueuePoller(options: QueuePollerOptions): Poller {
  const { feed, clock, onFault } = options;
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      if (underWay.size >= feed.maxConcurrency) {
        await Promise.race(underWay);
        continue;
      }
      const messages = await receiveBatch(options, stopping.signal);
      if (messages.length === 0) continue;
      const work = handle(options, messages)
        .catch((error: unknown) => onFault('a batch could not be settled', error))
        .finally(() => underWay.delete(work));
      underWay.add(work);
    }
  };
  const guarded = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await loop();
      } catch (error) {
        if (stopping.signal.aborted) return;
        onFault('a queue could not be polled', error);
        await clock.sleep(RETRY_MS);
      }
    }
  };
  const running = guarded();
  return {
    async stop() {
      stopping.abort();
      await running;
      await Promise.all(underWay);
    },
  };
}

/** Up to a batch; fewer when the window closes or the queue has no more. */
async function receiveBatch(
  options: QueuePollerOptions,
  signal: AbortSignal,
): Promise<readonly Message[]> {
  const { feed, clock } = options;
  const batch: Message[] = [];
  let closesAtMs = 0;
  while (batch.length < feed.batchSize) {
    const leftSeconds = Math.ceil((closesAtMs - clock.now()) / 1_000);
    const waitSeconds = batch.length === 0 ? LONG_POLL_SECONDS : Math.max(0, leftSeconds);
    const messages = await receive(options, feed.batchSize - batch.length, waitSeconds, signal);
    if (batch.length === 0) closesAtMs = clock.now() + feed.windowSeconds * 1_000;
    batch.push(...messages);
    if (messages.length === 0 || clock.now() >= closesAtMs) break;
  }
  return batch;
}

async function receive(
  { feed, sqs }: QueuePollerOptions,
  wanted: number,
  waitSeconds: number,
  signal: AbortSignal,
): Promise<readonly Message[]> {
  const received = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: feed.queueUrl,
      MaxNumberOfMessages: Math.min(RECEIVE_LIMIT, wanted),
      WaitTimeSeconds: Math.min(LONG_POLL_SECONDS, waitSeconds),
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
    { abortSignal: signal },
  );
  return received.Messages ?? [];
}

async function handle(options: QueuePollerOptions, messages: readonly Message[]): Promise<void> {
  const { feed, sqs } = options;
  const event = JSON.stringify(sqsEvent(messages, feed.queueArn, feed.region));
  let answer: string;
  try {
    answer = await options.invoke(feed.functionId, event);
  } catch {
    // The function said why in its log; its messages come back.
    return;
  }
  const done = feed.reportsPartialFailures ? messagesDone(messages, answer) : messages;
  for (let start = 0; start < done.length; start += RECEIVE_LIMIT) {
    const entries = done.slice(start, start + RECEIVE_LIMIT).map((message, index) => ({
      Id: String(index),
      ReceiptHandle: message.ReceiptHandle ?? '',
    }));
    const deleted = await sqs.send(
      new DeleteMessageBatchCommand({ QueueUrl: feed.queueUrl, Entries: entries }),
    );
    for (const failure of deleted.Failed ?? []) {
      options.onFault('a message could not be deleted', new Error(failure.Code ?? 'unknown'));
    }
  }
}
