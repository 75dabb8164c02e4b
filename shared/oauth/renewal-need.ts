/** Whether a stored credential may be used as it is. */
import type { Credential, CredentialFields } from '../account/credential.ts';
import type { CredentialRequest, HeldCredential } from '../account/credential-source.ts';
import type { IntegratedAccount } from '../account/integrated-account.ts';
import type { Clock } from '../kernel/clock.ts';
import { ContentionError } from '../kernel/errors.ts';
import type { Transient } from '../kernel/transient.ts';
import { PREFLIGHT_MS } from './refresh-timing.ts';
import type { TokenEndpoint } from './token-endpoint.ts';

/** How the account's credential is renewed; undefined where it is not (an API key, a password). */
export type EndpointOf = (
  account: IntegratedAccount,
  fields: Transient<CredentialFields>,
) => Promise<TokenEndpoint | undefined>;

/** Somebody else renews the credential, and it takes long. */
export class RefreshInProgressError extends ContentionError {
  override readonly name = 'RefreshInProgressError';
  readonly code = 'refresh_in_progress';
  override readonly status = 503;
}

export interface NeedDeps {
  readonly clock: Clock;
  readonly endpointOf: EndpointOf;
}

export async function needsRenewal(
  { clock, endpointOf }: NeedDeps,
  account: IntegratedAccount,
  { credential, version }: HeldCredential,
  request: CredentialRequest,
): Promise<boolean> {
  if (request.refusedVersion !== undefined && version <= request.refusedVersion) return true;
  if (endsWithin(credential, clock.now() + PREFLIGHT_MS)) return true;
  if (hasAccessToken(credential)) return false;
  // No access token yet: an OAuth client that has never called, or a kind that needs none.
  return (await endpointOf(account, credential.fields)) !== undefined;
}

function endsWithin({ expiresAtMs }: Credential, instantMs: number): boolean {
  return expiresAtMs !== undefined && expiresAtMs <= instantMs;
}

function hasAccessToken({ fields }: Credential): boolean {
  return fields.reveal()['access_token'] !== undefined;
}
