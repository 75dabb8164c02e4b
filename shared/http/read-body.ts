/**
 * Reads a provider's answer into memory, up to a limit.
 *
 * Errors  {@link BodyTooLargeError}; the stream's own, see request.ts
 */
import type { Readable } from 'node:stream';
import { UpstreamError } from '../kernel/errors.ts';
import { Transient } from '../kernel/transient.ts';

/** The provider sends more than one answer may hold. */
export class BodyTooLargeError extends UpstreamError {
  override readonly name = 'BodyTooLargeError';
  readonly code = 'provider_error';
}

/** What is larger than a limit once will be larger again. */
export function bodyTooLarge(maxBytes: number): BodyTooLargeError {
  return new BodyTooLargeError('the answer is larger than the limit', { maxBytes }, NEVER);
}

const NEVER = { retry: 'never' } as const;

/** @throws BodyTooLargeError */
export async function readBody(
  body: Transient<Readable>,
  maxBytes: number,
): Promise<Transient<Buffer>> {
  const stream = body.reveal();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const part = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
    bytes += part.byteLength;
    // Leaving the loop destroys the stream, and with it the connection.
    if (bytes > maxBytes) throw bodyTooLarge(maxBytes);
    chunks.push(part);
  }
  return Transient.of(Buffer.concat(chunks, bytes));
}
