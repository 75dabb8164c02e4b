import { AppError, type ErrorOrigin, type Retry } from '#shared/kernel/errors.ts';

/** The template holds something that the local runtime cannot honour; `detail` says which and where. */
export class TemplateError extends AppError {
  override readonly name = 'TemplateError';
  readonly code = 'template_unsupported';
  readonly status = 500;
  readonly origin: ErrorOrigin = 'platform';
  readonly retry: Retry = 'never';
}
