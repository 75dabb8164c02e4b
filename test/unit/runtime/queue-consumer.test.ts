import type { SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { queueConsumer } from '#shared/runtime/queue-consumer.ts';
import { aContext } from '../../support/builders/lambda-context.ts';
import { aQuietTelemetry, type Line } from '../../support/doubles/quiet-telemetry.ts';

const message = z.object({ id: z.string() });

function anSqsEvent(bodies: readonly string[]): SQSEvent {
  return {
    Records: bodies.map(
      (body, index) =>
        ({
          messageId: `m${index}`,
          body,
          attributes: { ApproximateReceiveCount: '2' },
        }) as SQSRecord,
    ),
  };
}

function aConsumer(consume: (id: string, receives: number) => Promise<void>) {
  const lines: Line[] = [];
  const handler = queueConsumer(aQuietTelemetry(lines), {
    name: 'test',
    message,
    consume: ({ id }, { receives }) => consume(id, receives),
  });
  return { lines, run: (bodies: readonly string[]) => handler(anSqsEvent(bodies), aContext()) };
}

describe('queueConsumer', () => {
  it('hands each message to the use case, with how often it came', async () => {
    const seen: [string, number][] = [];
    const { run } = aConsumer(async (id, receives) => {
      seen.push([id, receives]);
    });

    expect(await run(['{"id":"a"}', '{"id":"b"}'])).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual([
      ['a', 2],
      ['b', 2],
    ]);
  });

  it('returns those that failed, and only those', async () => {
    const { run } = aConsumer(async (id) => {
      if (id === 'bad') throw new Error('no');
    });

    expect(await run(['{"id":"a"}', '{"id":"bad"}', '{"id":"c"}'])).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm1' }],
    });
  });

  it('returns all where all failed, rather than to throw', async () => {
    const { run } = aConsumer(() => Promise.reject(new Error('no')));

    expect(await run(['{"id":"a"}'])).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
  });

  it.each(['not json s3cret', '{"id":5,"x":"s3cret"}'])(
    'fails %s without logging it',
    async (body) => {
      const { run, lines } = aConsumer(async () => undefined);

      expect(await run([body])).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
      expect(lines).toMatchObject([{ level: 'error', fields: { message_id: 'm0', receives: 2 } }]);
      expect(JSON.stringify(lines)).not.toContain('s3cret');
    },
  );

  it('keeps nothing from one batch for the next', async () => {
    let isFailing = true;
    const { run } = aConsumer(async () => {
      if (isFailing) throw new Error('no');
    });
    await run(['{"id":"a"}']);
    isFailing = false;

    expect(await run(['{"id":"a"}'])).toEqual({ batchItemFailures: [] });
  });
});
