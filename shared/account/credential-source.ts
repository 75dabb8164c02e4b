/** Where a call gets a credential that is good for at least the next 30 seconds. */
import type { Credential } from './credential.ts';
import type { IntegratedAccount } from './integrated-account.ts';

export interface HeldCredential {
  readonly credential: Credential;
  /** Rises with every write of the credential. */
  readonly version: number;
}

export interface CredentialRequest {
  /** The version that the provider has just refused with 401: refresh unless a newer one is stored. */
  readonly refusedVersion?: number;
  /** Of the work that it is for, for the boundary log. */
  readonly requestId?: string;
}

/**
 * @throws NeedsReauthError (shared/wire/provider-errors.ts) where only the end user can help;
 *   RefreshInProgressError where another caller's refresh outlasts the wait; KeyUnavailableError
 */
export type CredentialSource = (
  account: IntegratedAccount,
  request?: CredentialRequest,
) => Promise<HeldCredential>;
