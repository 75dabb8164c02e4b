/**
 * A run's writes by the worker that holds it: each is one conditional update of one item, and the
 * condition is the proof that nobody else has moved the run since.
 *
 * | write  | condition                                                                       |
 * | ------ | ------------------------------------------------------------------------------- |
 * | claim  | it can go on, nobody's lease is live, and the hint is the last sent or it is due |
 * | others | it runs, the lease is ours and `seq` is what we saw                              |
 *
 * A lease alone would not do: a worker that sleeps past its lease wakes and writes. `seq` rises
 * with every commit, so what such a worker writes is refused.
 *
 * Units   `dueAt` moves with claims and parks only, not with commits: the sweeper looks at the
 *         lease before it acts, and the index is spared a write per page
 * Errors  {@link FencedError}
 */
import { runKey } from '../../aws/keys.ts';
import { type Change, ConditionFailedError, type Table } from '../../aws/table.ts';
import type { SealedEnvelope } from '../../encryption/sealer.ts';
import type { Clock } from '../../kernel/clock.ts';
import { ContentionError } from '../../kernel/errors.ts';
import type { IdFactory, RunId } from '../../kernel/id.ts';
import { duePartition, readRun, runItem } from './run-item.ts';
import type { Counters, RunError, SyncRun } from './sync-run.ts';

/** Another worker holds the run, or it was paused, cancelled or ended. */
export class FencedError extends ContentionError {
  override readonly name = 'FencedError';
  readonly code = 'conflict';
}

/** A run as its holder last saw it. `cursor`: its sealed position. */
export interface HeldRun {
  readonly run: SyncRun;
  readonly owner: string;
  readonly cursor: unknown;
}

export interface CommitInput {
  /** Absent where the position stays. */
  readonly cursor?: SealedEnvelope;
  readonly counters?: Counters;
  readonly incomplete?: boolean;
  readonly startedAtMs?: number;
  /** Events that were delivered. */
  readonly events: number;
}

export interface ParkInput {
  readonly status: 'running' | 'rate_limited' | 'paused';
  readonly untilMs: number;
  readonly events?: number;
  /** Which failure is counted. */
  readonly counts?: readonly ('consumerFailures' | 'fetchFailures' | 'rateLimitStreak')[];
}

export interface RunStore {
  create(run: SyncRun): Promise<void>;
  get(runId: RunId): Promise<SyncRun | undefined>;
  /** Undefined where the hint is stale, the run busy or over: the sweeper looks after the rest. */
  claim(runId: RunId, token: string, owner: string): Promise<HeldRun | undefined>;
  renew(held: HeldRun): Promise<HeldRun>;
  commit(held: HeldRun, input: CommitInput): Promise<HeldRun>;
  /** Keeps where the batch at `seq` ends, before it is delivered. */
  keepCut(held: HeldRun, pages: number): Promise<HeldRun>;
  /** Gives the run back with all its work committed; due at `dueAtMs`, should no hint come. */
  release(held: HeldRun, dueAtMs: number): Promise<SyncRun>;
  /** Gives the run back in the middle of something: the attempt counts. */
  abandon(held: HeldRun, dueAtMs: number): Promise<void>;
  /** Gives the run back to be taken up at `untilMs`. */
  park(held: HeldRun, input: ParkInput): Promise<SyncRun>;
  /** From now on the run does nothing but end. */
  decideFailure(held: HeldRun, error: RunError): Promise<HeldRun>;
  finish(held: HeldRun, status: 'completed' | 'failed', events: number): Promise<SyncRun>;
  /** Lets go of the lease whatever the run's state, so that a resume need not wait for it. */
  letGo(held: HeldRun): Promise<void>;
}

export interface RunStoreDeps {
  readonly table: Table;
  readonly clock: Clock;
  readonly ids: IdFactory;
  /** How long a worker may be silent before it counts as dead. */
  readonly leaseMs: number;
  /** After which a run that nobody took up is swept. */
  readonly graceMs: number;
}

const CAN_GO_ON = '(#status = :queued OR #status = :running OR #status = :limited)';
const CLAIMABLE = `${CAN_GO_ON} AND #leaseUntilMs <= :now AND (#token = :token OR #dueAt <= :now)`;
const HELD = '#status = :running AND #leaseOwner = :owner AND #seq = :seq';

/**
 * What a commit proves wrong: the failures counted since the one before. The claim that made it is
 * itself the first attempt at what follows, so that the claim after a crash counts two.
 */
const FORGIVEN = { attempts: 1, consumerFailures: 0, fetchFailures: 0, rateLimitStreak: 0 };

export function createRunStore(deps: RunStoreDeps): RunStore {
  const { table, clock } = deps;
  const write = createGuardedWrite(table);
  const leaseUntilMs = () => clock.now() + deps.leaseMs;
  return {
    create: (run) => table.put(runItem(run), { when: 'attribute_not_exists(#pk)' }),

    async get(runId) {
      const item = await table.get(runKey(runId));
      return item && readRun(item);
    },

    claim: (runId, token, owner) => claim(deps, runId, token, owner),

    renew: (held) => write(held, { set: { leaseUntilMs: leaseUntilMs() } }),

    commit: (held, { events, ...set }) =>
      write(held, {
        set: { ...set, ...FORGIVEN, leaseUntilMs: leaseUntilMs() },
        add: { seq: 1, sequence: events },
        remove: ['cutPages'],
      }),

    keepCut: (held, cutPages) => write(held, { set: { cutPages, leaseUntilMs: leaseUntilMs() } }),

    async release(held, dueAtMs) {
      const set = { token: deps.ids.make('tok'), leaseUntilMs: 0, dueAt: dueAtMs, attempts: 0 };
      return (await write(held, { set, remove: ['leaseOwner'] })).run;
    },

    async abandon(held, dueAtMs) {
      const set = { leaseUntilMs: 0, dueAt: dueAtMs };
      await write(held, { set, remove: ['leaseOwner'] });
    },

    park: async (held, input) => (await write(held, parking(deps, held.run, input))).run,

    decideFailure: (held, error) =>
      write(held, {
        set: { error, ...FORGIVEN, leaseUntilMs: leaseUntilMs() },
        add: { seq: 1 },
        remove: ['cutPages'],
      }),

    async finish(held, status, events) {
      const nowMs = clock.now();
      const end = { status, completedAtMs: nowMs, closing: true, leaseUntilMs: 0 };
      const change = {
        set: { ...end, dueAt: nowMs + deps.graceMs },
        add: { seq: 1, sequence: events },
        remove: ['leaseOwner', 'cursor', 'cutPages'],
      };
      return (await write(held, change)).run;
    },

    async letGo({ run, owner }) {
      const change = { set: { leaseUntilMs: 0 }, remove: ['leaseOwner'] };
      const condition = { when: '#leaseOwner = :owner', values: { owner } };
      await table.update(runKey(run.id), change, condition).catch((error: unknown) => {
        // Somebody else's by now, which is just as good.
        if (!(error instanceof ConditionFailedError)) throw error;
      });
    },
  };
}

async function claim(
  { table, clock, ids, leaseMs }: RunStoreDeps,
  runId: RunId,
  token: string,
  owner: string,
): Promise<HeldRun | undefined> {
  const nowMs = clock.now();
  const values = {
    now: nowMs,
    token,
    queued: 'queued',
    running: 'running',
    limited: 'rate_limited',
  };
  const lease = { leaseOwner: owner, leaseUntilMs: nowMs + leaseMs, dueAt: nowMs + leaseMs };
  const change = {
    set: { status: 'running', token: ids.make('tok'), ...lease },
    add: { attempts: 1 },
    remove: ['resumeAtMs'],
  };
  try {
    const item = await table.update(runKey(runId), change, { when: CLAIMABLE, values });
    return { run: readRun(item), owner, cursor: item['cursor'] };
  } catch (error) {
    if (error instanceof ConditionFailedError) return undefined;
    throw error;
  }
}

/** Waiting on purpose is no failed attempt. An event that told of it moves the run on. */
function parking(
  { ids, leaseMs }: RunStoreDeps,
  run: SyncRun,
  { status, untilMs, events = 0, counts = [] }: ParkInput,
): Change {
  const waits = status === 'rate_limited';
  return {
    set: {
      status,
      token: ids.make('tok'),
      leaseUntilMs: 0,
      attempts: 0,
      // A stream wakes itself; a step that finds it due takes it for dead.
      dueAt: run.mode === 'stream' ? untilMs + leaseMs : untilMs,
      ...(waits ? { resumeAtMs: untilMs } : {}),
    },
    add: {
      seq: events > 0 ? 1 : 0,
      sequence: events,
      rateLimitedCount: waits ? 1 : 0,
      ...Object.fromEntries(counts.map((name) => [name, 1])),
    },
    remove: [
      'leaseOwner',
      ...(status === 'paused' ? ['duePk'] : []),
      ...(events > 0 ? ['cutPages'] : []),
    ],
  };
}

/** A write that only the holder of the run can make. @throws FencedError */
function createGuardedWrite(table: Table) {
  return async (held: HeldRun, change: Change): Promise<HeldRun> => {
    const { id, seq } = held.run;
    const values = { running: 'running', owner: held.owner, seq };
    try {
      const item = await table.update(runKey(id), change, { when: HELD, values });
      return { run: readRun(item), owner: held.owner, cursor: item['cursor'] };
    } catch (error) {
      if (!(error instanceof ConditionFailedError)) throw error;
      throw new FencedError('the run is not held any more', { runId: id, seq }, { cause: error });
    }
  };
}

/** In the `due` index from now on. */
export function dueAgain(run: Pick<SyncRun, 'id'>, dueAtMs: number) {
  return { duePk: duePartition(run), dueAt: dueAtMs };
}
