import { accountKey } from '#shared/aws/keys.ts';
import type { Table } from '#shared/aws/table.ts';
import { NotFoundError } from '#shared/kernel/errors.ts';
import { brandId } from '#shared/kernel/id.ts';
import { createDynamoLeaseStore } from '#shared/lease/dynamo-lease-store.ts';
import { LeaseHeldError, LeaseLostError, type LeaseStore } from '#shared/lease/lease.ts';
import { createMemoryLeaseStore } from '../../support/doubles/memory-lease-store.ts';
import { seededRandom } from '../../support/doubles/seeded-random.ts';
import { VirtualClock } from '../../support/doubles/virtual-clock.ts';
import { startDynamo, type TestDynamo } from '../../support/servers/dynamo.ts';

const random = seededRandom();
let dynamo: TestDynamo;
let clock: VirtualClock;
let store: LeaseStore;
let key = '';
let count = 0;

beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());
beforeEach(() => {
  clock = new VirtualClock();
  count += 1;
  key = `work#${count}`;
});

const request = (owner: string) => ({ key, owner, ttlMs: 30_000 });

/** One contract, two stores: what the memory double promises, DynamoDB must keep. */
describe.each(['memory', 'DynamoDB'])('the %s lease store', (name) => {
  beforeEach(() => {
    store =
      name === 'memory'
        ? createMemoryLeaseStore(clock)
        : createDynamoLeaseStore({ table: dynamo.table, clock, random });
  });

  it('grants a free lease with fence 1 and its expiry', async () => {
    expect(await store.acquire(request('a'))).toEqual({
      key,
      owner: 'a',
      fence: 1,
      expiresAtMs: Date.parse('2026-03-01T12:00:30Z'),
    });
  });

  it('refuses a held lease, even to its own owner', async () => {
    await store.acquire(request('a'));

    await expect(store.acquire(request('a'))).rejects.toThrow(LeaseHeldError);
    await expect(store.acquire(request('b'))).rejects.toThrow(LeaseHeldError);
  });

  it('grants a released lease with the next fence', async () => {
    await store.release(await store.acquire(request('a')));

    expect((await store.acquire(request('b'))).fence).toBe(2);
  });

  it('does not let a late owner release its successor', async () => {
    const stale = await store.acquire(request('a'));
    clock.advance(30_000);
    await store.acquire(request('b'));

    await expect(store.release(stale)).rejects.toThrow(LeaseLostError);
    await expect(store.acquire(request('c'))).rejects.toThrow(LeaseHeldError);
  });
});

describe('a lease that lies on an item of the domain', () => {
  const item = accountKey(brandId<'ia'>('ia_1'));
  const onItem = (table: Table) =>
    createDynamoLeaseStore({
      table,
      clock,
      random,
      place: { itemOf: () => item, itemMustExist: true },
    });

  it('does not bring the item into being', async () => {
    await expect(onItem(dynamo.table).acquire(request('a'))).rejects.toThrow(NotFoundError);
    expect(await dynamo.table.get(item)).toBeUndefined();
  });

  it('leaves the other attributes alone', async () => {
    await dynamo.table.put({ ...item, colour: 'red' });

    const lease = await onItem(dynamo.table).acquire(request('a'));

    expect(await dynamo.table.get(item)).toMatchObject({ colour: 'red', leaseFence: lease.fence });
  });
});

it('recognises its own grant when the answer to it was lost and the request sent again', async () => {
  const twice: Table = {
    ...dynamo.table,
    update: async (...args) => {
      await dynamo.table.update(...args);
      return dynamo.table.update(...args);
    },
  };

  const lease = await createDynamoLeaseStore({ table: twice, clock, random }).acquire(request('a'));

  expect(lease).toMatchObject({ owner: 'a', fence: 1 });
});
