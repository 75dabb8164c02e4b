/**
 * The execution environments of one function: none until the first event, more while events wait,
 * fewer when they idle.
 *
 * Short events wait for an environment that is about to be free rather than each start its own:
 * one start at a time is under way, and whichever comes first, a freed or a new one, takes the
 * event. Lambda has a machine for each; a laptop has two cores.
 */
import type { Invocation } from './execution-environment.ts';

/** What the pool needs of an execution environment. */
export interface Runner {
  run(invocation: Invocation): Promise<string | undefined>;
  end(): Promise<void>;
}

export interface PoolOptions {
  readonly maxSize: number;
  /** Environments beyond the last end after doing nothing for this long. */
  readonly idleMs: number;
  /** `onEnd` is to be called when the environment has ended, for whatever reason. */
  readonly start: (onEnd: () => void) => Promise<Runner>;
}

interface Waiting {
  readonly invocation: Invocation;
  readonly resolve: (result: Promise<string | undefined>) => void;
  readonly reject: (error: unknown) => void;
}

interface Idle {
  readonly runner: Runner;
  readonly reap: NodeJS.Timeout;
}

export class PoolClosedError extends Error {
  override readonly name = 'PoolClosedError';
}

export class Pool {
  readonly #options: PoolOptions;
  readonly #waiting: Waiting[] = [];
  /** The most recently used last, so that the others may idle away. */
  readonly #idle: Idle[] = [];
  readonly #alive = new Set<Runner>();
  #isStarting = false;
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  run(invocation: Invocation): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(new PoolClosedError('the runtime is stopping'));
      this.#waiting.push({ invocation, resolve, reject });
      const free = this.#idle.pop();
      if (!free) return this.#growIfNeeded();
      clearTimeout(free.reap);
      this.#giveWork(free.runner);
    });
  }

  /** Starts the first environment, if there is none. */
  warm(): void {
    if (this.#alive.size === 0 && !this.#isStarting) this.#grow();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { reject } of this.#waiting.splice(0)) {
      reject(new PoolClosedError('the runtime is stopping'));
    }
    for (const { reap } of this.#idle.splice(0)) clearTimeout(reap);
    await Promise.all([...this.#alive].map((runner) => runner.end()));
  }

  #giveWork(runner: Runner): void {
    if (!this.#alive.has(runner)) {
      this.#growIfNeeded();
      return;
    }
    const next = this.#waiting.shift();
    if (!next) {
      const reap = setTimeout(() => this.#reap(runner), this.#options.idleMs).unref();
      this.#idle.push({ runner, reap });
      return;
    }
    const result = runner.run(next.invocation);
    next.resolve(result);
    const again = (): void => this.#giveWork(runner);
    result.then(again, again);
    this.#growIfNeeded();
  }

  #growIfNeeded(): void {
    const mayGrow =
      !(this.#isStarting || this.#isClosed) && this.#alive.size < this.#options.maxSize;
    if (mayGrow && this.#waiting.length > 0) this.#grow();
  }

  #grow(): void {
    this.#isStarting = true;
    let started: Runner | undefined;
    const onEnd = (): void => {
      if (started) this.#forget(started);
      this.#growIfNeeded();
    };
    this.#options.start(onEnd).then(
      (runner) => {
        this.#isStarting = false;
        started = runner;
        if (this.#isClosed) return void runner.end();
        this.#alive.add(runner);
        this.#giveWork(runner);
      },
      (error: unknown) => {
        this.#isStarting = false;
        // As on Lambda, each event gets its own try at initialising.
        this.#waiting.shift()?.reject(error);
        this.#growIfNeeded();
      },
    );
  }

  #reap(runner: Runner): void {
    if (this.#alive.size <= 1) return;
    this.#forget(runner);
    void runner.end();
  }

  #forget(runner: Runner): void {
    this.#alive.delete(runner);
    const index = this.#idle.findIndex((entry) => entry.runner === runner);
    if (index >= 0) clearTimeout(this.#idle.splice(index, 1)[0]?.reap);
  }
}
