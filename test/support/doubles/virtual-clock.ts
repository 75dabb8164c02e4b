/** A clock that stands still until it is moved, and moves from one sleeper to the next. */
import type { Clock } from '#shared/kernel/clock.ts';

/** Real time. */
const PATIENCE_MS = 5_000;

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

export class VirtualClock implements Clock {
  #nowMs: number;
  #sleepers: Sleeper[] = [];

  constructor(startMs = Date.parse('2026-03-01T12:00:00Z')) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => {
      this.#sleepers.push({ atMs: this.#nowMs + ms, wake });
    });
  }

  /** Jumps ahead and wakes nobody on the way: for code that only reads the time. */
  advance(ms: number): void {
    this.#nowMs += ms;
  }

  /** Runs everything that sleeps on this clock, in order of time, until `work` is done. */
  async run<Result>(work: Promise<Result>): Promise<Result> {
    let done = false;
    const ends = () => {
      done = true;
    };
    work.then(ends, ends);
    let idleSinceMs = performance.now();
    while (!done) {
      await settle();
      if (done || this.#wakeNext()) idleSinceMs = performance.now();
      // The work may be in a thread of the platform's, where a busy machine lets it wait.
      else if (performance.now() - idleSinceMs > PATIENCE_MS) {
        throw new Error('work waits for something else than time');
      }
    }
    return work;
  }

  #wakeNext(): boolean {
    const atMs = Math.min(...this.#sleepers.map((sleeper) => sleeper.atMs));
    const index = this.#sleepers.findIndex((sleeper) => sleeper.atMs === atMs);
    const [sleeper] = index < 0 ? [] : this.#sleepers.splice(index, 1);
    if (!sleeper) return false;
    this.#nowMs = Math.max(this.#nowMs, sleeper.atMs);
    sleeper.wake();
    return true;
  }
}

/** Lets every pending microtask, and what they start, run to its end. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
