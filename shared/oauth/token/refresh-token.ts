/**
 * Renews a credential: one token request, or the steps of an exchange; no retry.
 *
 * A client of our own, since libraries that keep RFC 6749 to the letter refuse answers that
 * providers do give (no `token_type`, `text/html`, an error under 200); see token-response.ts.
 *
 * Errors  {@link RefreshRefusedError}, TokenEndpointError, {@link IncompleteRenewalError},
 *         RateLimitedError; those of SendHttp
 * Source  RFC 6749 §4.4 (client credentials), §6 (refresh)
 */
import { type Credential, createCredential } from '../../account/credential.ts';
import type { OAuth } from '../../integration/auth/plan.ts';
import type { Scope } from '../../integration/template/scope.ts';
import { MissingValueError } from '../../integration/template/template.ts';
import {
  checkedUrl,
  type ExchangePlan,
  type OAuthPlan,
  type RenewalPlan,
} from '../app/renewal-plan.ts';
import { captureFrom } from './capture.ts';
import { lifetimeMs } from './expiry.ts';
import { IncompleteRenewalError } from './incomplete-renewal.ts';
import { CALL_MS } from './refresh-timing.ts';
import { makeFields, makeSomeFields, runSteps } from './run-steps.ts';
import { evaluateOn, type TokenAnswer } from './token-answer.ts';
import { callTokenServer, type TokenCallContext, type TokenCallDeps } from './token-call.ts';
import { buildTokenRequest, type TokenGrant } from './token-request.ts';
import {
  codeText,
  errorCodeOf,
  failureOf,
  RETRY,
  RefreshRefusedError,
  readTokens,
  TokenEndpointError,
} from './token-response.ts';

/** A new credential, and what its answer told of the account. */
export interface Renewed extends Credential {
  /** Connection inputs that changed or came. */
  readonly captured?: Readonly<Record<string, string>>;
}

export type RefreshToken = (
  plan: RenewalPlan,
  current: Credential,
  requestId: string,
) => Promise<Renewed>;

export function createRefreshToken(deps: TokenCallDeps): RefreshToken {
  return async (plan, current, requestId) => {
    const { account } = plan;
    const startedAtMs = deps.clock.now();
    const context = {
      account,
      requestId,
      operation: 'token',
      // One limit for all of it, however many requests: what the lease was made for.
      deadlineMs: startedAtMs + CALL_MS,
    };
    const scope = scopeOf(plan, current);
    return plan.kind === 'oauth'
      ? renewByGrant(deps, plan, current, { context, scope, startedAtMs })
      : renewBySteps(deps, plan, current, { context, scope, startedAtMs });
  };
}

/** What the templates of an auth block see. */
export function scopeOf(
  { account, client }: Pick<RenewalPlan, 'account' | 'client'>,
  current: Credential | undefined,
): Scope {
  const { id, secret } = client?.value.reveal() ?? {};
  return {
    conn: account.connection,
    cred: current?.fields.reveal() ?? {},
    app: {
      ...(id === undefined ? {} : { client_id: id }),
      ...(secret === undefined ? {} : { client_secret: secret }),
    },
  };
}

interface Renewal {
  readonly context: TokenCallContext;
  readonly scope: Scope;
  readonly startedAtMs: number;
}

async function renewByGrant(
  deps: TokenCallDeps,
  plan: OAuthPlan,
  current: Credential,
  renewal: Renewal,
): Promise<Renewed> {
  const grant = grantOf(plan, current, renewal.scope);
  return askForTokens(deps, plan, grant, current, renewal);
}

/**
 * Sends the request for tokens, and does what the integration wants done after it. Tokens that
 * came are never lost to what goes wrong later.
 */
export async function askForTokens(
  deps: TokenCallDeps,
  plan: OAuthPlan,
  grant: TokenGrant,
  current: Credential,
  { context, scope, startedAtMs }: Renewal,
): Promise<Renewed> {
  const { oauth, client } = plan;
  const request = await complete(() =>
    buildTokenRequest(deps, oauth, client?.value.reveal(), scope, grant),
  );
  const answer = await callTokenServer(deps, context, request);
  const tokens = readTokens(oauth, answer, startedAtMs);
  const fields = { ...current.fields.reveal(), ...tokens.fields };
  try {
    const more = await swap(deps, plan, { ...scope, cred: fields }, context);
    const captured = captureFrom(plan, oauth.capture, answer);
    return renewed({ ...fields, ...more }, startedAtMs, tokens.lifetimeMs, captured);
  } catch (error) {
    throw new IncompleteRenewalError(createCredential(fields, startedAtMs), { cause: error });
  }
}

async function swap(
  deps: TokenCallDeps,
  plan: OAuthPlan,
  scope: Scope,
  context: TokenCallContext,
): Promise<Readonly<Record<string, string>>> {
  const { afterToken, credential } = plan.oauth;
  const refusal = ({ status }: TokenAnswer) =>
    new TokenEndpointError('a step after the token failed', { status }, RETRY);
  const result = await runSteps(deps, afterToken, { plan, context, scope, refusal });
  return makeFields(credential, result.scope);
}

async function renewBySteps(
  deps: TokenCallDeps,
  plan: ExchangePlan,
  current: Credential,
  { context, scope, startedAtMs }: Renewal,
): Promise<Renewed> {
  const { exchange } = plan;
  const refusal = (answer: TokenAnswer) => {
    const code = exchange.errorCode
      ? codeText(evaluateOn(exchange.errorCode, answer))
      : errorCodeOf(answer);
    return failureOf(answer, code, exchange.terminalErrors);
  };
  const made: Record<string, unknown> = {};
  const call = { plan, context, scope, refusal };
  const result = await runSteps(deps, exchange.steps, call, made).catch((error: unknown) => {
    throw keepingSpent(plan, current, { ...scope, step: made }, { error, startedAtMs });
  });
  const fields = { ...current.fields.reveal(), ...makeFields(exchange.credential, result.scope) };
  const { answer } = result;
  // A JWT that is minted here and sent with every call has no answer to read.
  if (!answer) return renewed(fields, startedAtMs, fixedLifetimeMs(plan), undefined);
  const lives = exchange.expires && lifetimeMs(exchange.expires, undefined, answer, startedAtMs);
  try {
    return renewed(fields, startedAtMs, lives, captureFrom(plan, exchange.capture, answer));
  } catch (error) {
    // What the exchange started with may be spent.
    throw new IncompleteRenewalError(createCredential(fields, startedAtMs), { cause: error });
  }
}

/** A step that was answered may have made anew what it spent: the old value is then no good. */
function keepingSpent(
  { exchange: { credential, spends } }: ExchangePlan,
  current: Credential,
  scope: Scope,
  { error, startedAtMs }: { readonly error: unknown; readonly startedAtMs: number },
): unknown {
  const stored = current.fields.reveal();
  const made = makeSomeFields(credential, scope);
  const isRotated = spends.some((name) => made[name] !== undefined && made[name] !== stored[name]);
  if (!isRotated) return error;
  const kept = createCredential({ ...stored, ...made }, startedAtMs);
  return new IncompleteRenewalError(kept, { cause: error });
}

function fixedLifetimeMs({ exchange: { expires, steps } }: ExchangePlan): number | undefined {
  if (expires?.kind === 'after') return expires.ms;
  const ttls = steps.list.map((step) => (step.kind === 'mint' ? step.mint.ttlMs : Infinity));
  return Math.min(...ttls);
}

function renewed(
  fields: Readonly<Record<string, string>>,
  startedAtMs: number,
  lives: number | undefined,
  captured: Renewed['captured'],
): Renewed {
  // Counted from before the call: the token's life began before its answer arrived.
  const expiresAtMs = lives === undefined ? undefined : startedAtMs + lives;
  return { ...createCredential(fields, expiresAtMs), ...(captured ? { captured } : {}) };
}

/** What a renewal asks with. */
function grantOf(plan: OAuthPlan, current: Credential, scope: Scope): TokenGrant {
  const { oauth } = plan;
  const { refresh } = oauth;
  const template =
    oauth.grant === 'refresh_token' ? (refresh.url ?? oauth.tokenUrl) : oauth.tokenUrl;
  const target = { url: checkedUrl(plan, template, scope, true), urlTemplate: template.text };
  if (oauth.grant === 'client_credentials') {
    return { ...target, params: { grant_type: 'client_credentials', ...scopeParam(oauth) } };
  }
  const token = current.fields.reveal()[refresh.token];
  if (token === undefined) {
    throw new RefreshRefusedError('there is no token to renew with', {
      reason: `no_${refresh.token}`,
    });
  }
  const params = { grant_type: refresh.grant, [refresh.param]: token };
  return { ...target, params, ownParams: refresh.params, omit: refresh.omit };
}

/** RFC 6749 §6: a refresh without scope keeps what was granted; §4.4: client credentials ask. */
function scopeParam(oauth: OAuth): Readonly<Record<string, string>> {
  return oauth.scopes.length === 0
    ? {}
    : { [oauth.scopeParam]: oauth.scopes.join(oauth.scopeSeparator) };
}

async function complete<Result>(build: () => Promise<Result>): Promise<Result> {
  try {
    return await build();
  } catch (error) {
    if (!(error instanceof MissingValueError)) throw error;
    throw new RefreshRefusedError('the credential lacks what the request for a token needs', {
      reason: 'credential_incomplete',
    });
  }
}
