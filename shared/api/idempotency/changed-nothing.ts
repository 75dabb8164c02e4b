/**
 * Whether a write that failed with an error changed nothing for certain: it was refused, by us or by
 * the provider, or it never left. After a timeout, a broken connection, a failure of the provider's
 * or an answer that makes no sense, nobody knows.
 */
import { ProviderUnreachableError } from '../../http/network-errors.ts';
import type { ErrorClass } from '../../integration/limits/plan.ts';
import { AppError, CallerError, ContentionError } from '../../kernel/errors.ts';
import { TokenEndpointError } from '../../oauth/token/token-response.ts';
import { CircuitOpenError } from '../../provider/breaker/circuit.ts';
import { ProviderError, RateLimitedError } from '../../wire/provider-errors.ts';

/** The provider's own word that it did not do it, whatever the status. */
const REFUSALS: readonly ErrorClass[] = [
  'auth',
  'permission',
  'not_found',
  'validation',
  'conflict',
  'rate_limited',
];

/** No connection came about, so nothing was sent. */
const NEVER_CONNECTED: readonly unknown[] = [
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
];

export function changedNothing(error: unknown): boolean {
  if (error instanceof ProviderError) return isRefusal(error);
  if (error instanceof ProviderUnreachableError) {
    return NEVER_CONNECTED.includes(error.detail['reason']);
  }
  return (
    error instanceof CallerError ||
    error instanceof ContentionError ||
    error instanceof RateLimitedError ||
    error instanceof CircuitOpenError ||
    // Without a token, or a key that opens it, no call is made.
    error instanceof TokenEndpointError ||
    (error instanceof AppError && error.origin === 'tenant_key')
  );
}

/** 408 may come from something in between, which does not know. */
function isRefusal({ class: errorClass, provider: { status } }: ProviderError): boolean {
  return REFUSALS.includes(errorClass) || (status >= 400 && status < 500 && status !== 408);
}
