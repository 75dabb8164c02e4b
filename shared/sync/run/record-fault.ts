/** What `sync_job_run:record_error` tells: which record or list, and why. No value of a record. */
import type { AppError } from '../../kernel/errors.ts';
import { ProviderError } from '../../wire/provider-errors.ts';

export interface RecordFault {
  readonly resource: string;
  readonly code: string;
  /** May quote the provider's words, so it goes to the consumer and is never kept. */
  readonly message: string;
  /** The same in our own words: what may be written down of it. Absent where `message` is ours. */
  readonly kept?: string;
  /** What the provider answered, where it was asked. */
  readonly httpStatus?: number;
  /** The provider's id of the record, where it has one. */
  readonly ref?: string;
}

export function faultOfError(resource: string, error: AppError): RecordFault {
  if (!(error instanceof ProviderError)) {
    return { resource, code: error.code, message: error.message };
  }
  const { status, message } = error.provider;
  return {
    resource,
    code: error.code,
    message: message ?? error.message,
    kept: `${error.message} (status ${status})`,
    httpStatus: status,
  };
}
