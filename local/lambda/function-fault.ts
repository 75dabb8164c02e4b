/** Why an invocation has no result. */
export type FaultReason =
  | 'threw'
  | 'timed_out'
  | 'exited'
  | 'init_failed'
  | 'too_large'
  | 'unknown';

/**
 * An invocation failed. What the function said about it is in the log file only, because the
 * message of an error of a function may hold anything.
 */
export class FunctionFault extends Error {
  override readonly name = 'FunctionFault';
  readonly reason: FaultReason;
  readonly functionName: string;
  /** Name of the error's class, as Lambda reports it: `Sandbox.Timedout`. */
  readonly errorType: string;

  constructor(reason: FaultReason, functionName: string, errorType: string) {
    super(`the function failed: ${functionName}, ${errorType}`);
    this.reason = reason;
    this.functionName = functionName;
    this.errorType = errorType;
  }
}
