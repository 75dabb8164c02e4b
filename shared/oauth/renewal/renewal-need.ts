/** Whether a stored credential may be used as it is. */
import type { Credential, CredentialFields } from '../../account/credential.ts';
import type { CredentialRequest, HeldCredential } from '../../account/credential-source.ts';
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import type { Clock } from '../../kernel/clock.ts';
import { ContentionError } from '../../kernel/errors.ts';
import type { Transient } from '../../kernel/transient.ts';
import type { RenewalPlan } from '../app/renewal-plan.ts';
import { PREFLIGHT_MS } from '../token/refresh-timing.ts';

/** How the account's credential is renewed; undefined where it is not (an API key, a password). */
export type PlanOf = (
  account: IntegratedAccount,
  fields: Transient<CredentialFields>,
) => Promise<RenewalPlan | undefined>;

/** Somebody else renews the credential, and it takes long. */
export class RefreshInProgressError extends ContentionError {
  override readonly name = 'RefreshInProgressError';
  readonly code = 'refresh_in_progress';
  override readonly status = 503;
}

export interface NeedDeps {
  readonly clock: Clock;
  readonly planOf: PlanOf;
}

export async function needsRenewal(
  { clock, planOf }: NeedDeps,
  account: IntegratedAccount,
  { credential, version }: HeldCredential,
  request: CredentialRequest,
): Promise<boolean> {
  if (request.refusedVersion !== undefined && version <= request.refusedVersion) return true;
  if (endsWithin(credential, clock.now() + PREFLIGHT_MS)) return true;
  if (hasAccessToken(credential)) return false;
  // No access token yet: an exchange that has never been made, or a kind that needs none.
  return (await planOf(account, credential.fields)) !== undefined;
}

/** Whether a renewal has all that it would use up: without, it can only end the grant. */
export async function canRenew(
  planOf: PlanOf,
  account: IntegratedAccount,
  { fields }: Credential,
): Promise<boolean> {
  const plan = await planOf(account, fields);
  const present = fields.reveal();
  return plan?.spends.every((name) => present[name] !== undefined) ?? false;
}

function endsWithin({ expiresAtMs }: Credential, instantMs: number): boolean {
  return expiresAtMs !== undefined && expiresAtMs <= instantMs;
}

function hasAccessToken({ fields }: Credential): boolean {
  return fields.reveal()['access_token'] !== undefined;
}
