import type { Table } from '#shared/aws/table.ts';
import { CircuitOpenError } from '#shared/provider/breaker/circuit.ts';
import { LOOK_EVERY_MS } from '#shared/provider/breaker/circuit-watch.ts';
import {
  aBreakerWorld,
  CALL_MS,
  call,
  countedTable,
  fail,
  UPSTREAM,
} from '../../../support/doubles/breaker.ts';
import { createMemoryTable } from '../../../support/doubles/memory-table.ts';

const world = () => aBreakerWorld(createMemoryTable());

describe('a closed circuit', () => {
  it('stays closed through fewer failures than the rule asks for', async () => {
    const breaker = world().process();
    await fail(breaker, 2);

    await expect(call(breaker, 'alive')).resolves.toBeUndefined();
  });

  it('opens with the last failure that the rule asks for', async () => {
    const { process, changes } = world();
    const breaker = process();
    await fail(breaker, 3);

    await expect(call(breaker, 'alive')).rejects.toThrow(CircuitOpenError);
    expect(changes).toEqual([{ ...UPSTREAM, state: 'open', again: false, openForMs: 10_000 }]);
  });

  it('counts from the start again after a success', async () => {
    const breaker = world().process();
    await fail(breaker, 2);
    await call(breaker, 'alive');
    await fail(breaker, 2);

    await expect(call(breaker, 'alive')).resolves.toBeUndefined();
  });

  it('counts from the start again when a minute has passed without a failure', async () => {
    const { process, clock } = world();
    const breaker = process();
    await fail(breaker, 2);
    clock.advance(60_000);
    await fail(breaker, 2);

    await expect(call(breaker, 'alive')).resolves.toBeUndefined();
  });

  it('learns nothing from a call that was never made', async () => {
    const breaker = world().process();
    await fail(breaker, 2);
    await call(breaker, 'unknown');
    await fail(breaker, 1);

    await expect(call(breaker, 'alive')).rejects.toThrow(CircuitOpenError);
  });

  it('opens by the failures of several processes together', async () => {
    const { process } = world();
    const [one, two] = [process(), process()];
    await fail(one, 2);
    await fail(two, 2);

    await expect(call(one, 'failed')).resolves.toBeUndefined();
    await expect(call(one, 'alive')).rejects.toThrow(CircuitOpenError);
  });

  it('opens once, however many failures come in at the same time', async () => {
    const { process, changes } = world();
    const breaker = process();
    const passes = await Promise.all(
      Array.from({ length: 20 }, () => breaker.admit(UPSTREAM, CALL_MS)),
    );
    await Promise.all(passes.map((pass) => pass.settle('failed')));

    expect(changes.map(({ state }) => state)).toEqual(['open']);
  });

  it('holds nothing back from another host of the same integration', async () => {
    const breaker = world().process();
    await fail(breaker, 3);

    await expect(
      call(breaker, 'alive', { ...UPSTREAM, host: 'eu.acme.com' }),
    ).resolves.toBeUndefined();
  });
});

describe('an open circuit', () => {
  it('says when to come back', async () => {
    const { process, clock } = world();
    const breaker = process();
    await fail(breaker, 3);
    clock.advance(4_000);

    await expect(call(breaker, 'alive')).rejects.toMatchObject({
      code: 'circuit_open',
      status: 503,
      origin: 'provider',
      retry: { afterMs: 6_000 },
      detail: { integration: 'acme' },
    });
  });

  it('is open at once for a process that has not called yet', async () => {
    const { process } = world();
    await fail(process(), 3);

    await expect(call(process(), 'alive')).rejects.toThrow(CircuitOpenError);
  });

  it('is open, after its own next failure, for a process that was well so far', async () => {
    const { process, clock } = world();
    const other = process();
    await call(other, 'alive');
    clock.advance(LOOK_EVERY_MS);
    await fail(process(), 3);
    await call(other, 'failed');

    await expect(call(other, 'alive')).rejects.toThrow(CircuitOpenError);
  });

  it('is not closed by a call that set out before it opened', async () => {
    const breaker = world().process();
    const early = await breaker.admit(UPSTREAM, CALL_MS);
    await fail(breaker, 3);
    await early.settle('alive');

    await expect(call(breaker, 'alive')).rejects.toThrow(CircuitOpenError);
  });
});

describe('a half-open circuit', () => {
  async function halfOpen() {
    const made = world();
    const breaker = made.process();
    await fail(breaker, 3);
    made.clock.advance(10_000);
    return { ...made, breaker };
  }

  it('lets one call through and refuses the others', async () => {
    const { breaker, process } = await halfOpen();
    const other = process();
    const admitted = await Promise.allSettled(
      [breaker, other, breaker, other, process()].map((each) => each.admit(UPSTREAM, CALL_MS)),
    );

    expect(admitted.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('closes when the probe succeeds', async () => {
    const { breaker, changes } = await halfOpen();
    await call(breaker, 'alive');

    await expect(call(breaker, 'alive')).resolves.toBeUndefined();
    expect(changes.at(-1)).toEqual({ ...UPSTREAM, state: 'closed', again: false, openForMs: 0 });
  });

  it('opens for twice as long when the probe fails, up to the limit', async () => {
    const { breaker, clock, changes } = await halfOpen();
    await call(breaker, 'failed');
    clock.advance(19_999);
    await expect(call(breaker, 'alive')).rejects.toThrow(CircuitOpenError);
    clock.advance(1);
    await call(breaker, 'failed');
    clock.advance(35_000);
    await call(breaker, 'failed');

    expect(changes.slice(1).map(({ openForMs, again }) => [openForMs, again])).toEqual([
      [20_000, true],
      [35_000, true],
      [35_000, true],
    ]);
  });

  it('stays open for its first time again after it was closed', async () => {
    const { breaker, clock, changes } = await halfOpen();
    await call(breaker, 'failed');
    clock.advance(20_000);
    await call(breaker, 'alive');
    await fail(breaker, 3);

    expect(changes.at(-1)).toMatchObject({ state: 'open', openForMs: 10_000 });
  });

  it('lets another probe through when one was not made after all', async () => {
    const { breaker } = await halfOpen();
    await call(breaker, 'unknown');

    await expect(call(breaker, 'alive')).resolves.toBeUndefined();
  });

  it('lets another probe through when the process of the first has died', async () => {
    const { breaker, process, clock } = await halfOpen();
    await breaker.admit(UPSTREAM, CALL_MS);
    const other = process();
    clock.advance(CALL_MS);
    await expect(call(other, 'alive')).rejects.toThrow(CircuitOpenError);
    clock.advance(5_000);

    await expect(call(other, 'alive')).resolves.toBeUndefined();
  });

  it('does not listen to a probe that comes back after its time', async () => {
    const { breaker, process, clock, changes } = await halfOpen();
    const late = await breaker.admit(UPSTREAM, CALL_MS);
    clock.advance(CALL_MS + 5_000);
    await call(process(), 'failed');
    await late.settle('alive');

    expect(changes.at(-1)).toMatchObject({ state: 'open', again: true });
    await expect(call(breaker, 'alive')).rejects.toThrow(CircuitOpenError);
  });

  it('closes within seconds for a process whose probe was not the one', async () => {
    const { breaker, process, clock } = await halfOpen();
    const other = process();
    const probe = await breaker.admit(UPSTREAM, CALL_MS);
    await expect(call(other, 'alive')).rejects.toThrow(CircuitOpenError);
    await probe.settle('alive');
    clock.advance(LOOK_EVERY_MS);

    await expect(call(other, 'alive')).resolves.toBeUndefined();
  });
});

describe('calls to the table', () => {
  it('are one read for a thousand calls that succeed', async () => {
    const { table, counts } = countedTable();
    const breaker = aBreakerWorld(table).process();
    for (let made = 0; made < 1_000; made += 1) await call(breaker, 'alive');

    expect(counts).toEqual({ reads: 1, writes: 0 });
  });

  it('are no writes for failures that stay alone', async () => {
    const { table, counts } = countedTable();
    const breaker = aBreakerWorld(table).process();
    for (let made = 0; made < 100; made += 1) {
      await call(breaker, 'failed');
      await call(breaker, 'alive');
    }

    expect(counts).toEqual({ reads: 1, writes: 0 });
  });

  it('are a write for each failure of a run from the second on, and one to open', async () => {
    const { table, counts } = countedTable();
    await fail(aBreakerWorld(table).process(), 3);

    // The first of a run that nobody has begun yet takes two conditions.
    expect(counts).toEqual({ reads: 1, writes: 4 });
  });

  it('are none while it is open', async () => {
    const { table, counts } = countedTable();
    const breaker = aBreakerWorld(table).process();
    await fail(breaker, 3);
    const before = { ...counts };
    for (let made = 0; made < 100; made += 1) await call(breaker, 'alive').catch(() => undefined);

    expect(counts).toEqual(before);
  });

  it('are one read and no write in five seconds while another process probes', async () => {
    const { table, counts } = countedTable();
    const { process, clock } = aBreakerWorld(table);
    const [prober, other] = [process(), process()];
    await fail(prober, 3);
    clock.advance(10_000);
    await prober.admit(UPSTREAM, CALL_MS);
    const before = { ...counts };
    for (let made = 0; made < 100; made += 1) await call(other, 'alive').catch(() => undefined);

    expect(counts).toEqual({ reads: before.reads + 1, writes: before.writes });
  });
});

describe('a table that fails', () => {
  const broken = (): Table => {
    const refuse = () => Promise.reject(new Error('no table'));
    return { ...createMemoryTable(), get: refuse, update: refuse };
  };

  it('fails no call', async () => {
    const { process, troubles } = aBreakerWorld(broken());
    await fail(process(), 10);

    expect(troubles.length).toBeGreaterThan(0);
  });
});
