/**
 * How a command fails: what it prints, and its exit code.
 *
 * Exit codes  0 ok · 1 failed · 2 wrong usage
 */
import { UsageError } from '../authoring/usage-error.ts';
import { MillraceError } from '../client/millrace-client.ts';

/** A command did what it could and the outcome is a failure: a run that failed. */
export class CommandFailedError extends Error {
  override readonly name = 'CommandFailedError';
}

export interface FailureReport {
  readonly exitCode: 1 | 2;
  readonly lines: readonly string[];
}

export function reportFailure(error: unknown): FailureReport {
  if (error instanceof UsageError) return { exitCode: 2, lines: [error.message] };
  if (error instanceof MillraceError) {
    const { problem } = error;
    const faults = (problem.errors ?? []).map(
      ({ path, message, line }) =>
        `  ${path}${line === undefined ? '' : ` (line ${line})`}: ${message}`,
    );
    const lines = [`${problem.code}: ${problem.detail}`, ...faults];
    return { exitCode: 1, lines: [...lines, `  request id ${problem.request_id}`] };
  }
  return { exitCode: 1, lines: [error instanceof Error ? error.message : String(error)] };
}
