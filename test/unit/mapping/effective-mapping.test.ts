import { accountOverrideKey, environmentOverrideKey } from '#shared/aws/keys.ts';
import type { ItemKey } from '#shared/aws/table.ts';
import { createApplyMapping } from '#shared/mapping/apply.ts';
import { createFindMapping } from '#shared/mapping/effective-mapping.ts';
import { InvalidOverrideError } from '#shared/mapping/layers/stored-layer.ts';
import { aMappedCatalogue } from '../../support/builders/a-mapping.ts';
import { anAccount } from '../../support/builders/an-integration.ts';
import { createMemoryTable } from '../../support/doubles/memory-table.ts';

const ACCOUNT = anAccount();
const OF_ENVIRONMENT = environmentOverrideKey(ACCOUNT.environmentId, 'acme');
const OF_ACCOUNT = accountOverrideKey(ACCOUNT.id);
const contacts = (fields: object) => ({ mappings: { 'crm/contacts': { fields } } });

function aWorld() {
  const table = createMemoryTable();
  const catalogue = aMappedCatalogue();
  const world = { nowMs: 0, reads: [] as string[], broken: false };
  const find = createFindMapping({
    catalogue,
    clock: { now: () => world.nowMs },
    table: {
      async get(key) {
        world.reads.push(key.pk);
        if (world.broken) throw new Error('the table is away');
        return table.get(key);
      },
    },
  });
  return Object.assign(world, {
    catalogue,
    put: (key: ItemKey, version: number, document: object) =>
      table.put({ ...key, version, json: JSON.stringify(document), updatedAtMs: 0 }),
    delete: (key: ItemKey, version: number) => table.put({ ...key, version, updatedAtMs: 0 }),
    contacts: (account = ACCOUNT) => find(account, 'crm', 'contacts'),
    users: () => find(ACCOUNT, 'crm', 'users'),
    async record() {
      const mapping = await find(ACCOUNT, 'crm', 'contacts');
      const model = catalogue.model('crm')!.resources['contacts']!;
      const apply = createApplyMapping(mapping!, model);
      const mapped = apply({ id: '1', first: 'Ada', last: 'L' }, { params: {}, conn: {} });
      return mapped.kind === 'mapped' ? mapped.record : mapped;
    },
  });
}

describe('createFindMapping', () => {
  it('gives the catalogue’s own object where there are no layers', async () => {
    const world = aWorld();

    expect(await world.contacts()).toBe(world.catalogue.mapping('acme', 'crm', 'contacts'));
  });

  it('knows nothing of what the integration does not map', async () => {
    const world = aWorld();
    const find = createFindMapping({
      catalogue: world.catalogue,
      clock: { now: () => 0 },
      table: { get: () => Promise.reject(new Error('asked')) },
    });

    expect(await find(ACCOUNT, 'crm', 'deals')).toBeUndefined();
  });

  it('asks the table once a minute for an account, and once for its environment', async () => {
    const world = aWorld();
    const other = anAccount({ id: 'ia_2' as never });

    await Promise.all([world.contacts(), world.users(), world.contacts(other)]);
    world.nowMs = 59_999;
    await world.contacts();

    expect(world.reads.sort()).toEqual(['ACCT#ia_1', 'ACCT#ia_2', 'ENV#env_1#OVR#acme']);
  });

  it('sees a change within a minute', async () => {
    const world = aWorld();
    await world.record();
    await world.put(OF_ENVIRONMENT, 1, contacts({ last_name: { set: 'response.last' } }));

    world.nowMs = 59_999;
    expect(await world.record()).toMatchObject({ last_name: null });
    world.nowMs = 60_000;
    expect(await world.record()).toMatchObject({ last_name: 'L' });
  });

  it('puts the account’s layer over that of the environment', async () => {
    const world = aWorld();
    await world.put(
      OF_ENVIRONMENT,
      1,
      contacts({ first_name: { set: "'e'" }, last_name: { set: "'e'" } }),
    );
    await world.put(OF_ACCOUNT, 1, contacts({ last_name: { set: "'a'" } }));

    expect(await world.record()).toMatchObject({ first_name: 'e', last_name: 'a' });
  });

  it('puts the same layer of an account over another of the environment', async () => {
    const world = aWorld();
    await world.put(OF_ACCOUNT, 1, contacts({ last_name: { set: "'a'" } }));
    await world.put(OF_ENVIRONMENT, 1, contacts({ first_name: { set: "'1'" } }));
    await world.record();
    await world.put(OF_ENVIRONMENT, 2, contacts({ first_name: { set: "'2'" } }));

    world.nowMs = 60_000;
    expect(await world.record()).toMatchObject({ first_name: '2', last_name: 'a' });
  });

  it('shares what an environment’s layer makes between accounts that have none', async () => {
    const world = aWorld();
    await world.put(OF_ENVIRONMENT, 1, contacts({ first_name: { set: "'e'" } }));
    const other = anAccount({ id: 'ia_2' as never });

    expect(await world.contacts()).toBe(await world.contacts(other));
  });

  it('gives the same object until a version changes', async () => {
    const world = aWorld();
    await world.put(OF_ACCOUNT, 1, contacts({ first_name: { set: "'a'" } }));
    const first = await world.contacts();

    world.nowMs = 60_000;
    expect(await world.contacts()).toBe(first);
    await world.put(OF_ACCOUNT, 2, contacts({ first_name: { set: "'b'" } }));
    world.nowMs = 120_000;
    expect(await world.contacts()).not.toBe(first);
  });

  it('goes back to the catalogue’s own object once a layer is deleted', async () => {
    const world = aWorld();
    await world.put(OF_ACCOUNT, 1, contacts({ first_name: { set: "'a'" } }));
    await world.contacts();
    await world.delete(OF_ACCOUNT, 2);

    world.nowMs = 60_000;
    expect(await world.contacts()).toBe(world.catalogue.mapping('acme', 'crm', 'contacts'));
  });

  it('fails closed where a stored layer does not fit any more, for that resource alone', async () => {
    const world = aWorld();
    await world.put(OF_ACCOUNT, 3, contacts({ gone: { set: '1' } }));

    await expect(world.contacts()).rejects.toMatchObject({
      code: 'invalid_override',
      detail: { layer: 'account', version: 3, resource: 'crm/contacts' },
      faults: [{ path: 'mappings["crm/contacts"].fields.gone' }],
    });
    await expect(world.contacts()).rejects.toBeInstanceOf(InvalidOverrideError);
    expect(await world.users()).toBe(world.catalogue.mapping('acme', 'crm', 'users'));
  });

  it('asks again after the table failed', async () => {
    const world = aWorld();
    world.broken = true;
    await expect(world.contacts()).rejects.toThrow('the table is away');

    world.broken = false;
    expect(await world.contacts()).toBeDefined();
  });

  it('does not keep what it has longer than a minute because the table fails', async () => {
    const world = aWorld();
    await world.contacts();

    world.broken = true;
    world.nowMs = 60_000;
    await expect(world.contacts()).rejects.toThrow('the table is away');
  });
});
