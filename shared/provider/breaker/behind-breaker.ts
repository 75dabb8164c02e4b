/**
 * One attempt at a provider, behind the breaker of its upstream.
 *
 * What opens a circuit is what the integration takes for a failure of the provider itself: the
 * class `transient`, a timeout, no connection. Answers of 4xx never do, nor do limits (429, or a 503
 * that says when to come back), nor a 5xx that the integration's rules read as the caller's fault;
 * else one tenant's bad input would cut the others off.
 *
 * Errors  CircuitOpenError; those of the attempt
 */
import { ProviderTimeoutError, ProviderUnreachableError } from '../../http/network-errors.ts';
import { BodyTooLargeError } from '../../http/read-body.ts';
import type { Failure } from '../classify.ts';
import type { ProviderCall, ProviderDeps } from '../exchange.ts';
import type { Outcome } from './circuit-watch.ts';

/** The hard limit of SendHttp where nobody sets another. */
const DEFAULT_CALL_MS = 15_000;

export async function behindBreaker<Result extends { readonly failure: Failure | undefined }>(
  deps: Pick<ProviderDeps, 'breaker' | 'timeoutMs'>,
  call: ProviderCall,
  attempt: () => Promise<Result>,
): Promise<Result> {
  if (!deps.breaker) return attempt();
  const usualMs = deps.timeoutMs ?? DEFAULT_CALL_MS;
  const callMs = call.timeoutMs ?? usualMs;
  const upstream = { integration: call.integration.name, host: call.request.url.host };
  const pass = await deps.breaker.admit(upstream, callMs);
  let outcome: Outcome = 'unknown';
  try {
    const result = await attempt();
    outcome = outcomeOfAnswer(result.failure);
    return result;
  } catch (error) {
    outcome = outcomeOfError(error, callMs < usualMs);
    throw error;
  } finally {
    await pass.settle(outcome);
  }
}

function outcomeOfAnswer(failure: Failure | undefined): Outcome {
  if (failure?.class !== 'transient') return 'alive';
  const { status } = failure.provider;
  return status >= 400 && status < 500 ? 'alive' : 'failed';
}

/** @param isHurried a caller that gives it less time than usual proves nothing by running out of it */
function outcomeOfError(error: unknown, isHurried: boolean): Outcome {
  if (error instanceof ProviderTimeoutError) return isHurried ? 'unknown' : 'failed';
  if (error instanceof ProviderUnreachableError) return 'failed';
  return error instanceof BodyTooLargeError ? 'alive' : 'unknown';
}
