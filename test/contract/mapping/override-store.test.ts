import { createAccountStore } from '#shared/account/account-store.ts';
import { accountOverrideKey } from '#shared/aws/keys.ts';
import { NotFoundError } from '#shared/kernel/errors.ts';
import { brandId } from '#shared/kernel/id.ts';
import { createConfirmAccount } from '#shared/mapping/confirm-account.ts';
import {
  createOverrideStore,
  KEPT_VERSIONS,
  OverrideChangedError,
  type OverrideOwner,
  type OverrideStore,
} from '#shared/mapping/override-store.ts';
import { anAccount } from '../../support/builders/accounts.ts';
import { VirtualClock } from '../../support/doubles/virtual-clock.ts';
import { startDynamo, type TestDynamo } from '../../support/servers/dynamo.ts';

let dynamo: TestDynamo;
let clock: VirtualClock;
let store: OverrideStore;
let owner: OverrideOwner;
let count = 0;

beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());
beforeEach(() => {
  clock = new VirtualClock();
  store = createOverrideStore({ table: dynamo.table, clock });
  count += 1;
  owner = { environmentId: brandId<'env'>(`env_${count}`), integration: 'acme' };
});

const document = (name: string) => ({ mappings: { [name]: { fields: {} } } });
const put = async (content: unknown) => store.put(owner, content, await store.current(owner));

describe('the override store', () => {
  it('gives back what was put, with its version and time', async () => {
    clock.advance(5);
    const stored = await put(document('a'));

    expect(stored).toEqual({ version: 1, document: document('a'), updatedAtMs: clock.now() });
    expect(await store.current(owner)).toEqual(stored);
  });

  it('keeps environments, integrations and accounts apart', async () => {
    await put(document('a'));
    const environmentId = brandId<'env'>(`env_${count}`);

    expect(await store.current({ environmentId, integration: 'other' })).toBeUndefined();
    expect(await store.current({ accountId: brandId<'ia'>('ia_x') })).toBeUndefined();
  });

  it('refuses to replace what another has replaced since it was read', async () => {
    const read = await put(document('a'));
    await put(document('b'));

    await expect(store.put(owner, document('c'), read)).rejects.toThrow(OverrideChangedError);
    await expect(store.put(owner, document('c'), undefined)).rejects.toThrow(OverrideChangedError);
    expect((await store.current(owner))?.document).toEqual(document('b'));
  });

  it('does not spoil the history by a write that comes too late', async () => {
    const read = await put(document('a'));
    await put(document('b'));
    await put(document('c'));

    await expect(store.put(owner, document('late'), read)).rejects.toThrow(OverrideChangedError);
    const documents = (await store.versions(owner)).map((one) => one.document);
    expect(documents).toEqual([document('c'), document('b'), document('a')]);
  });

  it('has every version until it is pruned', async () => {
    for (let n = 1; n <= KEPT_VERSIONS + 3; n += 1) await put(document(`d${n}`));

    const versions = (await store.versions(owner)).map(({ version }) => version);

    expect(versions).toHaveLength(KEPT_VERSIONS + 1);
    expect(versions.at(0)).toBe(KEPT_VERSIONS + 3);
    expect(versions.at(-1)).toBe(3);
    expect(await store.version(owner, 2)).toBeUndefined();
    expect((await store.version(owner, 3))?.document).toEqual(document('d3'));
    expect((await store.version(owner, KEPT_VERSIONS + 3))?.document).toEqual(
      document(`d${KEPT_VERSIONS + 3}`),
    );
    expect(await store.version(owner, KEPT_VERSIONS + 4)).toBeUndefined();
  });

  it('counts a deletion as a version, so that no number comes twice', async () => {
    await put(document('a'));
    await put(undefined);
    const again = await put(document('b'));

    expect(again.version).toBe(3);
    expect(await store.versions(owner)).toMatchObject([
      { version: 3, document: document('b') },
      { version: 2, document: undefined },
      { version: 1, document: document('a') },
    ]);
  });
});

describe('an account’s override', () => {
  const environmentId = brandId<'env'>('env_accounts');
  async function anAccountWithOverride(id: string) {
    const accounts = createAccountStore({ table: dynamo.table, clock });
    const account = await accounts.create(anAccount({ id: brandId<'ia'>(id), environmentId }));
    owner = { accountId: account.id };
    await put(document('a'));
    await put(document('b'));
    return { accounts, account };
  }
  const left = (id: string) =>
    dynamo.table.query({ partition: accountOverrideKey(brandId<'ia'>(id)).pk, consistent: true });

  it('is erased with the account, every version of it', async () => {
    const { accounts, account } = await anAccountWithOverride('ia_erased');
    expect((await left(account.id)).items).toHaveLength(3);

    await accounts.delete(environmentId, account.id);

    expect((await left(account.id)).items).toEqual([]);
  });

  it('is erased where it was written after the account was deleted', async () => {
    const { accounts, account } = await anAccountWithOverride('ia_late');
    await accounts.delete(environmentId, account.id);
    await put(document('late'));
    const confirm = createConfirmAccount({ accounts, table: dynamo.table });

    await expect(confirm(account)).rejects.toThrow(NotFoundError);
    expect((await left(account.id)).items).toEqual([]);
  });

  it('stays where the account does', async () => {
    const { accounts, account } = await anAccountWithOverride('ia_stays');

    await createConfirmAccount({ accounts, table: dynamo.table })(account);

    expect((await store.current(owner))?.version).toBe(2);
  });
});
