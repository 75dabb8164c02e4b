/**
 * Where credentials rest: sealed under the tenant's key, bound to environment, tenant and account.
 *
 * The item also carries the lease on its renewal and the record of a renewal under way, so that
 * one conditional write decides all of it.
 *
 * Shape   `{ sealed, version, expiresAtMs?, intent?, lease… }`; the lease's attributes are
 *         those of shared/lease/dynamo-lease-store.ts
 * Errors  NotFoundError; {@link CredentialChangedError}; KeyRevokedError, KeyUnavailableError,
 *         EnvelopeTamperedError
 */
import * as z from 'zod';
import { credentialKey } from '../aws/keys.ts';
import { type Change, type Condition, ConditionFailedError, type Table } from '../aws/table.ts';
import type { SealContext, Sealer } from '../encryption/sealer.ts';
import { ContentionError, NotFoundError } from '../kernel/errors.ts';
import type { AccountId } from '../kernel/id.ts';
import type { Lease } from '../lease/lease.ts';
import { type Credential, createCredential } from './credential.ts';
import type { HeldCredential } from './credential-source.ts';
import type { IntegratedAccount } from './integrated-account.ts';

/** Written before the token endpoint is called, taken away with the outcome. */
export interface RefreshIntent {
  /** SHA-256 of the refresh token in use: whether a later attempt uses the same. */
  readonly tokenHash: string;
  readonly startedAtMs: number;
  /** `calling` outlives only a crash; `unanswered` was noted by whoever got no clear answer. */
  readonly state: 'calling' | 'unanswered';
  /** This attempt repeats one that crashed. */
  readonly retry: boolean;
}

export interface StoredCredential extends HeldCredential {
  readonly intent?: RefreshIntent;
}

export interface CredentialVault {
  /**
   * Stores a credential that the end user or the operator gave. Ends any record of a renewal
   * under way: whoever renews the old one finds another version.
   *
   * @param expectedVersion 0 where there must be none yet; absent: whatever is there
   * @returns the version it now has
   */
  put(
    account: IntegratedAccount,
    credential: Credential,
    expectedVersion?: number,
  ): Promise<number>;
  read(account: IntegratedAccount): Promise<StoredCredential>;
  /** Whether a newer version than `version` is stored, without opening it. */
  isNewerThan(accountId: AccountId, version: number): Promise<boolean>;
  /** Notes that `version` is about to be renewed under `lease`. */
  recordIntent(accountId: AccountId, guard: RefreshGuard, intent: RefreshIntent): Promise<void>;
  /** Takes the note away: the token endpoint answered, and nothing changed. */
  clearIntent(accountId: AccountId, guard: RefreshGuard): Promise<void>;
  /** Stores the renewed credential, ends the note and the lease, all in one write. */
  putRefreshed(
    account: IntegratedAccount,
    guard: RefreshGuard,
    credential: Credential,
  ): Promise<number>;
}

/** What a renewal's writes are conditional on. */
export interface RefreshGuard {
  readonly version: number;
  readonly lease: Lease;
}

/** The credential is not the one that was read, or its renewal is another's by now. */
export class CredentialChangedError extends ContentionError {
  override readonly name = 'CredentialChangedError';
  readonly code = 'conflict';
}

const storedCredential = z.object({
  sealed: z.unknown(),
  version: z.int().positive(),
  expiresAtMs: z.int().exactOptional(),
  intent: z
    .object({
      tokenHash: z.string(),
      startedAtMs: z.int(),
      state: z.enum(['calling', 'unanswered']),
      retry: z.boolean(),
    })
    .exactOptional(),
});
const credentialFields = z.record(z.string(), z.string());

export interface CredentialVaultDeps {
  readonly table: Table;
  readonly sealer: Sealer;
}

export function createCredentialVault({ table, sealer }: CredentialVaultDeps): CredentialVault {
  const write = async (accountId: AccountId, change: Change, condition?: Condition) => {
    try {
      return await table.update(credentialKey(accountId), change, condition);
    } catch (error) {
      if (!(error instanceof ConditionFailedError)) throw error;
      const detail = { integrated_account_id: accountId };
      throw new CredentialChangedError('the credential was changed meanwhile', detail, {
        cause: error,
      });
    }
  };
  const put = async (account: IntegratedAccount, credential: Credential, when?: Condition) => {
    const change = await sealedChange(sealer, account, credential);
    return storedCredential.parse(await write(account.id, change, when)).version;
  };
  return {
    put: (account, credential, expectedVersion) =>
      put(account, credential, expectedVersion === undefined ? undefined : at(expectedVersion)),

    async read(account) {
      const item = await table.get(credentialKey(account.id));
      if (item?.['version'] === undefined) {
        throw new NotFoundError('the integrated account has no credential', {
          integrated_account_id: account.id,
        });
      }
      const { sealed, version, expiresAtMs, intent } = storedCredential.parse(item);
      const credential = await openCredential(sealer, account, sealed, expiresAtMs);
      return { credential, version, ...(intent === undefined ? {} : { intent }) };
    },

    async isNewerThan(accountId, version) {
      const item = await table.get(credentialKey(accountId));
      return item !== undefined && storedCredential.parse(item).version > version;
    },

    async recordIntent(accountId, guard, intent) {
      await write(accountId, { set: { intent: { ...intent } } }, guarded(guard));
    },

    async clearIntent(accountId, guard) {
      await write(accountId, { remove: ['intent'] }, guarded(guard));
    },

    async putRefreshed(account, guard, credential) {
      const change = await sealedChange(sealer, account, credential);
      const item = await write(
        account.id,
        { ...change, set: { ...change.set, leaseExpiresAtMs: 0 } },
        guarded(guard),
      );
      return storedCredential.parse(item).version;
    },
  };
}

function at(version: number): Condition {
  return version === 0
    ? { when: 'attribute_not_exists(#version)' }
    : { when: '#version = :version', values: { version } };
}

function guarded({ version, lease }: RefreshGuard): Condition {
  return {
    when: '#version = :version AND #leaseOwner = :owner AND #leaseFence = :fence',
    values: { version, owner: lease.owner, fence: lease.fence },
  };
}

async function sealedChange(
  sealer: Sealer,
  account: IntegratedAccount,
  { fields, expiresAtMs }: Credential,
): Promise<Change> {
  const plaintext = Buffer.from(JSON.stringify(fields.reveal()));
  try {
    const sealed = await sealer.seal(plaintext, contextOf(account));
    return {
      set: { sealed, expiresAtMs },
      remove: expiresAtMs === undefined ? ['intent', 'expiresAtMs'] : ['intent'],
      add: { version: 1 },
    };
  } finally {
    plaintext.fill(0);
  }
}

async function openCredential(
  sealer: Sealer,
  account: IntegratedAccount,
  sealed: unknown,
  expiresAtMs: number | undefined,
): Promise<Credential> {
  const plaintext = await sealer.open(sealed, contextOf(account));
  try {
    const fields = credentialFields.parse(JSON.parse(plaintext.toString()));
    return createCredential(fields, expiresAtMs);
  } finally {
    plaintext.fill(0);
  }
}

function contextOf({ environmentId, tenantId, id }: IntegratedAccount): SealContext {
  return { environmentId, ownerId: tenantId, purpose: 'credential', subject: id };
}
