/** The same circuits over DynamoDB and over the double that the other tests use. */
import type { Table } from '#shared/aws/table.ts';
import { createListOpenCircuits } from '#shared/provider/breaker/circuit-store.ts';
import { aBreakerWorld, CALL_MS, call, fail, UPSTREAM } from '../../../support/doubles/breaker.ts';
import { createMemoryTable } from '../../../support/doubles/memory-table.ts';
import { startDynamo, type TestDynamo } from '../../../support/servers/dynamo.ts';

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());

let tables = 0;
/** Of its own: the circuits of another test are not in it. */
function apart(table: Table): Table {
  tables += 1;
  const prefix = `T${tables}#`;
  const keyOf = ({ pk, sk }: { readonly pk: string; readonly sk: string }) => ({
    pk: prefix + pk,
    sk,
  });
  return {
    ...table,
    get: (key) => table.get(keyOf(key)),
    update: ({ pk, sk }, change, condition) =>
      table.update(
        keyOf({ pk, sk }),
        change.set?.['gsi1pk'] === undefined
          ? change
          : { ...change, set: { ...change.set, gsi1pk: prefix + String(change.set['gsi1pk']) } },
        condition,
      ),
    query: (query) => table.query({ ...query, partition: prefix + query.partition }),
  };
}

const kinds = {
  dynamo: () => apart(dynamo.table),
  memory: () => createMemoryTable(),
} as const;

describe.each(['dynamo', 'memory'] as const)('circuits in %s', (kind) => {
  it('open by the failures of several processes, and are open for all', async () => {
    const world = aBreakerWorld(kinds[kind]());
    const [one, two] = [world.process(), world.process()];
    await fail(one, 2);
    await fail(two, 2);

    await expect(call(world.process(), 'alive')).rejects.toMatchObject({ code: 'circuit_open' });
    expect(world.changes).toHaveLength(1);
    expect(world.troubles).toEqual([]);
  });

  it('let exactly one of many processes probe', async () => {
    const world = aBreakerWorld(kinds[kind]());
    await fail(world.process(), 3);
    const others = Array.from({ length: 12 }, () => world.process());
    world.clock.advance(10_000);
    const tries = await Promise.allSettled(others.map((each) => each.admit(UPSTREAM, CALL_MS)));

    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(world.troubles).toEqual([]);
  });

  it('are listed while they are open, and no longer', async () => {
    const table = kinds[kind]();
    const world = aBreakerWorld(table);
    const listOpen = createListOpenCircuits(table);
    const breaker = world.process();
    await fail(breaker, 2);
    const early = await listOpen();
    await fail(breaker, 1);
    const open = await listOpen();
    world.clock.advance(10_000);
    await call(breaker, 'alive');

    expect(early).toEqual([]);
    expect(open).toEqual([expect.objectContaining({ ...UPSTREAM, state: 'open', failures: 3 })]);
    expect(await listOpen()).toEqual([]);
  });

  it('hold counts and times, and whose they are', async () => {
    const table = kinds[kind]();
    const world = aBreakerWorld(table);
    await fail(world.process(), 3);
    const item = await table.get({ pk: 'BRK#acme#api.acme.com', sk: 'STATE' });
    const { pk: _, ...members } = item ?? {};
    const nowMs = world.clock.now();

    expect(members).toMatchObject({
      sk: 'STATE',
      integration: 'acme',
      host: 'api.acme.com',
      state: 'open',
      failures: 3,
      fence: 1,
      lastFailureAtMs: nowMs,
      openedAtMs: nowMs,
      openUntilMs: nowMs + 10_000,
      openForMs: 10_000,
      probeUntilMs: 0,
      ttl: nowMs / 1_000 + 86_400,
    });
    expect(Object.keys(members)).toHaveLength(14);
  });
});
