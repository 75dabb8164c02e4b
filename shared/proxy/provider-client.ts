/**
 * Calls to a provider whose answer the engine itself reads: authenticated, classified, and tried a
 * second time in one case only, a refused credential that could be renewed.
 *
 * Errors  RateLimitedError, NeedsReauthError, ProviderError; those of SendHttp and CredentialSource
 */
import type { HeldCredential } from '../account/credential-source.ts';
import type { Expression } from '../expression/expression.ts';
import type { Answer } from './answer.ts';
import { authOf } from './authenticate.ts';
import { classify, type Failure, toError } from './classify.ts';
import { exchangeWhole, type ProviderCall, type ProviderDeps } from './exchange.ts';
import { keepCredentials } from './kept-credential.ts';

export interface ReadCall extends ProviderCall {
  /** What must hold for success, besides the status. */
  readonly ok?: Expression | undefined;
}

export type CallProvider = (call: ReadCall) => Promise<Answer>;

export function createCallProvider(given: ProviderDeps): CallProvider {
  const deps = { ...given, credentials: keepCredentials(given.credentials, given.clock) };
  const judge = (call: ReadCall, answer: Answer): Failure | undefined =>
    classify(call.integration, answer.scope.reveal(), call.ok, deps.clock.now());
  return async (call) => {
    const held = await currentCredential(deps, call);
    let answer = await exchangeWhole(deps, call, held);
    let failure = judge(call, answer);
    if (failure?.class === 'auth' && held) {
      const renewed = await renewedCredential(deps, call, held);
      if (renewed) {
        answer = await exchangeWhole(deps, call, renewed);
        failure = judge(call, answer);
      }
    }
    if (!failure) return answer;
    throw toError(failure, deps.clock.now(), call.integration.name, answer.rateLimit);
  };
}

/** Undefined for providers that need none. */
export async function currentCredential(
  deps: ProviderDeps,
  call: ProviderCall,
): Promise<HeldCredential | undefined> {
  const auth = authOf(call.integration, call.account);
  return auth.kind === 'none' ? undefined : deps.credentials(call.account);
}

/** Undefined where there is no newer credential to try. */
export async function renewedCredential(
  deps: ProviderDeps,
  call: ProviderCall,
  refused: HeldCredential,
): Promise<HeldCredential | undefined> {
  const renewed = await deps.credentials(call.account, { refusedVersion: refused.version });
  return renewed.version === refused.version ? undefined : renewed;
}
