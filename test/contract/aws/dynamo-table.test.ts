import { ConditionFailedError, type Table } from '#shared/aws/table.ts';
import { InvariantError } from '#shared/kernel/errors.ts';
import { Transient, TransientLeakError } from '#shared/kernel/transient.ts';
import { createMemoryTable } from '../../support/doubles/memory-table.ts';
import { startDynamo, type TestDynamo } from '../../support/servers/dynamo.ts';

const memoryTable = createMemoryTable();
let dynamo: TestDynamo;
let table: Table;
let count = 0;

beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

function freshKey() {
  count += 1;
  return { pk: `P#${count}`, sk: 'S' };
}

/** One contract: what the double in memory promises, DynamoDB keeps. */
describe.each(['DynamoDB', 'memory'])('the %s table', (name) => {
  beforeAll(() => {
    table = name === 'DynamoDB' ? dynamo.table : memoryTable;
  });

  it('gives back every kind of value as it was put', async () => {
    const key = freshKey();
    await table.put({
      ...key,
      text: '',
      number: 1.5,
      yes: true,
      nothing: null,
      bytes: new Uint8Array([0, 255]),
      list: [1, ['a']],
      map: { deep: { bytes: new Uint8Array([7]) } },
      gone: undefined,
    });

    expect(await table.get(key)).toEqual({
      ...key,
      text: '',
      number: 1.5,
      yes: true,
      nothing: null,
      bytes: new Uint8Array([0, 255]),
      list: [1, ['a']],
      map: { deep: { bytes: new Uint8Array([7]) } },
    });
  });

  it('answers undefined for an item that is not there', async () => {
    expect(await table.get(freshKey())).toBeUndefined();
  });

  it('refuses to store a transient value, however deep', async () => {
    const key = freshKey();
    const hidden = { a: [Transient.of('secret')] };

    await expect(table.put({ ...key, hidden } as never)).rejects.toThrow(TransientLeakError);
    await expect(table.update(key, { set: { hidden } as never })).rejects.toThrow(
      TransientLeakError,
    );
  });

  it('refuses a number that is not finite', async () => {
    await expect(table.put({ ...freshKey(), n: Number.NaN })).rejects.toThrow(InvariantError);
  });

  it('puts only where the condition holds, reserved words included', async () => {
    const key = freshKey();
    const absent = {
      when: 'attribute_not_exists(#pk) OR #status = :status',
      values: { status: 'free' },
    };
    await table.put({ ...key, status: 'taken' }, absent);

    await expect(table.put({ ...key, status: 'again' }, absent)).rejects.toThrow(
      ConditionFailedError,
    );
    expect(await table.get(key)).toEqual({ ...key, status: 'taken' });
  });

  it('sets, adds and removes in one update and returns the item after it', async () => {
    const key = freshKey();
    await table.put({ ...key, kept: 1, dropped: 2, count: 5 });

    const after = await table.update(
      key,
      { set: { name: 'n', kept: undefined }, add: { count: 2, fresh: 1 }, remove: ['dropped'] },
      { when: '#count = :name', values: { name: 5 } },
    );

    expect(after).toEqual({ ...key, kept: 1, count: 7, fresh: 1, name: 'n' });
  });

  it('updates nothing where the condition fails', async () => {
    const key = freshKey();
    await table.put({ ...key, version: 1 });

    await expect(
      table.update(key, { set: { version: 9 } }, { when: '#version = :v', values: { v: 2 } }),
    ).rejects.toThrow(ConditionFailedError);
    expect(await table.get(key)).toEqual({ ...key, version: 1 });
  });

  it('pages through a listing in order, both ways', async () => {
    const partition = `ENV#${freshKey().pk}`;
    for (const n of [1, 2, 3]) {
      await table.put({ ...freshKey(), gsi1pk: partition, gsi1sk: `A#${n}`, n });
    }
    await table.put({ ...freshKey(), gsi1pk: partition, gsi1sk: 'B#1', n: 4 });
    const query = { index: 'gsi1', partition, sort: { beginsWith: 'A#' }, limit: 2 } as const;

    const first = await table.query(query);
    const second = await table.query({ ...query, start: first.next! });
    const down = await table.query({ ...query, descending: true });

    expect(first.items.map((item) => item['n'])).toEqual([1, 2]);
    expect(second.items.map((item) => item['n'])).toEqual([3]);
    expect(second.next).toBeUndefined();
    expect(down.items.map((item) => item['n'])).toEqual([3, 2]);
  });

  it('combines conditions with AND, OR, NOT and brackets', async () => {
    const key = freshKey();
    await table.put({ ...key, a: 1, b: 'x' });
    const holds = async (when: string) => {
      try {
        await table.update(key, { set: { touched: 1 } }, { when, values: { one: 1 } });
        return true;
      } catch {
        return false;
      }
    };

    expect(await holds('attribute_exists(#b) AND (#a > :one OR #a = :one)')).toBe(true);
    expect(await holds('#a <> :one OR attribute_not_exists(#gone) AND #a <= :one')).toBe(true);
    expect(await holds('NOT #a = :one')).toBe(false);
    expect(await holds('#gone <= :one')).toBe(false);
    expect(await holds('#gone <> :one')).toBe(true);
    expect(await holds('#b < :one')).toBe(false);
  });

  it('finds what is due by an instant, and continues where a page ended', async () => {
    const partition = `DUE#${freshKey().pk}`;
    for (const dueAt of [100, 200, 300]) {
      await table.put({ ...freshKey(), duePk: partition, dueAt, token: `t${dueAt}` });
    }
    const query = { index: 'due', partition, sort: { atMost: 200 }, limit: 1 } as const;

    const first = await table.query(query);
    const second = await table.query({ ...query, start: first.next! });

    expect(first.items.map((item) => item['token'])).toEqual(['t100']);
    expect(second.items.map((item) => item['token'])).toEqual(['t200']);
  });

  it('reads a range of a partition consistently', async () => {
    const pk = `R#${freshKey().pk}`;
    for (const sk of ['A#1', 'A#2', 'A#3']) await table.put({ pk, sk });

    const page = await table.query({
      partition: pk,
      sort: { between: ['A#2', 'A#3'] },
      consistent: true,
    });

    expect(page.items.map((item) => item.sk)).toEqual(['A#2', 'A#3']);
  });
});

it('names no id in the error of a failed condition', async () => {
  const error = await dynamo.table
    .delete({ pk: 'ACCT#ia_1', sk: 'CRED' }, { when: 'attribute_exists(#pk)' })
    .catch((caught: unknown) => caught);

  expect(error).toBeInstanceOf(ConditionFailedError);
  expect((error as ConditionFailedError).detail).toEqual({ entity: 'ACCT/CRED' });
});
