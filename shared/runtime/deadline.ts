/** When this invocation ends, so that work stops in time to say so. */
import type { Context } from 'aws-lambda';
import type { Clock } from '../kernel/clock.ts';

/** The last answer must still get out, and the last write be made. */
const MARGIN_MS = 2_000;

/** The instant after which to begin nothing more, in milliseconds since the epoch. */
export function deadlineOf(
  context: Pick<Context, 'getRemainingTimeInMillis'>,
  clock: Pick<Clock, 'now'>,
): number {
  return clock.now() + Math.max(0, context.getRemainingTimeInMillis() - MARGIN_MS);
}
