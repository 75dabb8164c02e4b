/**
 * Passes a streamed answer on while it is made: metadata, eight zero bytes, then the body.
 *
 * A slow caller slows the function down; a caller that is gone does not stop it, because API
 * Gateway does not stop it either.
 */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { readMetadata } from './answer.ts';

const DELIMITER = Buffer.alloc(8);
/** More than any metadata of ours; a body without metadata must not be gathered for ever. */
const METADATA_LIMIT_BYTES = 1_048_576;

export class MalformedStreamError extends Error {
  override readonly name = 'MalformedStreamError';
}

export interface StreamedAnswer {
  /** Resolves when there is room for more. @throws MalformedStreamError */
  take(bytes: Uint8Array): Promise<void>;
  readonly hasHead: () => boolean;
  readonly bodyBytes: () => number;
}

export function streamedAnswer(
  response: ServerResponse,
  extraHeaders: Readonly<Record<string, string>>,
): StreamedAnswer {
  let gathered: Buffer | undefined = Buffer.alloc(0);
  let bodyBytes = 0;

  const pass = async (bytes: Uint8Array): Promise<void> => {
    bodyBytes += bytes.length;
    if (bytes.length === 0 || response.destroyed || response.write(bytes)) return;
    // `close` too: a caller that hung up never drains.
    await Promise.race([once(response, 'drain'), once(response, 'close')]);
  };
  return {
    hasHead: () => gathered === undefined,
    bodyBytes: () => bodyBytes,
    async take(bytes) {
      if (gathered === undefined) return pass(bytes);
      gathered = Buffer.concat([gathered, bytes]);
      const end = gathered.indexOf(DELIMITER);
      if (end < 0 && gathered.length <= METADATA_LIMIT_BYTES) return;
      const head = end < 0 ? undefined : readMetadata(parse(gathered.subarray(0, end)));
      if (!head) throw new MalformedStreamError('the answer does not start with metadata');
      const rest = gathered.subarray(end + DELIMITER.length);
      gathered = undefined;
      response.writeHead(head.status, { ...spread(head.headers), ...extraHeaders });
      // The caller learns the status now, not with the first record.
      response.flushHeaders();
      await pass(rest);
    },
  };
}

/** Node wants arrays it may keep. */
export function spread(
  headers: Readonly<Record<string, string | readonly string[]>>,
): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : [...value],
    ]),
  );
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
