/**
 * Calls to a provider whose answer the engine itself reads: authenticated, classified, and tried a
 * second time in one case only, a refused credential that could be renewed.
 *
 * Errors  RateLimitedError, NeedsReauthError, ProviderError; those of SendHttp and CredentialSource
 */
import type { HeldCredential } from '../account/credential-source.ts';
import { NOWHERE } from '../integration/auth/compile-apply.ts';
import type { Budget } from '../integration/limits/plan.ts';
import { authOf } from '../wire/authenticate.ts';
import type { Answer } from '../wire/decode/answer.ts';
import { behindBreaker } from './breaker/behind-breaker.ts';
import { type Expectation, type Failure, judge, toError, wantsRenewal } from './classify.ts';
import { exchangeWhole, type ProviderCall, type ProviderDeps } from './exchange.ts';
import { keepCredentials } from './kept-credential.ts';
import { createPace } from './pace.ts';
import { MAX_REDIRECTS, redirectedCall } from './redirects.ts';

export interface ReadCall extends ProviderCall, Pick<Expectation, 'ok' | 'errors'> {
  /** Of the method alone. */
  readonly budget?: Budget | undefined;
}

export type CallProvider = (call: ReadCall) => Promise<Answer>;

export function createCallProvider(given: ProviderDeps): CallProvider {
  const deps = { ...given, credentials: keepCredentials(given.credentials, given.clock) };
  const pace = createPace(deps.clock);
  const attempt = async (call: ReadCall, held: HeldCredential | undefined) => {
    await pace(call);
    return behindBreaker(deps, call, async () => {
      const answer = await exchangeFollowing(deps, call, held);
      return judged(call, answer, deps.clock.now());
    });
  };
  return async (call) => {
    const held = await currentCredential(deps, call);
    let { answer, failure } = await attempt(call, held);
    if (held && wantsRenewal(failure)) {
      const renewed = await renewedCredential(deps, call, held);
      if (renewed) ({ answer, failure } = await attempt(call, renewed));
    }
    if (!failure) return answer;
    throw toError(failure, deps.clock.now(), call.integration.name, answer.rateLimit);
  };
}

interface Judged {
  readonly answer: Answer;
  readonly failure: Failure | undefined;
}

function judged(call: ReadCall, answer: Answer, nowMs: number): Judged {
  const { ok, errors } = call;
  const { connection } = call.account;
  const expected = { ok, errors, connection };
  const verdict = judge(call.integration, answer.scope.reveal(), expected, nowMs);
  if (verdict.kind === 'failure') {
    const isBare = call.request.apply === NOWHERE;
    return { answer, failure: isBare ? ofNoCredential(verdict.failure) : verdict.failure };
  }
  const isIgnored = verdict.kind === 'ignored';
  return { answer: isIgnored ? { ...answer, ignored: true } : answer, failure: undefined };
}

/** What was sent no credential says nothing about one: a URL that was handed out may have ended. */
function ofNoCredential(failure: Failure): Failure {
  if (failure.class !== 'auth' && failure.action !== 'refresh_and_retry') return failure;
  return {
    ...failure,
    class: failure.class === 'auth' ? 'permission' : failure.class,
    action: 'fail',
  };
}

/** Some providers rename what is read: the credential follows within their origin, and nowhere else. */
async function exchangeFollowing(
  deps: ProviderDeps,
  call: ProviderCall,
  held: HeldCredential | undefined,
): Promise<Answer> {
  let next: ProviderCall = call;
  for (let followed = 0; ; followed += 1) {
    const answer = await exchangeWhole(deps, next, held);
    const { status, headers } = answer.scope.reveal();
    const onward = redirectedCall(next, status, headers['location']);
    if (!onward || followed >= MAX_REDIRECTS) return answer;
    next = onward;
  }
}

/** Undefined for providers that need none. */
export async function currentCredential(
  deps: ProviderDeps,
  call: ProviderCall,
): Promise<HeldCredential | undefined> {
  const auth = authOf(call.integration, call.account);
  return auth.kind === 'none'
    ? undefined
    : deps.credentials(call.account, { requestId: call.requestId });
}

/** Undefined where there is no newer credential to try. */
export async function renewedCredential(
  deps: ProviderDeps,
  call: ProviderCall,
  refused: HeldCredential,
): Promise<HeldCredential | undefined> {
  const { account, requestId } = call;
  const renewed = await deps.credentials(account, { refusedVersion: refused.version, requestId });
  return renewed.version === refused.version ? undefined : renewed;
}
