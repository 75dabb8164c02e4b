/**
 * An error as a log line may hold it. The text of errors that are not ours is left out: a parser's
 * message quotes the payload, a client's message the URL. What remains finds the place in the code.
 *
 * Shape   `{ name, code?, message?, ids?, at?, cause? }`
 */
import { AppError } from '../kernel/errors.ts';
import type { Persistable } from '../kernel/transient.ts';

const FRAMES = 8;
const CAUSES = 4;

export function describeError(
  thrown: unknown,
  depth = CAUSES,
): Readonly<Record<string, Persistable>> {
  if (!(thrown instanceof Error)) return { name: typeof thrown };
  return {
    name: thrown.name,
    ...ownWords(thrown),
    at: framesOf(thrown),
    ...(thrown.cause !== undefined &&
      depth > 0 && { cause: describeError(thrown.cause, depth - 1) }),
  };
}

function ownWords(error: Error): Record<string, Persistable> {
  if (error instanceof AppError) {
    const ids = Object.keys(error.detail).length > 0 ? { ids: error.detail } : {};
    return { code: error.code, message: error.message, ...ids };
  }
  // AWS says here which role may not do what: names of ours, no data.
  if (/^AccessDenied/.test(error.name)) return { message: error.message };
  return 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
}

/** The stack without its beginning, which repeats the message. */
function framesOf({ stack = '', message }: Error): readonly string[] {
  const start = stack.indexOf(message);
  const frames = start < 0 ? stack : stack.slice(start + message.length);
  return frames
    .split('\n')
    .filter((line) => /^ {4}at /.test(line))
    .slice(0, FRAMES)
    .map((line) => line.trim().slice(3));
}
