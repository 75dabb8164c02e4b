import { PassThrough, Readable, type Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { ApiAnswer, ApiRequest, ServeApi } from '#shared/api/http/api-message.ts';
import { Transient } from '#shared/kernel/transient.ts';
import { restStreamEndpoint, type StreamHandler } from '#shared/runtime/rest-stream-endpoint.ts';
import { aContext } from '../../support/builders/lambda-context.ts';
import { aQuietTelemetry, type Line } from '../../support/doubles/quiet-telemetry.ts';

/** As the Lambda runtime does it: the head goes out before the first write. */
const runtime = {
  streamifyResponse: (handler: StreamHandler) => handler,
  HttpResponseStream: {
    from(stream: Writable, head: object): Writable {
      const write = stream.write.bind(stream) as (chunk: unknown) => boolean;
      let isHeadSent = false;
      return Object.assign(stream, {
        write(chunk: unknown, ...rest: unknown[]) {
          if (!isHeadSent) write(`${JSON.stringify(head)}\0`);
          isHeadSent = true;
          return (write as (...all: unknown[]) => boolean)(chunk, ...rest);
        },
      });
    },
  },
};

beforeAll(() => {
  Object.assign(globalThis, { awslambda: runtime });
});
afterAll(() => {
  Reflect.deleteProperty(globalThis, 'awslambda');
});

const EVENT = {
  httpMethod: 'POST',
  path: '/v1/proxy/tickets/1%202',
  headers: {},
  multiValueHeaders: { 'X-Integrated-Account-Id': ['ia_1'], Accept: ['a', 'b'] },
  multiValueQueryStringParameters: { tag: ['x', 'y z'], q: ['1'] },
  body: Buffer.from([0, 255]).toString('base64'),
  isBase64Encoded: true,
} as unknown as APIGatewayProxyEvent;

async function run(serve: ServeApi, event = EVENT, lines: Line[] = []) {
  const handler = restStreamEndpoint(aQuietTelemetry(lines), serve) as unknown as StreamHandler;
  const out = new PassThrough();
  const read = buffer(out);
  await handler(event, out as unknown as awslambda.HttpResponseStream, aContext());
  const text = (await read).toString();
  const at = text.indexOf('\0');
  return { head: JSON.parse(text.slice(0, at)), body: text.slice(at + 1) };
}

const answering =
  (answer: ApiAnswer): ServeApi =>
  async () =>
    answer;

describe('restStreamEndpoint', () => {
  it('reads method, path, repeated parameters, headers and bytes from the event', async () => {
    let request: ApiRequest | undefined;
    await run(async (given) => {
      request = given;
      return { status: 204, headers: {}, body: { kind: 'none' } };
    });

    expect(request).toMatchObject({
      method: 'POST',
      path: '/v1/proxy/tickets/1%202',
      headers: { 'x-integrated-account-id': 'ia_1', accept: 'a, b' },
    });
    expect(request?.query.toString()).toBe('tag=x&tag=y+z&q=1');
    expect([...(request?.body.reveal() ?? [])]).toEqual([0, 255]);
  });

  it('sends status and headers first, then the bytes as they come', async () => {
    const bytes = Transient.of(Readable.from(['first ', 'second']));

    const { head, body } = await run(
      answering({ status: 206, headers: { etag: '"1"' }, body: { kind: 'stream', bytes } }),
    );

    expect(head).toEqual({ statusCode: 206, headers: { etag: '"1"' } });
    expect(body).toBe('first second');
  });

  it('sends the head of an answer without a body', async () => {
    const { head, body } = await run(
      answering({ status: 204, headers: {}, body: { kind: 'none' } }),
    );

    expect(head).toEqual({ statusCode: 204, headers: {} });
    expect(body).toBe('');
  });

  it('sends a problem document', async () => {
    const headers = { 'content-type': 'application/problem+json' };
    const value = { code: 'rate_limited' };

    const { head, body } = await run(
      answering({ status: 429, headers, body: { kind: 'json', value } }),
    );

    expect(head).toEqual({ statusCode: 429, headers });
    expect(JSON.parse(body)).toEqual(value);
  });

  it('breaks off with the stream, logs it without its words, and throws none of them', async () => {
    const lines: Line[] = [];
    const broken = new Readable({
      read() {
        this.push('first');
        this.destroy(new Error('s3cret'));
      },
    });
    const bytes = Transient.of(broken);
    const handler = restStreamEndpoint(
      aQuietTelemetry(lines),
      answering({ status: 200, headers: {}, body: { kind: 'stream', bytes } }),
    ) as unknown as StreamHandler;
    const out = new PassThrough();
    out.on('error', () => undefined).resume();

    const failed = handler(EVENT, out as unknown as awslambda.HttpResponseStream, aContext());

    await expect(failed).rejects.toThrow('an answer broke off');
    await failed.catch((error: Error) => expect(String(error.cause)).not.toContain('s3cret'));
    expect(lines).toMatchObject([{ level: 'warn', message: 'an answer broke off' }]);
    expect(JSON.stringify(lines)).not.toContain('s3cret');
  });

  it.each([
    ['before the first byte', (out: PassThrough) => out.destroy()],
    [
      'in the middle',
      (out: PassThrough) => {
        let seen = 0;
        out.on('data', (chunk) => {
          seen += chunk.length;
          if (seen > 5_000) out.destroy();
        });
      },
    ],
  ])('stops reading the source when the caller goes away %s', async (_, goAway) => {
    const source = Readable.from(endless());
    const bytes = Transient.of(source);
    const handler = restStreamEndpoint(
      aQuietTelemetry(),
      answering({ status: 200, headers: {}, body: { kind: 'stream', bytes } }),
    ) as unknown as StreamHandler;
    const out = new PassThrough();
    out.on('error', () => undefined);
    goAway(out);

    const running = handler(EVENT, out as unknown as awslambda.HttpResponseStream, aContext());

    await expect(running).rejects.toThrow('an answer broke off');
    expect(source.destroyed).toBe(true);
  });
});

async function* endless() {
  while (true) {
    yield 'x'.repeat(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
