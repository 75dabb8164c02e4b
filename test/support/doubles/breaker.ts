/** Breakers over one table, as so many processes have them, and what they tell. */
import type { ItemKey, Table } from '#shared/aws/table.ts';
import { type Breaker, createBreaker } from '#shared/provider/breaker/breaker.ts';
import type { BreakerRule, Upstream } from '#shared/provider/breaker/circuit.ts';
import { createCircuitStore } from '#shared/provider/breaker/circuit-store.ts';
import type { CircuitChange, Outcome } from '#shared/provider/breaker/circuit-watch.ts';
import { createMemoryTable } from './memory-table.ts';
import { VirtualClock } from './virtual-clock.ts';

export const UPSTREAM: Upstream = { integration: 'acme', host: 'api.acme.com' };
export const RULE: BreakerRule = {
  failures: 3,
  windowMs: 60_000,
  openMs: 10_000,
  maxOpenMs: 35_000,
};
export const CALL_MS = 15_000;

/** Counts what goes to the table. */
export function countedTable(table: Table = createMemoryTable()) {
  const counts = { reads: 0, writes: 0 };
  const counted: Table = {
    ...table,
    get(key: ItemKey) {
      counts.reads += 1;
      return table.get(key);
    },
    update(...args) {
      counts.writes += 1;
      return table.update(...args);
    },
  };
  return { table: counted, counts };
}

export interface BreakerWorld {
  readonly clock: VirtualClock;
  readonly changes: CircuitChange[];
  readonly troubles: unknown[];
  /** Another process. */
  process(): Breaker;
}

export function aBreakerWorld(table: Table, rule: BreakerRule = RULE): BreakerWorld {
  const clock = new VirtualClock();
  const changes: CircuitChange[] = [];
  const troubles: unknown[] = [];
  return {
    clock,
    changes,
    troubles,
    process: () =>
      createBreaker({
        store: createCircuitStore({ table, clock, rule }),
        clock,
        rule,
        onChange: (change) => changes.push(change),
        onTrouble: (error) => troubles.push(error),
      }),
  };
}

/** One call from its admission to its end. @throws CircuitOpenError */
export async function call(breaker: Breaker, outcome: Outcome, upstream = UPSTREAM): Promise<void> {
  const pass = await breaker.admit(upstream, CALL_MS);
  await pass.settle(outcome);
}

export async function fail(breaker: Breaker, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) await call(breaker, 'failed');
}
