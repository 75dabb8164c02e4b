/**
 * The key-encryption key of one owner: made by KMS, kept wrapped in table `keys`, unwrapped by
 * KMS on demand. Table `keys` has no backups, so erasing the item makes everything that the key
 * ever sealed unreadable, in every backup of every other table.
 *
 * Shape   `{ keyId, kekArn, wrappedKek, createdAtMs }`
 * Errors  KeyRevokedError, KeyUnavailableError, EnvelopeTamperedError
 */
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import * as z from 'zod';
import { ownerKeyKey } from '../aws/keys.ts';
import { ConditionFailedError, type Table } from '../aws/table.ts';
import type { Clock } from '../kernel/clock.ts';
import type { EnvironmentId } from '../kernel/id.ts';
import { invariant } from '../kernel/invariant.ts';
import type { Random } from '../kernel/random.ts';
import type { Kek } from './kek-cache.ts';
import { KEY_BYTES, KeyRevokedError } from './key-ring.ts';
import { fromKmsError } from './kms-errors.ts';

export interface KeyOwner {
  readonly environmentId: EnvironmentId;
  readonly ownerId: string;
}

export interface TenantKeyStoreDeps {
  readonly keysTable: Table;
  readonly kms: KMSClient;
  /** The KMS key that wraps new owners' keys. */
  readonly kekArn: string;
  readonly clock: Clock;
  readonly random: Random;
}

export interface TenantKeyStore {
  /** The owner's key, made where there is none. Whoever asks zeroes it after use. */
  loadOrCreate(owner: KeyOwner): Promise<Kek>;
  /** The owner's key. @throws KeyRevokedError where there is none */
  load(owner: KeyOwner): Promise<Kek>;
}

const storedKey = z.object({
  keyId: z.string(),
  kekArn: z.string(),
  wrappedKek: z.instanceof(Uint8Array),
});
type StoredKey = z.output<typeof storedKey>;

const KEY_ID_BYTES = 16;

export function createTenantKeyStore(deps: TenantKeyStoreDeps): TenantKeyStore {
  const read = async (owner: KeyOwner): Promise<StoredKey | undefined> => {
    const item = await deps.keysTable.get(ownerKeyKey(owner.environmentId, owner.ownerId));
    return item && storedKey.parse(item);
  };
  const load = async (owner: KeyOwner): Promise<Kek> => {
    const stored = await read(owner);
    if (!stored) throw new KeyRevokedError('the key was erased');
    return unwrap(deps.kms, stored, owner);
  };
  return {
    load,
    async loadOrCreate(owner) {
      const stored = await read(owner);
      if (stored) return unwrap(deps.kms, stored, owner);
      // Undefined: another process was first, and its key is the owner's.
      return (await create(deps, owner)) ?? load(owner);
    },
  };
}

/** Erases the owner's key. True where there was one. */
export async function eraseTenantKey(keysTable: Table, owner: KeyOwner): Promise<boolean> {
  const key = ownerKeyKey(owner.environmentId, owner.ownerId);
  try {
    await keysTable.delete(key, { when: 'attribute_exists(#pk)' });
    return true;
  } catch (error) {
    if (error instanceof ConditionFailedError) return false;
    throw error;
  }
}

async function create(deps: TenantKeyStoreDeps, owner: KeyOwner): Promise<Kek | undefined> {
  const { key, wrappedKek } = await generate(deps, owner);
  const keyId = `tk_${deps.random.bytes(KEY_ID_BYTES).toString('hex')}`;
  const item = {
    ...ownerKeyKey(owner.environmentId, owner.ownerId),
    keyId,
    kekArn: deps.kekArn,
    wrappedKek,
    createdAtMs: deps.clock.now(),
  };
  try {
    await deps.keysTable.put(item, { when: 'attribute_not_exists(#pk)' });
    return { keyId, key };
  } catch (error) {
    key.fill(0);
    if (error instanceof ConditionFailedError) return undefined;
    throw error;
  }
}

async function generate(
  { kms, kekArn }: TenantKeyStoreDeps,
  owner: KeyOwner,
): Promise<{ readonly key: Buffer; readonly wrappedKek: Uint8Array }> {
  try {
    const { Plaintext, CiphertextBlob } = await kms.send(
      new GenerateDataKeyCommand({
        KeyId: kekArn,
        NumberOfBytes: KEY_BYTES,
        EncryptionContext: encryptionContext(owner),
      }),
    );
    invariant(Plaintext && CiphertextBlob, 'the key service answers with a key');
    return { key: takeKey(Plaintext), wrappedKek: CiphertextBlob };
  } catch (error) {
    throw fromKmsError(error);
  }
}

/** Names the wrapping key, so that KMS refuses a blob that some other key wrapped. */
async function unwrap(kms: KMSClient, stored: StoredKey, owner: KeyOwner): Promise<Kek> {
  try {
    const { Plaintext } = await kms.send(
      new DecryptCommand({
        KeyId: stored.kekArn,
        CiphertextBlob: stored.wrappedKek,
        EncryptionContext: encryptionContext(owner),
      }),
    );
    invariant(Plaintext?.length === KEY_BYTES, 'a wrapped key has the length of a key');
    return { keyId: stored.keyId, key: takeKey(Plaintext) };
  } catch (error) {
    throw fromKmsError(error);
  }
}

/** Moves the key out of the client's buffer. */
function takeKey(plaintext: Uint8Array): Buffer {
  const key = Buffer.from(plaintext);
  plaintext.fill(0);
  return key;
}

/** Part of the contract with key policies and with CloudTrail: never changes. */
function encryptionContext({ environmentId, ownerId }: KeyOwner): Record<string, string> {
  return { app: 'millrace', env_id: environmentId, owner_id: ownerId, purpose: 'tenant_key' };
}
