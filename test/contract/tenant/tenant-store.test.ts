import { NotFoundError } from '#shared/kernel/errors.ts';
import { brandId } from '#shared/kernel/id.ts';
import { tenantIdText } from '#shared/tenant/tenant.ts';
import {
  createTenantStore,
  TenantChangedError,
  type TenantStore,
} from '#shared/tenant/tenant-store.ts';
import { VirtualClock } from '../../support/doubles/virtual-clock.ts';
import { startDynamo, type TestDynamo } from '../../support/servers/dynamo.ts';

let dynamo: TestDynamo;
let store: TenantStore;
let clock: VirtualClock;
let environmentId = brandId<'env'>('env_0');
let count = 0;
const acme = brandId<'tenant'>('acme');

beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());
beforeEach(() => {
  clock = new VirtualClock();
  store = createTenantStore({ table: dynamo.table, clock });
  count += 1;
  environmentId = brandId<'env'>(`env_${count}`);
});

describe('the tenant store', () => {
  it('creates at the first put', async () => {
    const tenant = await store.put(environmentId, acme, { name: 'Acme' });

    expect(tenant).toEqual({
      environmentId,
      id: 'acme',
      name: 'Acme',
      createdAtMs: clock.now(),
      updatedAtMs: clock.now(),
      version: 1,
    });
    expect(await store.get(environmentId, acme)).toEqual(tenant);
  });

  it('changes at the next, and keeps what is not named', async () => {
    const made = await store.put(environmentId, acme, { name: 'Acme' });
    clock.advance(5);

    const changed = await store.put(environmentId, acme, {});

    expect(changed).toEqual({ ...made, updatedAtMs: made.updatedAtMs + 5, version: 2 });
  });

  it('takes the name away when told so', async () => {
    await store.put(environmentId, acme, { name: 'Acme' });

    expect((await store.put(environmentId, acme, { name: null })).name).toBeUndefined();
  });

  it('refuses a change of another version than the stored one', async () => {
    await store.put(environmentId, acme, { name: 'Acme' });

    await expect(store.put(environmentId, acme, { name: 'B' }, 7)).rejects.toThrow(
      TenantChangedError,
    );
    await expect(store.put(environmentId, acme, { name: 'B' }, 0)).rejects.toThrow(
      TenantChangedError,
    );
    expect((await store.get(environmentId, acme)).name).toBe('Acme');
  });

  it('does not see the tenants of another environment', async () => {
    await store.put(brandId<'env'>('env_other'), acme, {});

    await expect(store.get(environmentId, acme)).rejects.toThrow(NotFoundError);
    expect((await store.list(environmentId, { limit: 10 })).items).toEqual([]);
  });

  it('lists in pages, in the order of ids', async () => {
    for (const id of ['c', 'a', 'b']) await store.put(environmentId, brandId<'tenant'>(id), {});

    const first = await store.list(environmentId, { limit: 2 });
    const second = await store.list(environmentId, { limit: 2, start: first.next });

    expect(first.items.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(second.items.map(({ id }) => id)).toEqual(['c']);
    expect(second.next).toBeUndefined();
  });

  it('does not skip anything when an item of the page before is deleted', async () => {
    for (const id of ['a', 'b', 'c', 'd'])
      await store.put(environmentId, brandId<'tenant'>(id), {});
    const first = await store.list(environmentId, { limit: 2 });
    await store.delete(environmentId, brandId<'tenant'>('b'));

    const second = await store.list(environmentId, { limit: 2, start: first.next });

    expect(second.items.map(({ id }) => id)).toEqual(['c', 'd']);
  });

  it('deletes, and does not mind when there is nothing', async () => {
    await store.put(environmentId, acme, {});

    await store.delete(environmentId, acme);
    await store.delete(environmentId, acme);

    await expect(store.get(environmentId, acme)).rejects.toThrow(NotFoundError);
  });
});

describe('the id of a tenant', () => {
  it.each(['acme', 'Ünïcode', 'a#b', '550e8400-e29b-41d4-a716-446655440000', 'a@b.example'])(
    'may be %j',
    (id) => {
      expect(tenantIdText.safeParse(id).success).toBe(true);
    },
  );

  it('may not be the name under which the operator keeps its own secrets', () => {
    expect(tenantIdText.safeParse('environment').success).toBe(false);
  });

  it.each(['a/b', 'a?b', 'a%b', '.', '..'])('may not be %j, which no path can name', (id) => {
    expect(tenantIdText.safeParse(id).success).toBe(false);
  });

  it.each(['', 'two words', 'line\nbreak', 'nul\0', 'x'.repeat(201)])('may not be %j', (id) => {
    expect(tenantIdText.safeParse(id).success).toBe(false);
  });
});
