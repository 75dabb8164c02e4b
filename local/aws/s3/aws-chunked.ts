/**
 * Bodies that the SDK sends in pieces, with check sums after them.
 *
 * Shape   `<hex size>[;extension]\r\n<bytes>\r\n` … `0\r\n` `<trailer>: <value>\r\n` … `\r\n`
 * Source  https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
import type { AwsRequest } from '../aws-message.ts';

export interface DecodedBody {
  readonly body: Buffer;
  readonly trailers: Readonly<Record<string, string>>;
}

const LINE_END = '\r\n';

export function decodeBody(request: AwsRequest): DecodedBody {
  const { headers, body } = request;
  const chunked = headers['content-encoding']?.includes('aws-chunked') ?? false;
  return chunked ? decodeChunks(body) : { body, trailers: {} };
}

function decodeChunks(encoded: Buffer): DecodedBody {
  const chunks: Buffer[] = [];
  for (let at = 0; at < encoded.length; ) {
    const lineEnd = encoded.indexOf(LINE_END, at);
    const size = Number.parseInt(encoded.toString('latin1', at, lineEnd), 16);
    const start = lineEnd + LINE_END.length;
    if (!(size > 0))
      return { body: Buffer.concat(chunks), trailers: parseTrailers(encoded.subarray(start)) };
    chunks.push(encoded.subarray(start, start + size));
    at = start + size + LINE_END.length;
  }
  return { body: Buffer.concat(chunks), trailers: {} };
}

function parseTrailers(text: Buffer): Readonly<Record<string, string>> {
  const pairs = text
    .toString('latin1')
    .split(LINE_END)
    .map((line): [string, string] => [
      line.split(':')[0]?.trim().toLowerCase() ?? '',
      line.slice(line.indexOf(':') + 1).trim(),
    ]);
  return Object.fromEntries(pairs.filter(([name]) => name !== ''));
}
