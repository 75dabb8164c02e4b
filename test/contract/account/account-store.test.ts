import {
  AccountChangedError,
  type AccountStore,
  createAccountStore,
} from '#shared/account/account-store.ts';
import { accountKey, credentialKey } from '#shared/aws/keys.ts';
import { NotFoundError } from '#shared/kernel/errors.ts';
import { brandId } from '#shared/kernel/id.ts';
import { anAccount } from '../../support/builders/accounts.ts';
import { VirtualClock } from '../../support/doubles/virtual-clock.ts';
import { startDynamo, type TestDynamo } from '../../support/servers/dynamo.ts';

let dynamo: TestDynamo;
let store: AccountStore;
let clock: VirtualClock;
let environmentId = brandId<'env'>('env_0');
let count = 0;

beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());
beforeEach(() => {
  clock = new VirtualClock();
  store = createAccountStore({ table: dynamo.table, clock });
  count += 1;
  environmentId = brandId<'env'>(`env_${count}`);
});

let made = 0;
function create(changes: Parameters<typeof anAccount>[0] = {}) {
  made += 1;
  clock.advance(1);
  return store.create(anAccount({ id: brandId<'ia'>(`ia_${made}`), environmentId, ...changes }));
}

describe('the account store', () => {
  it('gives back what was created, with its first version', async () => {
    const account = await create({ label: 'Head office', connection: { subdomain: 'acme' } });

    expect(account).toMatchObject({ version: 1, createdAtMs: clock.now(), label: 'Head office' });
    expect(await store.get(environmentId, account.id)).toEqual(account);
  });

  it('hides an account from every other environment', async () => {
    const { id } = await create();
    const elsewhere = brandId<'env'>('env_elsewhere');

    await expect(store.get(elsewhere, id)).rejects.toThrow(NotFoundError);
    await expect(store.delete(elsewhere, id)).rejects.toThrow(NotFoundError);
    expect(await dynamo.table.get(accountKey(id))).toBeDefined();
  });

  it('changes what was read, and takes members away', async () => {
    const account = await create({ label: 'old' });

    const changed = await store.update(account, {
      status: 'needs_reauth',
      statusReason: 'invalid_grant',
      label: null,
    });

    expect(changed).toMatchObject({
      status: 'needs_reauth',
      statusReason: 'invalid_grant',
      version: 2,
    });
    expect('label' in changed).toBe(false);
  });

  it('refuses to change what somebody else has changed since', async () => {
    const account = await create();
    await store.update(account, { label: 'theirs' });

    await expect(store.update(account, { label: 'mine' })).rejects.toThrow(AccountChangedError);
  });

  it('does not bring a deleted account back by changing it', async () => {
    const account = await create();
    await store.delete(environmentId, account.id);

    await expect(store.update(account, { status: 'active' })).rejects.toThrow(AccountChangedError);
    expect(await dynamo.table.get(accountKey(account.id))).toBeUndefined();
  });

  it('lists by tenant, integration and status, in the order of creation', async () => {
    const one = await create({ tenantId: brandId<'tenant'>('a'), integration: 'x' });
    const two = await create({ tenantId: brandId<'tenant'>('b'), integration: 'x' });
    const three = await create({ tenantId: brandId<'tenant'>('a'), status: 'paused' });
    const ids = async (filter: object) =>
      (await store.list(environmentId, { limit: 10, ...filter })).items.map(({ id }) => id);

    expect(await ids({})).toEqual([one.id, two.id, three.id]);
    expect(await ids({ tenantId: 'a' })).toEqual([one.id, three.id]);
    expect(await ids({ integration: 'x' })).toEqual([one.id, two.id]);
    expect(await ids({ tenantId: 'a', status: 'paused' })).toEqual([three.id]);
  });

  it('pages through a filtered list without loss or repetition', async () => {
    const wanted: string[] = [];
    for (let n = 0; n < 130; n += 1) {
      const tenantId = brandId<'tenant'>(n % 3 === 0 ? 'a' : 'b');
      const { id } = await create({ tenantId });
      if (n % 3 === 0) wanted.push(id);
    }
    const seen: string[] = [];
    let start: string | undefined;
    do {
      const page = await store.list(environmentId, { tenantId: 'a', limit: 7, start });
      seen.push(...page.items.map(({ id }) => id));
      start = page.next;
    } while (start !== undefined);

    expect(seen).toEqual(wanted);
  });

  it('finds what comes after more than a read full of others', async () => {
    for (let n = 0; n < 105; n += 1) await create();
    const last = await create({ tenantId: brandId<'tenant'>('rare') });

    const page = await store.list(environmentId, { tenantId: 'rare', limit: 5 });

    expect(page.items.map(({ id }) => id)).toEqual([last.id]);
  });

  it('deletes the credential with the account', async () => {
    const { id } = await create();
    await dynamo.table.put({ ...credentialKey(id), version: 1 });

    await store.delete(environmentId, id);

    expect(await dynamo.table.get(credentialKey(id))).toBeUndefined();
    expect(await dynamo.table.get(accountKey(id))).toBeUndefined();
  });
});
