/**
 * One renewal, under the lease: read again, note the intent, call, store, and only then use.
 *
 * A refresh token may die with its first use. So what may happen to it is written down before
 * the call: a successor that finds such a note knows that the answer may have been lost.
 *
 * | found                                     | done                                            |
 * | ----------------------------------------- | ----------------------------------------------- |
 * | the note of an attempt that crashed       | one retry, then `lost_rotation` without a call  |
 * | the note of an attempt without an answer  | a retry each time; a refusal is `lost_rotation` |
 * | a refusal, and a newer credential stored  | the newer one is used                           |
 * | a refusal, and nothing newer              | the account needs to be connected again         |
 */
import { AccountChangedError } from '../account/account-store.ts';
import type { Credential } from '../account/credential.ts';
import type { CredentialRequest, HeldCredential } from '../account/credential-source.ts';
import type { RefreshGuard, StoredCredential } from '../account/credential-vault.ts';
import type { IntegratedAccount } from '../account/integrated-account.ts';
import type { Lease, LeaseStore } from '../lease/lease.ts';
import { RateLimitedError } from '../proxy/provider-errors.ts';
import { type EndGrantDeps, endGrant, needsReauth } from './end-grant.ts';
import { hashOf, type NextIntent, nextIntent, type PlannedCall } from './intent.ts';
import { persistRenewed } from './persist-renewed.ts';
import { NEEDED_MS } from './refresh-timing.ts';
import type { RefreshToken } from './refresh-token.ts';
import { type NeedDeps, needsRenewal, RefreshInProgressError } from './renewal-need.ts';
import type { TokenEndpoint } from './token-endpoint.ts';
import { RefreshRefusedError, TokenEndpointError } from './token-response.ts';

export interface RenewDeps extends NeedDeps, EndGrantDeps {
  readonly leases: LeaseStore;
  readonly refresh: RefreshToken;
}

export type Renew = (
  account: IntegratedAccount,
  lease: Lease,
  request: CredentialRequest,
) => Promise<HeldCredential>;

interface Attempt {
  readonly account: IntegratedAccount;
  readonly guard: RefreshGuard;
  readonly endpoint: TokenEndpoint;
  readonly next: PlannedCall;
}

type Answer =
  | { readonly kind: 'renewed'; readonly credential: Credential }
  | { readonly kind: 'refused'; readonly reason: string };

/** Gives the lease back, whatever happens. */
export function createRenew(deps: RenewDeps): Renew {
  return async (account, lease, request) => {
    try {
      return await underLease(deps, account, lease, request);
    } finally {
      // A courtesy to the next owner, no more: an unreleased lease lapses by itself.
      await deps.leases.release(lease).catch(() => undefined);
    }
  };
}

async function underLease(
  deps: RenewDeps,
  account: IntegratedAccount,
  lease: Lease,
  request: CredentialRequest,
): Promise<HeldCredential> {
  const held = await deps.vault.read(account);
  if (!(await needsRenewal(deps, account, held, request))) return held;

  const current = await deps.accounts.get(account.environmentId, account.id);
  if (current.status === 'needs_reauth') throw needsReauth(account, current.statusReason ?? '');

  const endpoint = await deps.endpointOf(account, held.credential.fields);
  if (!endpoint) return end(deps, account, held.version, 'credential_refused');

  const next = plan(deps, endpoint, held);
  if (next.kind === 'lost') return end(deps, account, held.version, 'lost_rotation');
  const attempt = { account: current, guard: { version: held.version, lease }, endpoint, next };
  return storeRenewed(deps, attempt, held.credential);
}

/** A grant without a refresh token has nothing that a lost answer could spend. */
function plan(deps: RenewDeps, endpoint: TokenEndpoint, held: StoredCredential): NextIntent {
  if (endpoint.grant === 'client_credentials') return { kind: 'call', doubtful: false };
  const { refresh_token: token = '' } = held.credential.fields.reveal();
  return nextIntent(held.intent, hashOf(token), deps.clock.now());
}

async function storeRenewed(
  deps: RenewDeps,
  attempt: Attempt,
  old: Credential,
): Promise<HeldCredential> {
  const { account, guard, next } = attempt;
  if (next.intent) await deps.vault.recordIntent(account.id, guard, next.intent);
  if (guard.lease.expiresAtMs - deps.clock.now() < NEEDED_MS) {
    await settle(deps, attempt, true);
    throw new RefreshInProgressError('too little of the lease is left to begin the call', {
      integrated_account_id: account.id,
    });
  }
  const answer = await call(deps, attempt, old);
  if (answer.kind === 'refused') {
    const reason = next.doubtful ? 'lost_rotation' : answer.reason;
    return end(deps, account, guard.version, reason);
  }
  const renewed = await persistRenewed(deps, account, guard, answer.credential);
  await noteExpiry(deps, account, renewed.credential.expiresAtMs);
  return renewed;
}

async function call(deps: RenewDeps, attempt: Attempt, old: Credential): Promise<Answer> {
  try {
    return { kind: 'renewed', credential: await deps.refresh(attempt.endpoint, old) };
  } catch (error) {
    if (error instanceof RefreshRefusedError) {
      return { kind: 'refused', reason: String(error.detail['reason']) };
    }
    // The first failure is the one to tell; unsettled, the note reads as a crash, which is safe.
    await settle(deps, attempt, changedNothing(error)).catch(() => undefined);
    throw error;
  }
}

/** Whether the provider said clearly that it kept the refresh token as it was. */
function changedNothing(error: unknown): boolean {
  if (error instanceof RateLimitedError) return true;
  if (!(error instanceof TokenEndpointError)) return false;
  const status = error.detail['status'];
  return typeof status === 'number' && status >= 400 && status < 500;
}

async function settle(
  { vault }: RenewDeps,
  { account, guard, next }: Attempt,
  clear: boolean,
): Promise<void> {
  if (!next.intent) return;
  if (clear && !next.doubtful) return vault.clearIntent(account.id, guard);
  return vault.recordIntent(account.id, guard, { ...next.intent, state: 'unanswered' });
}

/** @throws NeedsReauthError, unless a newer credential is stored */
async function end(
  deps: RenewDeps,
  account: IntegratedAccount,
  version: number,
  reason: string,
): Promise<HeldCredential> {
  const outcome = await endGrant(deps, account, version, reason);
  if (outcome === 'replaced') return deps.vault.read(account);
  throw needsReauth(account, reason);
}

/** For readers of the account; the credential's own expiry is what counts. */
async function noteExpiry(
  { accounts }: RenewDeps,
  account: IntegratedAccount,
  expiresAtMs: number | undefined,
): Promise<void> {
  try {
    await accounts.update(account, { expiresAtMs: expiresAtMs ?? null });
  } catch (error) {
    // Somebody else changed the account: theirs is worth more than a note.
    if (!(error instanceof AccountChangedError)) throw error;
  }
}
