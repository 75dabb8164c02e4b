/** The operations of SQS that make, describe and change queues. */

import * as z from 'zod';
import type { Clock } from '#shared/kernel/clock.ts';
import { AwsError } from '../aws-message.ts';
import { QUEUE_DEFAULTS, type Queue } from './queue.ts';
import type { QueueStore } from './queue-store.ts';

export interface QueueDeps {
  readonly store: QueueStore;
  readonly clock: Clock;
  readonly urlOf: (name: string) => string;
  readonly arnOf: (name: string) => string;
}

/** Least and most that AWS accepts; seconds, or bytes. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  VisibilityTimeout: [0, 43_200],
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1_024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
};
const OTHERS = new Set([
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'Policy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
]);

export const attributesSchema = z.record(z.string(), z.string()).default({});

export const createSchema = z.object({
  // Standard queues only: no name ends in .fifo.
  QueueName: z.string().regex(/^[\w-]{1,80}$/),
  Attributes: attributesSchema,
  tags: z.record(z.string(), z.string()).default({}),
});

/** Creating a queue that is there already, with the same attributes, changes nothing. */
export function createQueue(deps: QueueDeps, input: z.output<typeof createSchema>): object {
  assertAttributes(input.Attributes);
  const existing = deps.store.queue(input.QueueName);
  const differing =
    existing &&
    Object.keys(input.Attributes).find(
      (name) => attribute(existing, name) !== input.Attributes[name],
    );
  if (differing) {
    throw new AwsError(
      'QueueNameExists',
      `A queue already exists with the same name and a different value for attribute ${differing}`,
    );
  }
  if (!existing) {
    const nowMs = deps.clock.now();
    deps.store.putQueue({
      name: input.QueueName,
      attributes: input.Attributes,
      tags: input.tags,
      createdAtMs: nowMs,
      modifiedAtMs: nowMs,
    });
  }
  return { QueueUrl: deps.urlOf(input.QueueName) };
}

export function setAttributes(
  deps: QueueDeps,
  queue: Queue,
  attributes: Readonly<Record<string, string>>,
): object {
  assertAttributes(attributes);
  // An empty policy removes it.
  const merged = Object.entries({ ...queue.attributes, ...attributes }).filter(
    ([, value]) => value !== '',
  );
  deps.store.putQueue({
    ...queue,
    attributes: Object.fromEntries(merged),
    modifiedAtMs: deps.clock.now(),
  });
  return {};
}

export function getAttributes(deps: QueueDeps, queue: Queue, names: readonly string[]): object {
  const counts = deps.store.counts(queue.name, deps.clock.now());
  const all: Readonly<Record<string, string>> = {
    ...QUEUE_DEFAULTS,
    ...queue.attributes,
    QueueArn: deps.arnOf(queue.name),
    CreatedTimestamp: String(Math.floor(queue.createdAtMs / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAtMs / 1000)),
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
  };
  const chosen = Object.entries(all).filter(
    ([name]) => names.includes('All') || names.includes(name),
  );
  return { Attributes: Object.fromEntries(chosen) };
}

function attribute(queue: Queue, name: string): string | undefined {
  return queue.attributes[name] ?? QUEUE_DEFAULTS[name];
}

function assertAttributes(attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    const range = RANGES[name];
    if (!range && !OTHERS.has(name)) {
      throw new AwsError('InvalidAttributeName', `The local SQS has no queue attribute ${name}.`);
    }
    if (!range) continue;
    const [least, most] = range;
    if (!/^\d+$/.test(value) || Number(value) < least || Number(value) > most) {
      throw new AwsError(
        'InvalidAttributeValue',
        `Invalid value for the parameter ${name}: it must be between ${least} and ${most}.`,
      );
    }
  }
}
