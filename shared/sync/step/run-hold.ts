/**
 * A run in the hands of one worker: its state as last confirmed, the commit that is on its way,
 * and the state that follows once it is through.
 *
 * Every method but `deliver` first waits for the pending commit, so writes never overtake each
 * other; `deliver` goes on while it travels, which is what hides a commit's latency.
 *
 * Errors  FencedError from any write, where the run is not held any more
 */
import { letRequestsOut } from '../../http/let-requests-out.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { FanOut, FanOutOutcome } from '../../webhook/delivery/fan-out.ts';
import type { CommitInput, HeldRun, ParkInput, RunStore } from '../run/run-store.ts';
import type { RunError, SyncRun } from '../run/sync-run.ts';
import { RECORD_EVENT, type UnnumberedEvent } from '../walk/events.ts';
import { LEASE_MARGIN_MS, type SyncSettings } from './settings.ts';

/** An event that did not arrive where it must. */
export type Refusal = Exclude<FanOutOutcome, { readonly kind: 'accepted' }>;

export interface HoldDeps {
  readonly runs: RunStore;
  /** Where events go: to subscriptions, or into one HTTP answer. */
  readonly sink: Pick<FanOut, 'send'>;
  readonly clock: Clock;
  readonly settings: SyncSettings;
}

export class RunHold {
  readonly #deps: HoldDeps;
  #held: HeldRun;
  #pending: Promise<HeldRun> | undefined;
  #view: SyncRun;

  constructor(deps: HoldDeps, held: HeldRun) {
    this.#deps = deps;
    this.#held = held;
    this.#view = held.run;
  }

  /** The run as it is once the pending commit is through: what events are made from. */
  get view(): SyncRun {
    return this.#view;
  }

  /** The run as last confirmed. */
  get held(): HeldRun {
    return this.#held;
  }

  /** Sends the events in order; stops at the first that is not taken. */
  async deliver(events: readonly UnnumberedEvent[]): Promise<Refusal | undefined> {
    for (const [at, event] of events.entries()) {
      await this.#outliveOneDelivery();
      const sequence = this.#view.sequence + at + 1;
      const outcome = await this.#deps.sink.send({ ...event, sequence });
      if (outcome.kind === 'refused') return outcome;
      // What nobody wants is delivered to everyone who wants it; but records must arrive.
      if (outcome.kind === 'unwanted' && event.type === RECORD_EVENT) return outcome;
    }
    return undefined;
  }

  /** Starts a commit, as soon as what is sent next is on its way. */
  async commit(input: CommitInput): Promise<void> {
    await this.settle();
    const held = this.#held;
    // What a write costs the processor falls into the wait for the next batch's answer, not before
    // its request: a tenth of a page's time where consumer and provider are equally quick.
    this.#pending = letRequestsOut().then(() => this.#deps.runs.commit(held, input));
    // Whoever settles sees the failure; until then it is nobody's.
    this.#pending.catch(() => undefined);
    const { counters, incomplete, startedAtMs, events } = input;
    const { view } = this;
    this.#view = {
      ...view,
      counters: counters ?? view.counters,
      incomplete: incomplete ?? view.incomplete,
      startedAtMs: startedAtMs ?? view.startedAtMs,
      seq: view.seq + 1,
      sequence: view.sequence + events,
    };
  }

  async settle(): Promise<void> {
    const pending = this.#pending;
    if (!pending) return;
    this.#pending = undefined;
    this.#take(await pending);
  }

  async keepCut(pages: number): Promise<void> {
    await this.settle();
    this.#take(await this.#deps.runs.keepCut(this.#held, pages));
  }

  async decideFailure(error: RunError): Promise<void> {
    await this.settle();
    this.#take(await this.#deps.runs.decideFailure(this.#held, error));
  }

  async park(input: ParkInput): Promise<SyncRun> {
    await this.settle();
    return this.#deps.runs.park(this.#held, input);
  }

  async release(): Promise<SyncRun> {
    await this.settle();
    const { runs, clock, settings } = this.#deps;
    return runs.release(this.#held, clock.now() + settings.graceMs);
  }

  async finish(status: 'completed' | 'failed', events: number): Promise<SyncRun> {
    await this.settle();
    return this.#deps.runs.finish(this.#held, status, events);
  }

  /** Nothing is sent under a lease that might end before the answer comes. */
  async #outliveOneDelivery(): Promise<void> {
    if (!this.#endsSoon()) return;
    await this.settle();
    if (this.#endsSoon()) this.#take(await this.#deps.runs.renew(this.#held));
  }

  #endsSoon(): boolean {
    const { clock, settings } = this.#deps;
    const leftMs = this.#held.run.leaseUntilMs - clock.now();
    return leftMs < settings.deliveryTimeoutMs + LEASE_MARGIN_MS;
  }

  #take(held: HeldRun): void {
    this.#held = held;
    this.#view = held.run;
  }
}
