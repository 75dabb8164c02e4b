/**
 * The default tier of keys, `tenant-wrapped`: each owner has a key-encryption key of its own,
 * itself wrapped by one KMS key of the platform. One call to KMS serves all of an owner's
 * credentials for a minute, and erasing one small item shreds everything the owner ever sealed.
 *
 * Shape   a wrapped data key is AES-256-GCM under the owner's key: IV, tag, ciphertext; bound to
 *         the context of what the data key seals, and to the owner key's id
 * Errors  KeyRevokedError, KeyUnavailableError, EnvelopeTamperedError
 */
import { canonicalJson } from '../kernel/json.ts';
import { boundTo, decrypt, encrypt, packBox, unpackBox } from './aead.ts';
import { type Kek, KekCache } from './kek-cache.ts';
import { EnvelopeTamperedError, KEY_BYTES, type KeyRing } from './key-ring.ts';
import {
  createTenantKeyStore,
  type KeyOwner,
  type TenantKeyStoreDeps,
} from './tenant-key-store.ts';

export function createTenantKeyRing(deps: TenantKeyStoreDeps): KeyRing {
  const { random } = deps;
  const store = createTenantKeyStore(deps);
  const cache = new KekCache(deps.clock);

  return {
    createDek: (context) =>
      cache.use(
        ownerName(context),
        () => store.loadOrCreate(context),
        ({ keyId, key }) => {
          const dek = random.bytes(KEY_BYTES);
          const box = encrypt(key, dek, boundTo(context, { keyId }), random);
          return { dek, keyId, wrappedDek: packBox(box) };
        },
      ),

    async openDek({ keyId, wrappedDek }, context) {
      const owner = ownerName(context);
      const open = (kek: Kek): Buffer | undefined =>
        kek.keyId === keyId
          ? decrypt(kek.key, unpackBox(wrappedDek), boundTo(context, { keyId }))
          : undefined;
      const load = () => store.load(context);
      const opened = await cache.use(owner, load, open);
      if (opened) return opened;
      // The cached key may be older than what it is asked to open: the owner was erased and made anew.
      cache.forget(owner);
      const reopened = await cache.use(owner, load, open);
      if (!reopened) throw new EnvelopeTamperedError('a value was sealed under another key');
      return reopened;
    },
  };
}

function ownerName({ environmentId, ownerId }: KeyOwner): string {
  return canonicalJson([environmentId, ownerId]);
}
