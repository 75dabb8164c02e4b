/**
 * One step of a run: takes up the run that a hint points at, works on it for a bounded time, and
 * hands it on.
 *
 * Repeat   safe: the hint is not the truth. Of any number of copies one claims the run; the others,
 *          and hints that are out of date, are dropped.
 * Progress does not hang on hints either: each state in which a run waits is due at some time, and
 *          the sweeper sends a hint for what is due.
 * Source   docs/architecture.md, "How a sync run works"
 */
import type { IdFactory } from '../../kernel/id.ts';
import type { OpenFanOut } from '../../webhook/delivery/fan-out.ts';
import { type Hint, hintFor, type SendHint, sendHintAt } from '../run/hint.ts';
import type { HeldRun } from '../run/run-store.ts';
import { type OpenRunDeps, openRun } from '../start/open-run.ts';
import { STREAM_INTERRUPTED } from '../stream/stream.ts';
import { RunWorker, type WorkerDeps, type WorkOutcome } from './run-worker.ts';
import { type Supervised, supervise } from './supervise.ts';

export interface StepDeps
  extends Omit<WorkerDeps, 'sink'>,
    Omit<OpenRunDeps, 'slowBatchMs' | 'clock'> {
  readonly openFanOut: OpenFanOut;
  readonly sendHint: SendHint;
  readonly ids: IdFactory;
}

/** Dropped: the hint is stale, the run busy or over. */
export type StepOutcome = Supervised | { readonly kind: 'dropped' };

export type Step = (hint: Hint) => Promise<StepOutcome>;

export function createStep(deps: StepDeps): Step {
  return async (hint) => {
    const held = await deps.runs.claim(hint.run_id, hint.token, deps.ids.make('wrk'));
    if (!held) {
      await closeIfOver(deps, hint);
      return { kind: 'dropped' };
    }
    const sink = deps.openFanOut(held.run.environmentId);
    const worker = new RunWorker({ ...deps, sink }, held);
    const outcome = await supervise(deps, worker, () => workOn(deps, worker, held));
    await wakeAgain(deps, outcome);
    return outcome;
  };
}

async function workOn(deps: StepDeps, worker: RunWorker, held: HeldRun): Promise<WorkOutcome> {
  const { run } = held;
  const { settings, clock } = deps;
  const isPoisoned = run.attempts > settings.maxAttempts;
  // What has come so far and still kills its workers ends without another try to tell.
  if (run.error) return isPoisoned ? worker.end('failed', 0) : worker.tellFailure(run.error);
  if (run.mode === 'stream') return endDeadStream(worker);
  if (isPoisoned) return worker.fail(POISONED);
  const deadlineMs = clock.now() + settings.stepBudgetMs;
  const opened = await openRun({ ...deps, slowBatchMs: settings.slowBatchMs }, held);
  if (!('verdict' in opened)) return worker.work(opened, deadlineMs);
  return opened.verdict.kind === 'pause' ? worker.pause() : worker.obey(opened.verdict);
}

/** The answer that it was written into is gone, so there is nobody to tell. */
async function endDeadStream(worker: RunWorker): Promise<WorkOutcome> {
  await worker.decide(STREAM_INTERRUPTED);
  return worker.end('failed', 0);
}

async function wakeAgain(deps: StepDeps, outcome: StepOutcome): Promise<void> {
  if (outcome.kind === 'released') await deps.sendHint(hintFor(outcome.run), 0);
  if (outcome.kind !== 'parked') return;
  await sendHintAt(deps.sendHint, outcome.run, outcome.untilMs, deps.clock.now());
}

/** A run whose end is written and whose consequences may not be. */
async function closeIfOver(deps: StepDeps, { run_id }: Hint): Promise<void> {
  const run = await deps.runs.get(run_id);
  if (run?.closing) await deps.closeRun(run);
}

const POISONED = { code: 'step_failed', message: 'the run failed again and again at one place' };
