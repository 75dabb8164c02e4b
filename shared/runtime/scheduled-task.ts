/**
 * A function that a schedule calls: it runs one task and says what it did.
 *
 * Errors  {@link TaskFailedError}: Lambda prints what a handler throws, so the real error goes to our
 *         own log line, and what is thrown says only that there was one
 */
import { InvariantError } from '../kernel/errors.ts';
import { type Handle, observed } from './observed.ts';
import type { LogFields, Telemetry } from './telemetry.ts';

/** `counts` goes into the log line. */
export type Task = () => Promise<LogFields>;

export function scheduledTask(
  telemetry: Telemetry,
  name: string,
  task: Task,
): Handle<unknown, void> {
  return observed<unknown, void>(telemetry, async () => {
    try {
      telemetry.log.info(`${name} done`, await task());
    } catch (error) {
      telemetry.log.error(`${name} failed`, {}, error);
      throw new TaskFailedError('a scheduled task failed; its own log line says why');
    }
  });
}

/** Thrown so that Lambda counts the invocation as failed. */
class TaskFailedError extends InvariantError {}
