/**
 * How long one request of ours has waited for its provider, over all the calls that it made.
 *
 * Calls are made many layers below the edge that tells the time, so the meter travels with the
 * request itself. Calls at the same time count once.
 *
 * Units   milliseconds of a monotonic clock, with fractions
 */
import { AsyncLocalStorage } from 'node:async_hooks';

export type MonotonicMs = () => number;

export class ProviderWait {
  readonly #nowMs: MonotonicMs;
  #underWay = 0;
  #sinceMs = 0;
  #doneMs = 0;

  constructor(nowMs: MonotonicMs) {
    this.#nowMs = nowMs;
  }

  begin(): void {
    if (this.#underWay === 0) this.#sinceMs = this.#nowMs();
    this.#underWay += 1;
  }

  end(): void {
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#doneMs += this.#nowMs() - this.#sinceMs;
  }

  get ms(): number {
    return this.#underWay === 0 ? this.#doneMs : this.#doneMs + this.#nowMs() - this.#sinceMs;
  }
}

const current = new AsyncLocalStorage<ProviderWait>();

/** Runs a request whose calls to providers `wait` measures. */
export function metered<Result>(wait: ProviderWait, run: () => Result): Result {
  return current.run(wait, run);
}

/** The meter of the request that is being served; undefined outside of one. */
export function currentWait(): ProviderWait | undefined {
  return current.getStore();
}
