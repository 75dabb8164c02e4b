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
import { AccountChangedError } from '../../account/account-store.ts';
import type { Credential } from '../../account/credential.ts';
import type { CredentialRequest, HeldCredential } from '../../account/credential-source.ts';
import type { RefreshGuard, StoredCredential } from '../../account/credential-vault.ts';
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import { CallerError } from '../../kernel/errors.ts';
import type { Lease, LeaseStore } from '../../lease/lease.ts';
import { RateLimitedError } from '../../wire/provider-errors.ts';
import type { RenewalPlan } from '../app/renewal-plan.ts';
import { IncompleteRenewalError } from '../token/incomplete-renewal.ts';
import { NEEDED_MS } from '../token/refresh-timing.ts';
import type { RefreshToken, Renewed } from '../token/refresh-token.ts';
import { RefreshRefusedError, TokenEndpointError } from '../token/token-response.ts';
import { type EndGrantDeps, endGrant, needsReauth } from './end-grant.ts';
import { hashOf, type NextIntent, nextIntent, type PlannedCall } from './intent.ts';
import { persistRenewed } from './persist-renewed.ts';
import { type NeedDeps, needsRenewal, RefreshInProgressError } from './renewal-need.ts';

export interface RenewDeps extends NeedDeps, EndGrantDeps {
  readonly leases: LeaseStore;
  readonly refresh: RefreshToken;
}

export type Renew = (
  account: IntegratedAccount,
  lease: Lease,
  request: CredentialRequest,
) => Promise<HeldCredential>;

/** Every further one means that somebody else got on. */
const MAX_NOTES = 5;

interface Attempt {
  readonly account: IntegratedAccount;
  readonly guard: RefreshGuard;
  readonly plan: RenewalPlan;
  readonly next: PlannedCall;
  readonly requestId: string;
}

type Answer =
  | { readonly kind: 'renewed'; readonly credential: Renewed }
  /** The credential has to be stored, and does not do: see incomplete-renewal.ts. */
  | { readonly kind: 'incomplete'; readonly credential: Credential; readonly cause: unknown }
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

  const plan = await deps.planOf(current, held.credential.fields);
  if (!plan) return end(deps, account, held.version, 'credential_refused');

  const next = nextCall(deps, plan, held);
  if (next.kind === 'lost') return end(deps, account, held.version, 'lost_rotation');
  const guard = { version: held.version, lease };
  const attempt = { account: current, guard, plan, next, requestId: request.requestId ?? '' };
  return storeRenewed(deps, attempt, held.credential);
}

/** A renewal that uses nothing up has nothing that a lost answer could spend. */
function nextCall(deps: RenewDeps, { spends }: RenewalPlan, held: StoredCredential): NextIntent {
  if (spends.length === 0) return { kind: 'call', doubtful: false };
  const fields = held.credential.fields.reveal();
  const spent = spends.map((name) => fields[name] ?? '').join('\n');
  return nextIntent(held.intent, hashOf(spent), deps.clock.now());
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
  if (answer.kind === 'incomplete') return failAfterwards(deps, account, renewed, answer.cause);
  await noteOnAccount(deps, account, {
    expiresAtMs: renewed.credential.expiresAtMs,
    captured: answer.credential.captured,
  });
  return renewed;
}

/** The new tokens are safe; what had to follow them is told as it failed. */
async function failAfterwards(
  deps: RenewDeps,
  account: IntegratedAccount,
  { version }: HeldCredential,
  cause: unknown,
): Promise<HeldCredential> {
  if (!(cause instanceof RefreshRefusedError)) throw cause;
  return end(deps, account, version, String(cause.detail['reason']));
}

async function call(deps: RenewDeps, attempt: Attempt, old: Credential): Promise<Answer> {
  try {
    return {
      kind: 'renewed',
      credential: await deps.refresh(attempt.plan, old, attempt.requestId),
    };
  } catch (error) {
    if (error instanceof RefreshRefusedError) {
      return { kind: 'refused', reason: String(error.detail['reason']) };
    }
    if (error instanceof IncompleteRenewalError) {
      return { kind: 'incomplete', credential: error.credential, cause: error.cause };
    }
    // The first failure is the one to tell; unsettled, the note reads as a crash, which is safe.
    await settle(deps, attempt, changedNothing(attempt.plan, error)).catch(() => undefined);
    throw error;
  }
}

/** Whether the provider said clearly that it kept the refresh token as it was. */
function changedNothing({ kind }: RenewalPlan, error: unknown): boolean {
  if (error instanceof RateLimitedError) return true;
  // What a caller can put right is found out before a grant is sent; between steps it may be later.
  if (error instanceof CallerError) return kind === 'oauth';
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

interface AccountNote {
  readonly expiresAtMs: number | undefined;
  readonly captured: Renewed['captured'];
}

/**
 * The expiry is for readers of the account, and the credential's own is what counts. What was
 * captured is needed by calls; lost to a crash here, it comes with the next renewal.
 */
async function noteOnAccount(
  { accounts }: RenewDeps,
  account: IntegratedAccount,
  { expiresAtMs, captured }: AccountNote,
): Promise<void> {
  let current = account;
  for (let tries = 0; tries < MAX_NOTES; tries += 1) {
    try {
      const connection = captured && { connection: { ...current.connection, ...captured } };
      await accounts.update(current, { expiresAtMs: expiresAtMs ?? null, ...connection });
      return;
    } catch (error) {
      // Somebody else changed the account: theirs is worth more than a note of its expiry.
      if (!(error instanceof AccountChangedError)) throw error;
      if (!captured) return;
      current = await accounts.get(account.environmentId, account.id);
    }
  }
}
