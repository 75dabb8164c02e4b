/** The bytes of a request as JSON. */
import { InvalidRequestError } from '../../kernel/errors.ts';
import type { Transient } from '../../kernel/transient.ts';

/**
 * No bytes are read as `{}`: a route whose members are all optional may be called without a body.
 *
 * @throws InvalidRequestError where the bytes are not JSON in UTF-8, or nested too deep
 */
export function jsonBody(body: Transient<Uint8Array>): unknown {
  const bytes = body.reveal();
  if (bytes.byteLength === 0) return {};
  const value = parse(bytes);
  if (isDeeperThan(MAX_DEPTH, value)) {
    throw invalid(`the body is nested deeper than ${MAX_DEPTH} levels`);
  }
  return value;
}

/** What walks a body walks it by recursion: schemas, merges, serialisers. */
const MAX_DEPTH = 64;

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // The parser's own message quotes the text, which may hold a credential.
    throw invalid('the body is not JSON in UTF-8');
  }
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(levels - 1, member));
}

function invalid(message: string): InvalidRequestError {
  return new InvalidRequestError('the request is not valid', [{ path: '', message }]);
}
