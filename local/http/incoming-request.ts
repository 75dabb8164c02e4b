/**
 * A request as it came over the wire, read whole.
 *
 * Errors  {@link RequestTooLargeError} above 10 MB, API Gateway's limit
 */

import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export const REQUEST_LIMIT_BYTES = 10 * 1_024 * 1_024;

export interface IncomingRequest {
  readonly id: string;
  readonly method: string;
  /** As sent: still percent-encoded. */
  readonly path: string;
  /** Without the question mark, as sent. */
  readonly query: string;
  /** Names as sent, repeated where they were repeated. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly protocol: string;
  readonly sourceIp: string;
  readonly receivedAtMs: number;
}

export class RequestTooLargeError extends Error {
  override readonly name = 'RequestTooLargeError';
}

/** Everything but the body, which may be too large. */
export function readHead(message: IncomingMessage, nowMs: number): Omit<IncomingRequest, 'body'> {
  const [path = '/', ...query] = (message.url ?? '/').split('?');
  const headers: [string, string][] = [];
  for (let index = 0; index < message.rawHeaders.length; index += 2) {
    headers.push([message.rawHeaders[index] ?? '', message.rawHeaders[index + 1] ?? '']);
  }
  const sourceIp = message.socket.remoteAddress ?? '127.0.0.1';
  const port = String(message.socket.localPort ?? '');
  return {
    id: randomUUID(),
    method: message.method ?? 'GET',
    path,
    query: query.join('?'),
    headers: [
      ...headers,
      ['X-Forwarded-For', sourceIp],
      ['X-Forwarded-Port', port],
      ['X-Forwarded-Proto', 'http'],
    ],
    protocol: `HTTP/${message.httpVersion}`,
    sourceIp,
    receivedAtMs: nowMs,
  };
}

/** @throws RequestTooLargeError; the rest of the body is then read and dropped */
export async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message) {
    bytes += chunk.length;
    if (bytes <= REQUEST_LIMIT_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (bytes > REQUEST_LIMIT_BYTES) throw new RequestTooLargeError('the request is too large');
  return Buffer.concat(chunks);
}

/** The last value of a header, whatever its case. */
export function headerOf(request: Pick<IncomingRequest, 'headers'>, name: string): string {
  return request.headers.findLast(([key]) => key.toLowerCase() === name)?.[1] ?? '';
}

/** `09/Apr/2015:12:34:56 +0000` */
export function commonLogTime(atMs: number): string {
  const [, day, month, year, time] =
    /^\w+, (\d+) (\w+) (\d+) ([\d:]+) GMT$/.exec(new Date(atMs).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}

/** Percent-decoded where that is possible, otherwise as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
