/**
 * New tokens came, and what had to follow them failed. They may have killed the old ones, so they
 * are stored before the failure is told; they count as ended, so that the next use tries again.
 */
import type { Credential } from '../../account/credential.ts';
import { AppError, type ErrorOrigin, type Retry } from '../../kernel/errors.ts';

/** Never leaves the credential source: its cause does. */
export class IncompleteRenewalError extends AppError {
  override readonly name = 'IncompleteRenewalError';
  readonly code = 'provider_error';
  readonly status = 502;
  readonly origin: ErrorOrigin = 'provider';
  readonly retry: Retry = { afterMs: 5_000 };
  readonly credential: Credential;

  constructor(credential: Credential, options: ErrorOptions) {
    super('the tokens came, and what must follow them failed', {}, options);
    this.credential = credential;
  }
}
