/** Builders for accounts and what keeps them, over any table. */
import { createAccountStore } from '#shared/account/account-store.ts';
import { createCredentialVault } from '#shared/account/credential-vault.ts';
import type { IntegratedAccount } from '#shared/account/integrated-account.ts';
import type { Table } from '#shared/aws/table.ts';
import { createSealer } from '#shared/encryption/create-sealer.ts';
import type { Sealer } from '#shared/encryption/sealer.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { brandId } from '#shared/kernel/id.ts';
import { systemRandom } from '#shared/kernel/random.ts';

export function anAccount(changes: Partial<IntegratedAccount> = {}): IntegratedAccount {
  return {
    id: brandId<'ia'>('ia_1'),
    environmentId: brandId<'env'>('env_1'),
    tenantId: brandId<'tenant'>('acme'),
    integration: 'sandbox',
    auth: 'oauth',
    status: 'active',
    connection: {},
    createdAtMs: 0,
    updatedAtMs: 0,
    version: 1,
    ...changes,
  };
}

/** Seals for real, under one key that needs no key service. */
export function plainSealer(): Sealer {
  return createSealer({
    keyRing: {
      createDek: async () => ({
        dek: Buffer.alloc(32, 7),
        keyId: 'test',
        wrappedDek: new Uint8Array(1),
      }),
      openDek: async () => Buffer.alloc(32, 7),
    },
    random: systemRandom,
  });
}

export function accountStores(table: Table, clock: Clock) {
  return {
    accounts: createAccountStore({ table, clock }),
    vault: createCredentialVault({ table, sealer: plainSealer() }),
  };
}
