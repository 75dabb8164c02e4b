/**
 * A virtual clock for work that also waits for real input and output: time moves only while
 * nothing is on its way to the table.
 */
import type { Table } from '#shared/aws/table.ts';
import type { Clock } from '#shared/kernel/clock.ts';

export class DrivenClock implements Clock {
  #nowMs = Date.parse('2026-03-01T12:00:00Z');
  #pending = 0;
  #sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];

  now(): number {
    return this.#nowMs;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => {
      this.#sleepers.push({ atMs: this.#nowMs + ms, wake });
    });
  }

  /** The same table; time stands still while it works. */
  watch(table: Table): Table {
    const counted = <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) => {
      return async (...args: Args): Promise<Result> => {
        this.#pending += 1;
        try {
          return await work(...args);
        } finally {
          this.#pending -= 1;
        }
      };
    };
    return {
      get: counted(table.get),
      put: counted(table.put),
      update: counted(table.update),
      delete: counted(table.delete),
      query: counted(table.query),
    };
  }

  async run<Result>(work: Promise<Result>): Promise<Result> {
    let done = false;
    const ends = () => {
      done = true;
    };
    work.then(ends, ends);
    while (!done) {
      // Twice: what an answer starts may be another question.
      for (let turn = 0; turn < 2; turn += 1) await new Promise(setImmediate);
      if (this.#pending > 0 || done) continue;
      this.#sleepers.sort((a, b) => a.atMs - b.atMs);
      const next = this.#sleepers.shift();
      if (!next) throw new Error('work waits for something else than time');
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.wake();
    }
    return work;
  }
}
