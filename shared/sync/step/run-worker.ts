/**
 * Takes a run that is held from where it stands as far as time allows: fetch, deliver, commit.
 *
 * While one batch is delivered, the next is fetched and the one before is committed; never more
 * than these, but for one page behind the next batch, which may be on its way. A commit is only
 * started once every receiver has the batch, so the checkpoint is never ahead of delivery; at most
 * two batches are delivered again after a crash.
 *
 * Errors  FencedError where the run is somebody else's by now; bugs, as thrown
 */
import type { Random } from '../../kernel/random.ts';
import type { FanOut } from '../../webhook/delivery/fan-out.ts';
import type { CloseRun } from '../run/close-run.ts';
import { judgeFailure, type Verdict } from '../run/judge-failure.ts';
import type { HeldRun, ParkInput } from '../run/run-store.ts';
import type { RunError, SyncRun } from '../run/sync-run.ts';
import { countBatch } from '../run/sync-run.ts';
import type { OpenedRun } from '../start/open-run.ts';
import type { Batch } from '../walk/batch.ts';
import {
  batchEvents,
  completedEvent,
  failedEvent,
  RECORD_EVENT,
  rateLimitedEvent,
  startedEvent,
} from '../walk/events.ts';
import { consumerWaitMs, fetchWaitMs, rateLimitUntilMs } from './backoff.ts';
import { type HoldDeps, type Refusal, RunHold } from './run-hold.ts';

export interface WorkerDeps extends HoldDeps {
  readonly sink: FanOut;
  readonly closeRun: CloseRun;
  readonly random: Random;
  /** A run waits for its provider more often than its job takes for normal: once a run. */
  readonly onRateLimitAlert: (run: SyncRun) => void;
}

export type WorkOutcome =
  | { readonly kind: 'released' | 'completed' | 'failed' | 'paused'; readonly run: SyncRun }
  | { readonly kind: 'parked'; readonly run: SyncRun; readonly untilMs: number };

export const NO_SUBSCRIPTION: RunError = {
  code: 'no_subscription',
  message: 'no enabled webhook subscription takes the records',
};
const RATE_LIMITED: RunError = {
  code: 'rate_limited',
  message: 'the provider limits the rate of calls more than the job allows',
};

export class RunWorker {
  readonly #deps: WorkerDeps;
  readonly #hold: RunHold;

  constructor(deps: WorkerDeps, held: HeldRun) {
    this.#deps = deps;
    this.#hold = new RunHold(deps, held);
  }

  /** As last confirmed: what to let go of after a failure. */
  get held(): HeldRun {
    return this.#hold.held;
  }

  async work(opened: OpenedRun, deadlineMs: number): Promise<WorkOutcome> {
    const { batches } = opened.source;
    try {
      if (!(await this.#deps.sink.isWanted(RECORD_EVENT))) return await this.fail(NO_SUBSCRIPTION);
      const refusal = await this.#start();
      if (refusal) return await this.#waitForConsumer(refusal);
      return await this.#workThrough(opened, deadlineMs);
    } finally {
      // A page that is on its way is nobody's any more, and neither is its failure.
      batches.return().catch(() => undefined);
    }
  }

  /** From now on the run does nothing but fail. */
  decide(error: RunError): Promise<void> {
    return this.#hold.decideFailure(error);
  }

  /** Ends the run, telling why. */
  async fail(error: RunError): Promise<WorkOutcome> {
    await this.decide(error);
    return this.tellFailure(error);
  }

  /** The rest of {@link fail}, for a run that got so far before. */
  async tellFailure(error: RunError): Promise<WorkOutcome> {
    const { clock, settings } = this.#deps;
    const refusal = await this.#hold.deliver([failedEvent(this.#hold.view, error, clock.now())]);
    const tries = this.#hold.view.consumerFailures + 1;
    // A consumer that is down for good must not keep the run from ending.
    if (refusal && tries < settings.failedEventTries) return this.#waitForConsumer(refusal);
    return this.end('failed', refusal ? 0 : 1);
  }

  /** Ends the run without a word more. `events`: delivered since the last write. */
  async end(status: 'completed' | 'failed', events: number): Promise<WorkOutcome> {
    const run = await this.#hold.finish(status, events);
    return { kind: status, run: await this.#deps.closeRun(run) };
  }

  async pause(): Promise<WorkOutcome> {
    const untilMs = this.#deps.clock.now();
    return { kind: 'paused', run: await this.#hold.park({ status: 'paused', untilMs }) };
  }

  /** Does what {@link judgeFailure} has found right. */
  async obey(verdict: Verdict, opened?: OpenedRun): Promise<WorkOutcome> {
    await this.#hold.settle();
    if (verdict.kind === 'fail') return this.fail(verdict.error);
    if (verdict.kind === 'wait') {
      return opened ? this.#waitForRate(verdict.resumeAtMs, opened) : this.fail(RATE_LIMITED);
    }
    const { clock, random, settings } = this.#deps;
    const { fetchFailures } = this.#hold.view;
    if (fetchFailures >= settings.fetchRetries) return this.fail(verdict.error);
    const untilMs = clock.now() + fetchWaitMs(settings, fetchFailures, random);
    return this.#park({ status: 'running', untilMs, counts: ['fetchFailures'] });
  }

  async #workThrough(opened: OpenedRun, deadlineMs: number): Promise<WorkOutcome> {
    const { batches } = opened.source;
    let ahead = prefetch(batches);
    while (true) {
      const next = await ahead;
      if ('error' in next) return this.#fetchFailed(next.error, opened);
      if (!next.batch) return this.#complete();
      ahead = prefetch(batches);
      const ended = await this.#deliverAndCommit(next.batch, opened);
      if (ended) return ended;
      if (this.#deps.clock.now() >= deadlineMs) {
        return { kind: 'released', run: await this.#hold.release() };
      }
    }
  }

  /** The outcome, where the run goes no further in this step. */
  async #deliverAndCommit(batch: Batch, opened: OpenedRun): Promise<WorkOutcome | undefined> {
    if (batch.isCut) await this.#hold.keepCut(batch.pages);
    const { view } = this.#hold;
    const events = batchEvents(view, batch, this.#deps.clock.now());
    const refusal = await this.#hold.deliver(events);
    if (refusal?.kind === 'unwanted') return this.fail(NO_SUBSCRIPTION);
    if (refusal) return this.#waitForConsumer(refusal);
    await this.#hold.commit({
      cursor: await opened.seal(batch.after),
      counters: countBatch(view.counters, batch),
      incomplete: view.incomplete || batch.isIncomplete,
      events: events.length,
    });
    const [fault] = batch.faults;
    if (!fault || opened.spec.error_handling === 'ignore') return undefined;
    return this.fail({ code: fault.code, message: fault.kept ?? fault.message });
  }

  async #start(): Promise<Refusal | undefined> {
    if (this.#hold.view.sequence > 0) return undefined;
    const startedAtMs = this.#deps.clock.now();
    const refusal = await this.#hold.deliver([startedEvent(this.#hold.view, startedAtMs)]);
    if (refusal) return refusal;
    await this.#hold.commit({ startedAtMs, events: 1 });
    // Nothing is fetched before the start is kept: the watermark will be that start.
    await this.#hold.settle();
    return undefined;
  }

  async #complete(): Promise<WorkOutcome> {
    await this.#hold.settle();
    const event = completedEvent(this.#hold.view, this.#deps.clock.now());
    const refusal = await this.#hold.deliver([event]);
    return refusal ? this.#waitForConsumer(refusal) : this.end('completed', 1);
  }

  async #fetchFailed(error: unknown, opened: OpenedRun): Promise<WorkOutcome> {
    await this.#hold.settle();
    const verdict = judgeFailure(error);
    if (!verdict) throw error;
    return this.obey(verdict, opened);
  }

  async #waitForRate(saidMs: number | undefined, opened: OpenedRun): Promise<WorkOutcome> {
    const { clock, random, settings } = this.#deps;
    const { mode, max_waits, alert_after } = opened.spec.rate_limit;
    const { rateLimitedCount, rateLimitStreak } = this.#hold.view;
    if (mode === 'fail' || rateLimitedCount >= max_waits) return this.fail(RATE_LIMITED);
    const nowMs = clock.now();
    const untilMs = rateLimitUntilMs(settings, saidMs, rateLimitStreak, nowMs, random);
    const hits = rateLimitedCount + 1;
    const notice = {
      provider: opened.provider,
      resource: opened.source.resource(),
      resumeAtMs: untilMs,
      hits,
      alert: hits > alert_after,
    };
    const refusal = await this.#hold.deliver([rateLimitedEvent(this.#hold.view, notice, nowMs)]);
    if (refusal) return this.#waitForConsumer(refusal, untilMs);
    if (hits === alert_after + 1) this.#deps.onRateLimitAlert(this.#hold.view);
    const counts = ['rateLimitStreak'] as const;
    return this.#park({ status: 'rate_limited', untilMs, events: 1, counts });
  }

  async #waitForConsumer(refusal: Refusal, notBeforeMs = 0): Promise<WorkOutcome> {
    await this.#hold.settle();
    const { clock, random, settings } = this.#deps;
    const askedMs = refusal.kind === 'refused' ? refusal.retryAfterMs : undefined;
    const { consumerFailures } = this.#hold.view;
    const waitMs = consumerWaitMs(settings, consumerFailures, askedMs, random);
    const untilMs = Math.max(notBeforeMs, clock.now() + waitMs);
    return this.#park({ status: 'running', untilMs, counts: ['consumerFailures'] });
  }

  async #park(input: ParkInput): Promise<WorkOutcome> {
    return { kind: 'parked', run: await this.#hold.park(input), untilMs: input.untilMs };
  }
}

type Ahead = { readonly batch: Batch | undefined } | { readonly error: unknown };

/** Starts on the next batch. Never rejects, so that it can wait for its turn. */
async function prefetch(batches: AsyncGenerator<Batch, void, void>): Promise<Ahead> {
  try {
    const { value, done } = await batches.next();
    return { batch: done ? undefined : value };
  } catch (error) {
    return { error };
  }
}
