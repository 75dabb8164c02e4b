/** Rows of `queues.db` as queues and messages. */
import * as z from 'zod';
import type { Message, Queue } from './queue.ts';

const textMap = z
  .string()
  .transform((text) => z.record(z.string(), z.string()).parse(JSON.parse(text)));

const queueRow = z
  .object({
    name: z.string(),
    attributes: textMap,
    tags: textMap,
    created_at_ms: z.number(),
    modified_at_ms: z.number(),
  })
  .transform(
    (row): Queue => ({
      name: row.name,
      attributes: row.attributes,
      tags: row.tags,
      createdAtMs: row.created_at_ms,
      modifiedAtMs: row.modified_at_ms,
    }),
  );

const messageRow = z
  .object({
    message_id: z.string(),
    queue: z.string(),
    body: z.string(),
    attributes: z.string(),
    group_id: z.string().nullable(),
    sent_at_ms: z.number(),
    visible_at_ms: z.number(),
    receive_count: z.number(),
    first_received_at_ms: z.number().nullable(),
    receipt_handle: z.string().nullable(),
  })
  .transform(
    (row): Message => ({
      messageId: row.message_id,
      queue: row.queue,
      body: row.body,
      attributes: row.attributes,
      groupId: row.group_id ?? undefined,
      sentAtMs: row.sent_at_ms,
      visibleAtMs: row.visible_at_ms,
      receiveCount: row.receive_count,
      firstReceivedAtMs: row.first_received_at_ms ?? undefined,
      receiptHandle: row.receipt_handle ?? undefined,
    }),
  );

export function parseQueues(rows: readonly unknown[]): readonly Queue[] {
  return z.array(queueRow).parse(rows);
}

export function parseMessages(rows: readonly unknown[]): readonly Message[] {
  return z.array(messageRow).parse(rows);
}
