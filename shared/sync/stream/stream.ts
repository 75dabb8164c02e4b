/**
 * A run whose events are written into one HTTP answer, a line each, instead of being posted.
 *
 * It is the same run with another sink: it takes the same lock, commits as the reader takes its
 * lines, and moves the watermark once the last line was taken. It cannot be resumed by others: a
 * reader that goes away ends it, and so does the time that the answer may take.
 *
 * Errors  those of start-run.ts, before the first line; later ones are `failed` lines
 */
import type { Random } from '../../kernel/random.ts';
import type { Transient } from '../../kernel/transient.ts';
import type { RunStore } from '../run/run-store.ts';
import type { RunError, SyncRun } from '../run/sync-run.ts';
import { type OpenRunDeps, openRun } from '../start/open-run.ts';
import { checkStart, placeRun, type StartRequest, type StartRunDeps } from '../start/start-run.ts';
import { RunWorker, type WorkerDeps, type WorkOutcome } from '../step/run-worker.ts';
import { type Supervised, supervise } from '../step/supervise.ts';
import { createLineChannel, type LineChannel } from './line-channel.ts';

export interface StreamDeps
  extends Omit<WorkerDeps, 'sink'>,
    Omit<OpenRunDeps, 'slowBatchMs' | 'clock'>,
    Omit<StartRunDeps, 'runs' | 'graceMs'> {
  readonly runs: RunStore;
  readonly random: Random;
  /** Shorter than the function may take. */
  readonly streamBudgetMs: number;
}

export interface StreamedRun {
  readonly run: SyncRun;
  /** Read it to its end, and each line only once the one before is written. */
  readonly lines: AsyncIterable<Transient<Buffer>>;
}

export const STREAM_INTERRUPTED: RunError = {
  code: 'stream_interrupted',
  message: 'the stream broke off',
};
const STREAM_TIMEOUT: RunError = {
  code: 'stream_timeout',
  message: 'the run takes longer than one answer may',
};

export function createStreamRun(deps: StreamDeps) {
  return async (request: StartRequest): Promise<StreamedRun> => {
    const { job, account } = await checkStart(deps, request);
    const startDeps = { ...deps, graceMs: deps.settings.graceMs };
    // Due when a dead stream would be noticed: a step then ends what is left of it.
    const dueAtMs = deps.clock.now() + deps.settings.leaseMs;
    const run = await placeRun(startDeps, request, job, account, { mode: 'stream', dueAtMs });
    return { run, lines: linesOf(deps, run) };
  };
}

async function* linesOf(deps: StreamDeps, run: SyncRun): AsyncGenerator<Transient<Buffer>> {
  const channel = createLineChannel();
  const driven = drive(deps, run, channel).then(
    () => channel.finish(),
    (error: unknown) => channel.finish(error),
  );
  try {
    yield* channel.lines();
  } finally {
    // Also where the reader has gone: then this is what ends the run.
    await driven;
  }
}

async function drive(deps: StreamDeps, started: SyncRun, channel: LineChannel): Promise<void> {
  const deadlineMs = deps.clock.now() + deps.streamBudgetMs;
  let { token } = started;
  while (true) {
    const outcome = await turn(deps, started, token, channel, deadlineMs);
    if (outcome?.kind !== 'parked' && outcome?.kind !== 'released') return;
    token = outcome.run.token;
    if (outcome.kind === 'parked' && !channel.isReaderGone()) {
      // Waiting beyond the deadline is of no use: the next turn says so.
      const wakeAtMs = Math.min(outcome.untilMs, deadlineMs);
      const waitMs = Math.max(0, wakeAtMs - deps.clock.now());
      await Promise.race([deps.clock.sleep(waitMs), channel.readerGone]);
    }
  }
}

/** Undefined where the run is not ours any more: cancelled, or taken for dead. */
async function turn(
  deps: StreamDeps,
  { id }: SyncRun,
  token: string,
  channel: LineChannel,
  deadlineMs: number,
): Promise<Supervised | undefined> {
  const held = await deps.runs.claim(id, token, deps.ids.make('wrk'));
  if (!held) return undefined;
  const worker = new RunWorker({ ...deps, sink: channel.sink }, held);
  return supervise(deps, worker, async (): Promise<WorkOutcome> => {
    if (channel.isReaderGone()) {
      await worker.decide(held.run.error ?? STREAM_INTERRUPTED);
      return worker.end('failed', 0);
    }
    if (held.run.error) return worker.tellFailure(held.run.error);
    if (deps.clock.now() >= deadlineMs) return worker.fail(STREAM_TIMEOUT);
    const opened = await openRun({ ...deps, slowBatchMs: deps.settings.slowBatchMs }, held);
    if (!('verdict' in opened)) return worker.work(opened, deadlineMs);
    return opened.verdict.kind === 'pause'
      ? worker.fail({ code: 'account_not_active', message: 'the account is paused' })
      : worker.obey(opened.verdict);
  });
}
