/**
 * A function fed by a queue: each message stands alone, and only those that failed come back.
 *
 * A message that does not fit its schema fails as well, and ends in the dead-letter queue after the
 * queue's limit of receives; its body is not logged.
 */
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { type Handle, observed } from './observed.ts';
import type { Telemetry } from './telemetry.ts';

export interface Consumer<Schema extends z.ZodType> {
  readonly name: string;
  readonly message: Schema;
  /** Called at least once per message; how often the queue has handed it out, from 1. */
  consume(
    message: z.output<Schema>,
    delivery: { readonly receives: number; readonly context: Context },
  ): Promise<void>;
}

export function queueConsumer<Schema extends z.ZodType>(
  telemetry: Telemetry,
  consumer: Consumer<Schema>,
): Handle<SQSEvent, SQSBatchResponse> {
  const batch = new BatchProcessor(EventType.SQS);
  return observed<SQSEvent, SQSBatchResponse>(telemetry, (event, context) => {
    const consumeRecord = async (record: SQSRecord) => {
      const receives = Number(record.attributes.ApproximateReceiveCount);
      try {
        const message = consumer.message.parse(parseBody(record.body));
        await consumer.consume(message, { receives, context });
      } catch (error) {
        const fields = { message_id: record.messageId, receives };
        telemetry.log.error(`${consumer.name} failed`, fields, error);
        throw error;
      }
    };
    return processPartialResponse(event, consumeRecord, batch, {
      context,
      throwOnFullBatchFailure: false,
    });
  });
}

function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // The schema refuses it.
    return undefined;
  }
}
