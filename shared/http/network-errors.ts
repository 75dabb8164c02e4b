/** What can go wrong between us and a host, before there is an answer to read. */
import { CallerError, type ErrorOrigin, UpstreamError } from '../kernel/errors.ts';

/** The host's address is private, special or not on the integration's allow-list. */
export class ForbiddenAddressError extends CallerError {
  override readonly name = 'ForbiddenAddressError';
  readonly code = 'forbidden_address';
  readonly status = 422;
}

/** No connection, or it broke before the answer was whole. */
export class ProviderUnreachableError extends UpstreamError {
  override readonly name = 'ProviderUnreachableError';
  readonly code = 'provider_unreachable';
  override readonly origin: ErrorOrigin = 'network';
}

/** The hard limit of the call ran out. */
export class ProviderTimeoutError extends UpstreamError {
  override readonly name = 'ProviderTimeoutError';
  readonly code = 'provider_timeout';
  override readonly status = 504;
  override readonly origin: ErrorOrigin = 'network';
}
