/**
 * Stores a renewed credential before anybody uses it, and never loses the newest.
 *
 * A write that does not go through is tried again for as long as the lease was dimensioned for.
 * A write that finds another state looks which credential is newer: versions rise with every
 * write, so while the version is still ours nobody has stored anything since, and ours is.
 */
import type { Credential } from '../../account/credential.ts';
import type { HeldCredential } from '../../account/credential-source.ts';
import {
  CredentialChangedError,
  type CredentialVault,
  type RefreshGuard,
} from '../../account/credential-vault.ts';
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import type { Clock } from '../../kernel/clock.ts';
import { NotFoundError } from '../../kernel/errors.ts';
import { PERSIST_MS } from '../token/refresh-timing.ts';

const RETRY_MS = 250;

export interface PersistDeps {
  readonly vault: CredentialVault;
  readonly clock: Clock;
}

/** The credential that is stored afterwards: the renewed one, or one newer still. */
export async function persistRenewed(
  { vault, clock }: PersistDeps,
  account: IntegratedAccount,
  guard: RefreshGuard,
  credential: Credential,
): Promise<HeldCredential> {
  const deadlineMs = clock.now() + PERSIST_MS;
  for (;;) {
    try {
      return { credential, version: await vault.putRefreshed(account, guard, credential) };
    } catch (error) {
      if (error instanceof CredentialChangedError) {
        return keepNewer(vault, account, guard.version, credential);
      }
      if (error instanceof NotFoundError || clock.now() + RETRY_MS > deadlineMs) throw error;
      await clock.sleep(RETRY_MS);
    }
  }
}

/**
 * Our write was refused: the account is gone, a newer credential is stored (an earlier try of
 * ours whose answer was lost, or a reconnect), or we slept past the lease. In the last case the
 * provider's newest token is in our hands, and the version alone guards the write.
 */
async function keepNewer(
  vault: CredentialVault,
  account: IntegratedAccount,
  version: number,
  credential: Credential,
): Promise<HeldCredential> {
  const stored = await vault.read(account);
  if (stored.version > version) return stored;
  try {
    return { credential, version: await vault.put(account, credential, version) };
  } catch (error) {
    if (!(error instanceof CredentialChangedError)) throw error;
    return vault.read(account);
  }
}
