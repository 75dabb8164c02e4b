/**
 * Tells the provider that an account is gone, as its alternative's `revoke` says: best effort,
 * within 10 seconds, and never a reason to keep the account.
 *
 * Units   {@link REVOKE_MS}: for all of it, the reading of the credential included
 */
import type { HeldCredential } from '../../account/credential-source.ts';
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import { alternativeOf } from '../../integration/auth/alternative.ts';
import type { Auth, Revoke } from '../../integration/auth/plan.ts';
import type { Catalogue } from '../../integration/catalogue/catalogue.ts';
import type { Integration } from '../../integration/document/plan.ts';
import type { Scope } from '../../integration/template/scope.ts';
import { AppError } from '../../kernel/errors.ts';
import { mapRecord } from '../../kernel/map-record.ts';
import { authenticate } from '../../wire/authenticate.ts';
import { basicHeader } from '../../wire/basic.ts';
import { encodeBody } from '../../wire/body/request-body.ts';
import type { ClientFor } from '../app/plan-source.ts';
import { checkedUrl, type RenewalPlan } from '../app/renewal-plan.ts';
import { scopeOf } from '../token/refresh-token.ts';
import { callTokenServer, type TokenCallDeps, type TokenCallRequest } from '../token/token-call.ts';
import { isSuccess } from '../token/token-response.ts';

export const REVOKE_MS = 10_000;

/** `not_declared`: the provider has nothing to be told. */
export type RevokeOutcome = 'done' | 'failed' | 'not_declared';

export type RevokeGrant = (account: IntegratedAccount, requestId: string) => Promise<RevokeOutcome>;

export interface RevokeGrantDeps extends TokenCallDeps {
  readonly catalogue: Pick<Catalogue, 'integration'>;
  readonly clientFor: ClientFor;
  /** As it is stored: what is revoked needs no renewal first. */
  readonly read: (account: IntegratedAccount) => Promise<HeldCredential>;
}

/** Who asks is not told why it failed: the boundary log is, and the log gets the code. */
export function createRevokeGrant(
  deps: RevokeGrantDeps,
  log: (message: string, detail: Readonly<Record<string, string>>) => void,
): RevokeGrant {
  return async (account, requestId) => {
    const integration = deps.catalogue.integration(account.integration);
    const auth = integration && alternativeOf(integration, account);
    if (!integration || !auth?.revoke) return 'not_declared';
    const declared = { ...auth, revoke: auth.revoke };
    const code = await attempt(deps, { account, integration, auth: declared, requestId });
    if (code === undefined) return 'done';
    log('the provider did not revoke the grant', { account_id: account.id, code });
    return 'failed';
  };
}

interface Revocation {
  readonly account: IntegratedAccount;
  readonly integration: Integration;
  readonly auth: Auth & { readonly revoke: Revoke };
  readonly requestId: string;
}

/** The code of what went wrong; undefined where nothing did. */
async function attempt(
  deps: RevokeGrantDeps,
  { account, integration, auth, requestId }: Revocation,
): Promise<string | undefined> {
  const { revoke } = auth;
  if (lacksCaptured(integration, account, revoke)) return 'input_not_captured';
  const deadlineMs = deps.clock.now() + REVOKE_MS;
  try {
    const held = await deps.read(account);
    const { fields } = held.credential;
    const client = revoke.usesClient ? await deps.clientFor(account, fields) : undefined;
    const plan = { account, integration, client };
    const request = buildRevoke(revoke, scopeOf(plan, held.credential), plan);
    const sent = revoke.authenticated
      ? await withCredential(deps, request, { account, auth, held })
      : request;
    const context = { account, requestId, operation: 'revoke', deadlineMs };
    const answer = await callTokenServer(deps, context, sent);
    return isSuccess(answer) ? undefined : `status_${answer.status}`;
  } catch (error) {
    return error instanceof AppError ? error.code : 'internal_error';
  }
}

/** Which grant is meant, the provider never said: the client would revoke whatever it takes it for. */
function lacksCaptured(
  { connection: inputs }: Integration,
  { connection }: IntegratedAccount,
  { inputs: lookedUp }: Revoke,
): boolean {
  return lookedUp.some((name) => inputs[name]?.captured && connection[name] === undefined);
}

/** Puts the credential on the request, as on any call to the provider. */
async function withCredential(
  { clock, random }: Pick<TokenCallDeps, 'clock' | 'random'>,
  { urlTemplate, body, ...rest }: TokenCallRequest,
  {
    account,
    auth,
    held: { credential },
  }: {
    readonly account: IntegratedAccount;
    readonly auth: Auth;
    readonly held: HeldCredential;
  },
): Promise<TokenCallRequest> {
  const outgoing = { ...rest, ...(body ? { body } : {}) };
  const instant = { nowMs: clock.now(), random };
  const sent = await authenticate(outgoing, auth, credential, account, instant);
  return { ...sent, urlTemplate };
}

function buildRevoke(
  revoke: Revoke,
  scope: Scope,
  plan: Pick<RenewalPlan, 'account' | 'integration' | 'client'>,
): TokenCallRequest {
  const body = revoke.body?.(scope);
  const encoded = body === undefined ? undefined : encodeBody(body, revoke.bodyFormat, undefined);
  return {
    method: revoke.method,
    url: checkedUrl(plan, revoke.url, scope, revoke.usesClient),
    urlTemplate: revoke.url.text,
    headers: {
      accept: 'application/json',
      ...(encoded && { 'content-type': encoded.contentType }),
      ...basicHeader(revoke.basic, scope),
      ...mapRecord(revoke.headers, (text) => text.render(scope)),
    },
    body: encoded?.body,
  };
}
