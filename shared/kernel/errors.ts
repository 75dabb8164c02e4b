/**
 * The error family: four kinds, named for who can put it right.
 *
 * | kind            | who can put it right | the runtime                            | HTTP    |
 * | --------------- | -------------------- | -------------------------------------- | ------- |
 * | CallerError     | the API caller       | answers; never retries                 | 400–499 |
 * | ContentionError | time                 | retries soon                           | 409     |
 * | UpstreamError   | the provider         | retries as `retry` says                | 502     |
 * | InvariantError  | we                   | dead-letters the work; alarms a person | 500     |
 *
 * A domain declares its own leaves beside the code that throws them. A leaf has a literal `code`
 * that callers may switch on; it is public API, listed in docs/errors.md, and never changes.
 * Messages are sentences in lower case without values; `detail` holds ids, never a payload.
 */

/** Whose fault it is, as the API's `origin` field says it. */
export type ErrorOrigin = 'caller' | 'platform' | 'provider' | 'tenant_key' | 'network';

/** What the runtime may do with the failed work. */
export type Retry = 'never' | { readonly afterMs: number };

/** One thing that is wrong with an input, and where. */
export interface Fault {
  /** Where, as a path into the input: `resources[1].query.ticket_id`. */
  readonly path: string;
  readonly message: string;
  /** Line in the source text, from 1, where the input is a file. */
  readonly line?: number;
}

export type ErrorDetail = Readonly<Record<string, string | number | boolean>>;

export abstract class AppError extends Error {
  /** Stable and public, one per leaf: `rate_limited`. */
  abstract readonly code: string;
  /** HTTP status the API answers with when this error ends a request. */
  abstract readonly status: number;
  abstract readonly origin: ErrorOrigin;
  abstract readonly retry: Retry;
  readonly detail: ErrorDetail;

  constructor(message: string, detail: ErrorDetail = {}, options?: ErrorOptions) {
    super(message, options);
    this.detail = detail;
  }
}

export abstract class CallerError extends AppError {
  readonly origin: ErrorOrigin = 'caller';
  readonly retry: Retry = 'never';
  /** Every fault of the input, all at once. */
  readonly faults: readonly Fault[] = [];
}

export abstract class ContentionError extends AppError {
  readonly status: number = 409;
  readonly origin: ErrorOrigin = 'platform';
  readonly retry: Retry = { afterMs: 1_000 };
}

export abstract class UpstreamError extends AppError {
  readonly status: number = 502;
  readonly origin: ErrorOrigin = 'provider';
  readonly retry: Retry;

  constructor(message: string, detail: ErrorDetail, options: ErrorOptions & { retry: Retry }) {
    super(message, detail, options);
    this.retry = options.retry;
  }
}

/** A bug of ours: a state that the code says cannot be. */
export class InvariantError extends AppError {
  override readonly name = 'InvariantError';
  readonly code = 'internal_error';
  readonly status = 500;
  readonly origin: ErrorOrigin = 'platform';
  readonly retry: Retry = 'never';
}

/** The input is wrong; `faults` lists everything that is. */
export class InvalidRequestError extends CallerError {
  override readonly name = 'InvalidRequestError';
  readonly code: string = 'invalid_request';
  readonly status: number = 400;
  override readonly faults: readonly Fault[];

  constructor(message: string, faults: readonly Fault[], options?: ErrorOptions) {
    super(message, {}, options);
    this.faults = faults;
  }
}

/** The input is well-formed but means something that cannot be done. */
export class UnprocessableError extends CallerError {
  override readonly name = 'UnprocessableError';
  readonly code: string = 'unprocessable';
  readonly status = 422;
  override readonly faults: readonly Fault[];

  constructor(message: string, faults: readonly Fault[] = []) {
    super(message);
    this.faults = faults;
  }
}

export class NotFoundError extends CallerError {
  override readonly name = 'NotFoundError';
  readonly code = 'not_found';
  readonly status = 404;
}

/** What is asked contradicts the state of the thing it is asked of. */
export class ConflictError extends CallerError {
  override readonly name = 'ConflictError';
  readonly code: string = 'conflict';
  readonly status = 409;
}
