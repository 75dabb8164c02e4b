/**
 * Spares whoever pages through a list the reading of the same credential for every page: a call to
 * the table and two decryptions, a fifth of what a page of a sync costs (bench/sync.ts).
 *
 * A credential is kept for one account object, so for one piece of work, and forgotten with it. One
 * that was replaced meanwhile is noticed when it is refused, or after {@link KEPT_MS}.
 *
 * Units   {@link KEPT_MS} is well below the 30 s for which a credential is good when it is read
 */
import type { CredentialSource, HeldCredential } from '../account/credential-source.ts';
import type { IntegratedAccount } from '../account/integrated-account.ts';
import type { Clock } from '../kernel/clock.ts';

export const KEPT_MS = 5_000;

interface Kept {
  readonly held: HeldCredential;
  readonly readAtMs: number;
}

export function keepCredentials(source: CredentialSource, clock: Clock): CredentialSource {
  const keptFor = new WeakMap<IntegratedAccount, Kept>();
  return async (account, request) => {
    const kept = keptFor.get(account);
    const readAtMs = clock.now();
    const isRefused = request?.refusedVersion !== undefined;
    if (kept && !isRefused && readAtMs - kept.readAtMs < KEPT_MS) return kept.held;
    keptFor.delete(account);
    const held = await source(account, request);
    keptFor.set(account, { held, readAtMs });
    return held;
  };
}
