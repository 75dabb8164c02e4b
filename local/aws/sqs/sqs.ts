/**
 * Amazon SQS, standard queues, spoken as JSON 1.0, durable in one folder.
 *
 * Messages are handed out oldest first. Not here: FIFO queues, and fairness between message groups.
 * Source  https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html
 */

import * as z from 'zod';
import type { Clock } from '#shared/kernel/clock.ts';
import {
  AwsError,
  type Backend,
  jsonAnswer,
  jsonRefusal,
  operationOf,
  parseJsonBody,
} from '../aws-message.ts';
import { LongPolls } from './long-polls.ts';
import {
  changeVisibility,
  draft,
  type MessageDeps,
  receive,
  receiveSchema,
  send,
  sendSchema,
  visibilitySchema,
} from './message-operations.ts';
import type { Queue } from './queue.ts';
import {
  attributesSchema,
  createQueue,
  createSchema,
  getAttributes,
  type QueueDeps,
  setAttributes,
} from './queue-operations.ts';
import { QueueStore } from './queue-store.ts';

const PROTOCOL = 'application/x-amz-json-1.0';
const MAX_BATCH = 10;

export interface SqsOptions {
  readonly folder: string;
  readonly region: string;
  readonly accountId: string;
  readonly clock: Clock;
  /** What queue URLs begin with; known once the gateway listens. */
  readonly url: { readonly endpoint: string };
}

export interface Sqs {
  readonly handle: Backend;
  readonly store: QueueStore;
  stop(): void;
}

type Operation = (body: unknown, signal: AbortSignal) => object | Promise<object>;

export function openSqs(options: SqsOptions): Sqs {
  const { clock, region, accountId } = options;
  const store = new QueueStore(options.folder);
  const polls = new LongPolls();
  const stopping = new AbortController();
  const queueDeps: QueueDeps = {
    store,
    clock,
    urlOf: (name) => `${options.url.endpoint}/${accountId}/${name}`,
    arnOf: (name) => `arn:aws:sqs:${region}:${accountId}:${name}`,
  };
  const operations = {
    ...queueOperations(queueDeps),
    ...messageOperations({ store, clock, polls }),
    ...batchOperations({ store, clock, polls }),
  };
  return {
    store,
    async handle(request) {
      try {
        const name = operationOf(request);
        const run = Object.hasOwn(operations, name) ? operations[name] : undefined;
        if (!run)
          throw new AwsError(
            'UnknownOperationException',
            `The local SQS has no operation ${name}.`,
          );
        const signal = AbortSignal.any([request.signal, stopping.signal]);
        return jsonAnswer(PROTOCOL, await run(parseJsonBody(request), signal));
      } catch (error) {
        if (error instanceof AwsError) return jsonRefusal(PROTOCOL, error);
        if (error instanceof z.ZodError)
          return jsonRefusal(
            PROTOCOL,
            new AwsError('InvalidParameterValue', z.prettifyError(error)),
          );
        throw error;
      }
    },
    stop() {
      // Before the store: whoever waits for a message must not look into it again.
      stopping.abort();
      store.close();
    },
  };
}

/** The name in a queue's URL; its host may be that of an earlier start. */
export function queueNameOf(queueUrl: string): string {
  return queueUrl.split('/').at(-1) ?? '';
}

const inQueueSchema = z.object({ QueueUrl: z.string() });

function queueOf(store: QueueStore, body: unknown): Queue {
  const queue = store.queue(queueNameOf(inQueueSchema.parse(body).QueueUrl));
  if (!queue) throw missing();
  return queue;
}

function queueOperations(deps: QueueDeps): Readonly<Record<string, Operation>> {
  const { store } = deps;
  return {
    CreateQueue: (body) => createQueue(deps, createSchema.parse(body)),
    DeleteQueue: (body) => {
      store.deleteQueue(queueOf(store, body).name);
      return {};
    },
    GetQueueUrl: (body) => {
      const { QueueName } = z.object({ QueueName: z.string() }).parse(body);
      if (!store.queue(QueueName)) throw missing();
      return { QueueUrl: deps.urlOf(QueueName) };
    },
    ListQueues: (body) => {
      const { QueueNamePrefix } = z.object({ QueueNamePrefix: z.string().default('') }).parse(body);
      const named = store.queues().filter(({ name }) => name.startsWith(QueueNamePrefix));
      return { QueueUrls: named.map(({ name }) => deps.urlOf(name)) };
    },
    GetQueueAttributes: (body) =>
      getAttributes(
        deps,
        queueOf(store, body),
        z.object({ AttributeNames: z.array(z.string()).default([]) }).parse(body).AttributeNames,
      ),
    SetQueueAttributes: (body) =>
      setAttributes(
        deps,
        queueOf(store, body),
        z.object({ Attributes: attributesSchema }).parse(body).Attributes,
      ),
    PurgeQueue: (body) => {
      store.purge(queueOf(store, body).name);
      return {};
    },
    ListQueueTags: (body) => ({ Tags: queueOf(store, body).tags }),
    TagQueue: (body) => {
      const queue = queueOf(store, body);
      const { Tags } = z.object({ Tags: z.record(z.string(), z.string()) }).parse(body);
      store.putQueue({ ...queue, tags: { ...queue.tags, ...Tags } });
      return {};
    },
  };
}

function messageOperations(deps: MessageDeps): Readonly<Record<string, Operation>> {
  const { store, clock } = deps;
  return {
    SendMessage: (body) =>
      send(deps, [draft(queueOf(store, body), sendSchema.parse(body), clock.now())])[0] ?? {},
    ReceiveMessage: (body, signal) =>
      receive(deps, queueOf(store, body), receiveSchema.parse(body), signal),
    DeleteMessage: (body) => {
      store.delete(
        queueOf(store, body).name,
        z.object({ ReceiptHandle: z.string() }).parse(body).ReceiptHandle,
      );
      return {};
    },
    ChangeMessageVisibility: (body) =>
      changeVisibility(deps, queueOf(store, body), visibilitySchema.parse(body)),
  };
}

function batchOperations(deps: MessageDeps): Readonly<Record<string, Operation>> {
  const { store, clock } = deps;
  return {
    SendMessageBatch: (body) => {
      const queue = queueOf(store, body);
      return inBatch(
        body,
        (entry) => send(deps, [draft(queue, sendSchema.parse(entry), clock.now())])[0] ?? {},
      );
    },
    DeleteMessageBatch: (body) => {
      const queue = queueOf(store, body);
      return inBatch(body, (entry) => {
        store.delete(
          queue.name,
          z.object({ ReceiptHandle: z.string() }).parse(entry).ReceiptHandle,
        );
        return {};
      });
    },
    ChangeMessageVisibilityBatch: (body) => {
      const queue = queueOf(store, body);
      return inBatch(body, (entry) => changeVisibility(deps, queue, visibilitySchema.parse(entry)));
    },
  };
}

/** Each entry on its own: what one refuses, the others still do. */
function inBatch(body: unknown, run: (entry: unknown) => object): object {
  const { Entries } = z
    .object({
      Entries: z
        .array(z.looseObject({ Id: z.string() }))
        .min(1)
        .max(MAX_BATCH),
    })
    .parse(body);
  const successful: object[] = [];
  const failed: object[] = [];
  for (const entry of Entries) {
    try {
      successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError) && !(error instanceof z.ZodError)) throw error;
      const code = error instanceof AwsError ? error.code : 'InvalidParameterValue';
      failed.push({ Id: entry.Id, SenderFault: true, Code: code, Message: error.message });
    }
  }
  return { Successful: successful, Failed: failed };
}

function missing(): AwsError {
  return new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
}
