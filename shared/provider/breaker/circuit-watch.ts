/**
 * What one process knows of one circuit, and when it asks and tells the table. See breaker.ts for
 * what that costs.
 */
import type { Clock } from '../../kernel/clock.ts';
import {
  type BreakerRule,
  type Circuit,
  CircuitOpenError,
  stateOf,
  type Upstream,
} from './circuit.ts';
import type { CircuitStore } from './circuit-store.ts';

/** `alive`: an answer that does not say that the provider is down; `unknown`: nothing was learnt. */
export type Outcome = 'alive' | 'failed' | 'unknown';

/** The right to make one call. */
export interface Pass {
  /** To be told once, when the call is over. */
  settle(outcome: Outcome): Promise<void> | undefined;
}

export interface CircuitChange extends Upstream {
  readonly state: 'open' | 'closed';
  /** A probe failed: it was open before. */
  readonly again: boolean;
  /** Of an open one. */
  readonly openForMs: number;
}

export interface WatchDeps {
  readonly store: CircuitStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly rule: BreakerRule;
  /** Told by the process that changed it, once for each change. */
  readonly onChange: (change: CircuitChange) => void;
  /** The table could not be asked or told. */
  readonly onTrouble: (error: unknown) => void;
}

/** How often a process reads one circuit at most. */
export const LOOK_EVERY_MS = 5_000;
/** A lone failure is no run, and costs no write. */
const TELL_FROM = 2;
/** A probe must have ended, or its process with it, before another may begin. */
const PROBE_MARGIN_MS = 5_000;

export class CircuitWatch {
  readonly #upstream: Upstream;
  readonly #deps: WatchDeps;
  readonly #closed: Pass;
  #circuit: Circuit | undefined;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;
  /** Failures here since the last success here. */
  #run = 0;
  /** Whether the table counts them. */
  #isTold = false;
  #lastFailureAtMs = 0;

  constructor(upstream: Upstream, deps: WatchDeps) {
    this.#upstream = upstream;
    this.#deps = deps;
    this.#closed = { settle: (outcome) => this.#settle(outcome) };
  }

  async admit(callMs: number): Promise<Pass> {
    if (this.#looking !== undefined || this.#lookedAtMs === Number.NEGATIVE_INFINITY)
      await this.#look();
    if (this.#state() === 'half_open' && this.#isProbed()) await this.#look();
    const nowMs = this.#now();
    switch (this.#state()) {
      case 'closed':
        return this.#closed;
      case 'open':
        throw this.#refusal((this.#circuit?.openUntilMs ?? 0) - nowMs);
      case 'half_open':
        if (this.#isProbed()) throw this.#refusal(LOOK_EVERY_MS);
        return this.#tryProbe(callMs);
    }
  }

  async #tryProbe(callMs: number): Promise<Pass> {
    const forMs = callMs + PROBE_MARGIN_MS;
    // Before anything is awaited: other calls of this process need not try at the same time.
    this.#circuit = this.#circuit && {
      ...this.#circuit,
      probeUntilMs: this.#now() + LOOK_EVERY_MS,
    };
    const taken = await this.#ask(() => this.#deps.store.takeProbe(this.#upstream, forMs));
    if (taken) {
      this.#circuit = taken;
      return { settle: (outcome) => this.#endProbe(taken, outcome) };
    }
    await this.#look();
    if (this.#state() === 'closed') return this.#closed;
    throw this.#refusal(LOOK_EVERY_MS);
  }

  async #endProbe(probe: Circuit, outcome: Outcome): Promise<void> {
    const end = outcome === 'alive' ? 'passed' : outcome;
    const after = await this.#ask(() => this.#deps.store.endProbe(this.#upstream, probe, end));
    // It took longer than a probe may, and another process has gone on since.
    if (!after) return this.#look(0);
    this.#circuit = after;
    if (end === 'passed') this.#tell({ state: 'closed', again: false, openForMs: 0 });
    if (end === 'failed') this.#tell({ state: 'open', again: true, openForMs: after.openForMs });
  }

  #settle(outcome: Outcome): Promise<void> | undefined {
    if (outcome === 'failed') return this.#countFailure();
    if (outcome === 'unknown' || this.#run === 0) return undefined;
    this.#run = 0;
    if (!this.#isTold) return undefined;
    this.#isTold = false;
    return this.#ask(() => this.#deps.store.forgive(this.#upstream)).then(() => undefined);
  }

  async #countFailure(): Promise<void> {
    const { store, rule } = this.#deps;
    const nowMs = this.#now();
    if (nowMs - this.#lastFailureAtMs >= rule.windowMs) this.#startRun();
    this.#lastFailureAtMs = nowMs;
    this.#run += 1;
    // A call that set out before the circuit opened.
    if (this.#state() !== 'closed') return;
    if (this.#run < Math.min(TELL_FROM, rule.failures)) return this.#look();
    const failures = this.#isTold ? 1 : this.#run;
    this.#isTold = true;
    const counted = await this.#ask(() => store.count(this.#upstream, failures));
    if (!counted) return this.#look(0);
    if (counted.failures < rule.failures) return;
    const opened = await this.#ask(() => store.open(this.#upstream));
    if (!opened) return this.#look(0);
    this.#circuit = opened;
    this.#startRun();
    this.#tell({ state: 'open', again: false, openForMs: opened.openForMs });
  }

  #startRun(): void {
    this.#run = 0;
    this.#isTold = false;
  }

  /**
   * Reads the circuit, unless it was read just now; concurrent callers share one reading.
   *
   * @param everyMs 0 where a refused write says that the circuit is not what it was taken for
   */
  async #look(everyMs = LOOK_EVERY_MS): Promise<void> {
    if (this.#looking !== undefined) return this.#looking;
    if (this.#now() - this.#lookedAtMs < everyMs) return;
    this.#lookedAtMs = this.#now();
    this.#looking = this.#read().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #read(): Promise<void> {
    try {
      this.#circuit = await this.#deps.store.read(this.#upstream);
    } catch (error) {
      // It goes by what it knows already.
      this.#deps.onTrouble(error);
    }
  }

  /** Undefined also where the table fails: what is only an aid must not fail a call. */
  async #ask(question: () => Promise<Circuit | undefined>): Promise<Circuit | undefined> {
    try {
      return await question();
    } catch (error) {
      this.#deps.onTrouble(error);
      return undefined;
    }
  }

  #tell(change: Omit<CircuitChange, keyof Upstream>): void {
    this.#deps.onChange({ ...this.#upstream, ...change });
  }

  #refusal(afterMs: number): CircuitOpenError {
    return new CircuitOpenError(this.#upstream, afterMs);
  }

  #state() {
    return stateOf(this.#circuit, this.#now());
  }

  #isProbed(): boolean {
    return (this.#circuit?.probeUntilMs ?? 0) > this.#now();
  }

  #now(): number {
    return this.#deps.clock.now();
  }
}
