/**
 * Changing overrides: what is put is judged first, against the catalogue and the layers below; what
 * was there before stays to be gone back to.
 *
 * Errors  InvalidOverrideError, OverrideChangedError, NotFoundError
 */
import type { IntegratedAccount } from '../account/integrated-account.ts';
import type { Catalogue } from '../integration/catalogue/catalogue.ts';
import { NotFoundError } from '../kernel/errors.ts';
import type { EnvironmentId } from '../kernel/id.ts';
import { checkOverride } from './check-override.ts';
import type { StoredLayer } from './layers/stored-layer.ts';
import type { OverrideOwner, OverrideStore, StoredOverride } from './override-store.ts';

/** Whose layer: an environment's over an integration, or an account's. */
export interface OverrideTarget {
  readonly environmentId: EnvironmentId;
  readonly integration: string;
  readonly account?: IntegratedAccount;
}

/** Says whether the state that was read is the one that the caller means to change. */
export type Permit = (before: StoredOverride | undefined) => void;

export interface Overrides {
  /** The one in force; a deletion is none. */
  read(target: OverrideTarget): Promise<StoredOverride | undefined>;
  put(target: OverrideTarget, document: unknown, permit: Permit): Promise<StoredOverride>;
  delete(target: OverrideTarget, permit: Permit): Promise<void>;
  /** Puts an earlier version once more, as a new one, if it still fits. */
  rollBack(target: OverrideTarget, version: number, permit: Permit): Promise<StoredOverride>;
  versions(target: OverrideTarget): Promise<readonly StoredOverride[]>;
  version(target: OverrideTarget, version: number): Promise<StoredOverride>;
  /** The stored layers that apply, lowest first. */
  layersOf(target: OverrideTarget): Promise<readonly StoredLayer[]>;
}

export interface OverridesDeps {
  readonly store: OverrideStore;
  readonly catalogue: Catalogue;
  /** Whether the account is still there, once its override is written; erases it if not. */
  readonly confirm: (account: IntegratedAccount) => Promise<void>;
}

export function createOverrides({ store, catalogue, confirm }: OverridesDeps): Overrides {
  const read: Overrides['read'] = async (target) => {
    const current = await store.current(ownerOf(target));
    return current?.document === undefined ? undefined : current;
  };

  const layersOf: Overrides['layersOf'] = async ({ account, ...environment }) => [
    ...(await layerOf(environment, 'environment')),
    ...(account ? await layerOf({ ...environment, account }, 'account') : []),
  ];

  const layerOf = async (target: OverrideTarget, layer: 'environment' | 'account') => {
    const found = await read(target);
    return found
      ? [{ document: found.document, origin: { layer, version: found.version } } as const]
      : [];
  };

  const put: Overrides['put'] = async (target, document, permit) => {
    const { account, ...environment } = target;
    if (!catalogue.integration(target.integration)) {
      throw new NotFoundError('there is no such integration');
    }
    const checked = checkOverride(document, {
      catalogue,
      integration: target.integration,
      layer: account ? 'account' : 'environment',
      below: account ? await layersOf(environment) : [],
    });
    const owner = ownerOf(target);
    const before = await store.current(owner);
    permit(before);
    const after = await store.put(owner, checked, before);
    if (account) await confirm(account);
    return after;
  };

  const version: Overrides['version'] = async (target, number) => {
    const found = await store.version(ownerOf(target), number);
    if (found?.document !== undefined) return found;
    throw new NotFoundError('there is no such version of the override, or it was its deletion');
  };

  return {
    read,
    layersOf,
    put,
    version,

    async delete(target, permit) {
      const owner = ownerOf(target);
      const before = await store.current(owner);
      if (before?.document === undefined) throw new NotFoundError('there is no override');
      permit(before);
      await store.put(owner, undefined, before);
      if (target.account) await confirm(target.account);
    },

    async rollBack(target, number, permit) {
      const { document } = await version(target, number);
      return put(target, document, permit);
    },

    versions: (target) => store.versions(ownerOf(target)),
  };
}

function ownerOf({ environmentId, integration, account }: OverrideTarget): OverrideOwner {
  return account ? { accountId: account.id } : { environmentId, integration };
}
