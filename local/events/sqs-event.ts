/**
 * The event with which Lambda hands over messages of a queue, and the answer that names the ones
 * that failed.
 *
 * Source  https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import * as z from 'zod';

export function sqsEvent(messages: readonly Message[], queueArn: string, region: string) {
  return {
    Records: messages.map((message) => ({
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: message.Attributes ?? {},
      messageAttributes: Object.fromEntries(
        Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
          name,
          messageAttribute(value),
        ]),
      ),
      md5OfBody: message.MD5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion: region,
    })),
  };
}

function messageAttribute(value: MessageAttributeValue) {
  return {
    dataType: value.DataType,
    ...(value.StringValue !== undefined && { stringValue: value.StringValue }),
    ...(value.BinaryValue !== undefined && {
      binaryValue: Buffer.from(value.BinaryValue).toString('base64'),
    }),
    stringListValues: [],
    binaryListValues: [],
  };
}

const partialSchema = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })),
});
const emptySchema = z.union([
  z.null(),
  z.object({ batchItemFailures: z.union([z.null(), z.tuple([])]).optional() }),
]);

/**
 * The messages that are done. As Lambda has it: an empty answer means all, an answer that names
 * a message that was not in the batch, or that is malformed, means none.
 */
export function messagesDone(messages: readonly Message[], answer: string): readonly Message[] {
  const value: unknown = JSON.parse(answer);
  if (emptySchema.safeParse(value).success) return messages;
  const partial = partialSchema.safeParse(value);
  if (!partial.success) return [];
  const failed = new Set(partial.data.batchItemFailures.map((item) => item.itemIdentifier));
  const known = new Set(messages.map((message) => message.MessageId ?? ''));
  if ([...failed].some((id) => !known.has(id))) return [];
  return messages.filter((message) => !failed.has(message.MessageId ?? ''));
}
