/**
 * `awslambda`, the global with which a Node.js function streams its response.
 *
 * As on Lambda, the metadata is sent with the first write: a function that ends its stream without
 * writing has sent nothing, not even a status.
 *
 * Shape   JSON metadata, eight zero bytes, then the body
 * Source  https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html
 */
import { Writable } from 'node:stream';

const DELIMITER = Buffer.alloc(8);
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

export type SendChunk = (bytes: Uint8Array, taken: () => void) => void;
export type StreamingHandler = (
  event: unknown,
  stream: ResponseStream,
  context: unknown,
) => Promise<void>;

export class ResponseStream extends Writable {
  readonly #send: SendChunk;
  #prelude: string | undefined;

  constructor(send: SendChunk) {
    super({ decodeStrings: true });
    this.#send = send;
  }

  setContentType(_type: string): void {
    // API Gateway reads the type from the metadata.
  }

  announce(metadata: unknown): void {
    this.#prelude = JSON.stringify(metadata);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#post([chunk], done);
  }

  /** What gathered while a chunk was under way goes as one. */
  override _writev(
    chunks: readonly { readonly chunk: Buffer; readonly encoding: BufferEncoding }[],
    done: () => void,
  ): void {
    this.#post(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  #post(chunks: readonly Buffer[], done: () => void): void {
    const prelude = this.#prelude === undefined ? [] : [Buffer.from(this.#prelude), DELIMITER];
    this.#prelude = undefined;
    // A copy of its own, because what is transferred to the other thread is gone here.
    this.#send(new Uint8Array(Buffer.concat([...prelude, ...chunks])), done);
  }
}

export const awslambda = {
  streamifyResponse(handler: StreamingHandler): StreamingHandler {
    return Object.assign(handler, { [STREAMING]: 'response' });
  },
  HttpResponseStream: {
    from(stream: ResponseStream, metadata: unknown): ResponseStream {
      stream.setContentType('application/vnd.awslambda.http-integration-response');
      stream.announce(metadata);
      return stream;
    },
  },
};

export function isStreaming(handler: unknown): handler is StreamingHandler {
  return typeof handler === 'function' && Object.hasOwn(handler, STREAMING);
}
