/**
 * A credential that is good for at least the next 30 seconds, renewed at most once however many
 * ask for it, in however many processes.
 *
 * In this process, concurrent callers share one attempt. Between processes, a lease on the
 * credential's own item lets one call the token endpoint; the others look again and again until
 * its result is there, or say that a renewal is under way. Not getting the lease is never the
 * end user's fault and never changes the account.
 *
 * Errors  NeedsReauthError, {@link RefreshInProgressError}, ProviderTimeoutError,
 *         ProviderUnreachableError, TokenEndpointError, RateLimitedError, KeyRevokedError,
 *         KeyUnavailableError
 */
import type {
  CredentialRequest,
  CredentialSource,
  HeldCredential,
} from '../../account/credential-source.ts';
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import { credentialKey } from '../../aws/keys.ts';
import type { Table } from '../../aws/table.ts';
import { type AccountId, brandId } from '../../kernel/id.ts';
import type { Random } from '../../kernel/random.ts';
import { createDynamoLeaseStore, type LeasePlace } from '../../lease/dynamo-lease-store.ts';
import { type Lease, LeaseHeldError } from '../../lease/lease.ts';
import { NeedsReauthError } from '../../wire/provider-errors.ts';
import { LEASE_MS, POLL_MS, WAIT_MS } from '../token/refresh-timing.ts';
import { createRenew, type RenewDeps } from './renew.ts';
import { needsRenewal, RefreshInProgressError } from './renewal-need.ts';

export interface CredentialSourceDeps extends Omit<RenewDeps, 'leases'> {
  /** Table `main`, where the credentials are. */
  readonly table: Table;
  readonly random: Random;
}

const OWNER_BYTES = 16;
const ON_CREDENTIAL: LeasePlace = {
  itemOf: (accountId) => credentialKey(brandId<'ia'>(accountId)),
  itemMustExist: true,
};
/** Another's attempt that we joined may have begun before the refusal that we know of. */
const MAX_JOINS = 3;

export function createCredentialSource(deps: CredentialSourceDeps): CredentialSource {
  const { vault, clock, random } = deps;
  const leases = createDynamoLeaseStore({ ...deps, place: ON_CREDENTIAL });
  const renew = createRenew({ ...deps, leases });
  const underWay = new Map<AccountId, Promise<HeldCredential>>();

  const tryLease = async (account: IntegratedAccount): Promise<Lease | undefined> => {
    const owner = random.bytes(OWNER_BYTES).toString('hex');
    try {
      return await leases.acquire({ key: account.id, owner, ttlMs: LEASE_MS });
    } catch (error) {
      if (error instanceof LeaseHeldError) return undefined;
      throw error;
    }
  };

  const leadOrFollow = async (
    account: IntegratedAccount,
    request: CredentialRequest,
  ): Promise<HeldCredential> => {
    const deadlineMs = clock.now() + WAIT_MS;
    for (;;) {
      const lease = await tryLease(account);
      if (lease) return renew(account, lease, request);
      if (clock.now() >= deadlineMs) {
        throw new RefreshInProgressError('another renewal of the credential is under way', {
          integrated_account_id: account.id,
        });
      }
      await clock.sleep(random.integer(POLL_MS.minimum, POLL_MS.maximum));
      const held = await vault.read(account);
      if (!(await needsRenewal(deps, account, held, request))) return held;
    }
  };

  const share = (
    account: IntegratedAccount,
    request: CredentialRequest,
  ): Promise<HeldCredential> => {
    const joined = underWay.get(account.id);
    if (joined !== undefined) return joined;
    const started = leadOrFollow(account, request).finally(() => underWay.delete(account.id));
    underWay.set(account.id, started);
    return started;
  };

  return async (account, request = {}) => {
    if (account.status === 'needs_reauth') {
      throw new NeedsReauthError('the integrated account needs to be connected again', {
        integrated_account_id: account.id,
      });
    }
    let held: HeldCredential = await vault.read(account);
    for (let joins = 0; joins < MAX_JOINS; joins += 1) {
      if (!(await needsRenewal(deps, account, held, request))) return held;
      held = await share(account, request);
    }
    return held;
  };
}
