import { createAccountStore } from '#shared/account/account-store.ts';
import { createCredential } from '#shared/account/credential.ts';
import { createCredentialVault } from '#shared/account/credential-vault.ts';
import { createEraseTenant } from '#shared/account/erase-tenant.ts';
import { credentialKey, ownerKeyKey } from '#shared/aws/keys.ts';
import { createSealer } from '#shared/encryption/create-sealer.ts';
import { KeyRevokedError } from '#shared/encryption/key-ring.ts';
import { createTenantKeyRing } from '#shared/encryption/tenant-key-ring.ts';
import { NotFoundError } from '#shared/kernel/errors.ts';
import { brandId } from '#shared/kernel/id.ts';
import { systemRandom } from '#shared/kernel/random.ts';
import { createTenantStore } from '#shared/tenant/tenant-store.ts';
import { anAccount } from '../../support/builders/accounts.ts';
import { TEST_KEK_ARN, TestKms } from '../../support/doubles/kms.ts';
import { VirtualClock } from '../../support/doubles/virtual-clock.ts';
import { startDynamo, type TestDynamo } from '../../support/servers/dynamo.ts';

const environmentId = brandId<'env'>('env_1');
const acme = brandId<'tenant'>('acme');
const globex = brandId<'tenant'>('globex');

let dynamo: TestDynamo;
const kms = new TestKms();
const clock = new VirtualClock();

beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

/** A process of its own, with nothing in its caches. */
function newProcess() {
  const { table, keysTable } = dynamo;
  const keyRing = createTenantKeyRing({
    keysTable,
    kms: kms.client,
    kekArn: TEST_KEK_ARN,
    clock,
    random: systemRandom,
  });
  const sealer = createSealer({ keyRing, random: systemRandom });
  const tenants = createTenantStore({ table, clock });
  const accounts = createAccountStore({ table, clock });
  const vault = createCredentialVault({ table, sealer });
  const eraseTenant = createEraseTenant({ tenants, accounts, keysTable });
  return { tenants, accounts, vault, eraseTenant };
}

async function connect(tenantId: typeof acme, id: string) {
  const { accounts, vault, tenants } = newProcess();
  await tenants.put(environmentId, tenantId, {}).catch(() => undefined);
  const account = anAccount({ environmentId, tenantId, id: brandId<'ia'>(id) });
  await accounts.create(account);
  await vault.put(account, createCredential({ token: 'secret' }), 0);
  return account;
}

describe('erasing a tenant', () => {
  it('erases its accounts, their credentials and its key, and leaves the neighbours alone', async () => {
    const [one, two] = [await connect(acme, 'ia_1'), await connect(acme, 'ia_2')];
    const neighbour = await connect(globex, 'ia_3');
    const backup = await dynamo.table.get(credentialKey(one.id));

    const erasure = await newProcess().eraseTenant(environmentId, acme);

    expect(erasure).toEqual({ accounts: 2, key: true });
    for (const { id } of [one, two]) {
      expect(await dynamo.table.get(credentialKey(id))).toBeUndefined();
      await expect(newProcess().accounts.get(environmentId, id)).rejects.toThrow(NotFoundError);
    }
    expect(await dynamo.keysTable.get(ownerKeyKey(environmentId, acme))).toBeUndefined();
    await expect(newProcess().tenants.get(environmentId, acme)).rejects.toThrow(NotFoundError);
    const held = await newProcess().vault.read(neighbour);
    expect(held.credential.fields.reveal()).toEqual({ token: 'secret' });

    // A backup of table `main` brings the ciphertext back, and nothing more.
    await dynamo.table.put(backup as never);
    await expect(newProcess().vault.read(one)).rejects.toThrow(KeyRevokedError);
  });

  it('erases also the key that a renewal makes meanwhile', async () => {
    const late = brandId<'tenant'>('late');
    const account = await connect(late, 'ia_9');
    const { tenants, accounts, vault } = newProcess();
    const renewing: typeof accounts = {
      ...accounts,
      delete: async (...args) => {
        await vault.put(account, createCredential({ token: 'renewed' }));
        await accounts.delete(...args);
      },
    };
    const { keysTable } = dynamo;

    await createEraseTenant({ tenants, accounts: renewing, keysTable })(environmentId, late);

    expect(await keysTable.get(ownerKeyKey(environmentId, late))).toBeUndefined();
  });

  it('says what was not there', async () => {
    const fresh = brandId<'tenant'>('fresh');
    await newProcess().tenants.put(environmentId, fresh, {});

    expect(await newProcess().eraseTenant(environmentId, fresh)).toEqual({
      accounts: 0,
      key: false,
    });
    await expect(newProcess().eraseTenant(environmentId, fresh)).rejects.toThrow(NotFoundError);
  });
});
