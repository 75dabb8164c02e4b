/**
 * Plays every misbehaviour against every list of an integration, on the real engine.
 *
 * Whatever a provider does, some things must never happen, and are looked for in every play: a list
 * without end, a request to a host that is not allowed, a failure that is a bug of ours, an error
 * that quotes the body.
 */
import type { OutboundRequest } from '#shared/http/http-message.ts';
import { AppError, InvariantError } from '#shared/kernel/errors.ts';
import { createEngineUnderTest, type EngineUnderTest } from '../engine/engine-under-test.ts';
import { castOf, describeError, queryOf } from '../engine/replay.ts';
import type { ReplayedFixture } from '../engine/replay-all.ts';
import type { OpenedIntegration } from '../open-folder.ts';
import { CANARY } from './answers.ts';
import { isPlayed, type ListUnderTest, listsOf, type UnplayedList } from './list-under-test.ts';
import type { Misbehaviour, Play, Played } from './misbehaviour.ts';
import { MISBEHAVIOURS } from './misbehaviours.ts';

export interface ConformanceRow {
  /** The list: `tickets.list`. */
  readonly operation: string;
  readonly misbehaviour: string;
  readonly form: string;
  readonly expected: string;
  readonly verdict: 'held' | 'failed' | 'not_played';
  /** Why it failed or was not played. */
  readonly detail: string;
}

export interface RunOptions {
  readonly misbehaviours?: readonly Misbehaviour[];
  /** Another engine than the real one: how the suite itself is tested. */
  readonly stageOf?: typeof createEngineUnderTest;
}

export async function runConformance(
  opened: OpenedIntegration,
  replayed: readonly ReplayedFixture[],
  options: RunOptions = {},
): Promise<readonly ConformanceRow[]> {
  const rows: ConformanceRow[] = [];
  for (const list of await listsOf(opened, replayed)) {
    if (!isPlayed(list)) {
      rows.push(unplayed(list));
      continue;
    }
    for (const misbehaviour of options.misbehaviours ?? MISBEHAVIOURS) {
      rows.push(...(await runOne(list, misbehaviour, options.stageOf ?? createEngineUnderTest)));
    }
  }
  return rows;
}

async function runOne(
  list: ListUnderTest,
  misbehaviour: Misbehaviour,
  stageOf: typeof createEngineUnderTest,
): Promise<readonly ConformanceRow[]> {
  const { code, expected } = misbehaviour;
  const common = { operation: list.operation, misbehaviour: code, expected };
  const plays = misbehaviour.plays(list);
  if (typeof plays === 'string') {
    return [{ ...common, form: '', verdict: 'not_played', detail: plays }];
  }
  const rows: ConformanceRow[] = [];
  for (const play of plays) {
    const complaint = await complaintOf(list, play, stageOf);
    const verdict = complaint === undefined ? 'held' : 'failed';
    rows.push({ ...common, form: play.form, verdict, detail: complaint ?? '' });
  }
  return rows;
}

function unplayed({ operation, reason }: UnplayedList): ConformanceRow {
  return {
    operation,
    misbehaviour: 'all',
    form: '',
    expected: '',
    verdict: 'not_played',
    detail: reason,
  };
}

async function complaintOf(
  list: ListUnderTest,
  play: Play,
  stageOf: typeof createEngineUnderTest,
): Promise<string | undefined> {
  const played = await perform(list, play, stageOf);
  return neverHappens(list, played) ?? play.judge(played);
}

/** So many requests more than the fixture has exchanges; no list of a fixture is that long. */
const MOST_MORE = 60;

class EndlessListError extends Error {
  override readonly name = 'EndlessListError';
}

async function perform(
  list: ListUnderTest,
  play: Play,
  stageOf: typeof createEngineUnderTest,
): Promise<Played> {
  const { fixture, opened } = list;
  const name = opened.compiled.name;
  const requests: OutboundRequest[] = [];
  const engine: EngineUnderTest = stageOf({
    catalogue: opened.catalogue,
    cast: castOf(opened.catalogue, name, fixture),
    renews: play.renews ?? false,
    ...(play.nowMs === undefined ? {} : { nowMs: play.nowMs }),
    send: async (request) => {
      requests.push(request);
      if (requests.length > list.exchanges.length + MOST_MORE) {
        throw new EndlessListError('the list does not end');
      }
      return play.answer({ index: requests.length - 1, request, clock: engine.clock });
    },
  });
  const outcome = await settle(() =>
    engine.list({
      resource: fixture.resource ?? '',
      method: fixture.method ?? '',
      query: queryOf(opened.catalogue, name, fixture),
    }),
  );
  return { outcome, requests, nowMs: engine.clock.now(), renewals: engine.renewals() };
}

async function settle(run: () => Promise<readonly unknown[]>): Promise<Played['outcome']> {
  try {
    return { kind: 'completed', records: await run() };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

function neverHappens(list: ListUnderTest, played: Played): string | undefined {
  const { compiled, catalogue } = list.opened;
  const { connection } = castOf(catalogue, compiled.name, list.fixture);
  const stranger = played.requests.find(({ url }) => !compiled.allowsHost(url, connection));
  if (stranger) return `called ${stranger.url.host}, which is not on the allow-list`;
  const { outcome } = played;
  if (outcome.kind === 'completed') return undefined;
  const { error } = outcome;
  if (error instanceof EndlessListError) return 'does not end';
  if (!(error instanceof AppError) || error instanceof InvariantError) {
    return `is a bug of the engine: ${describeError(error)}`;
  }
  const told = `${error.message} ${JSON.stringify(error.detail)}`;
  return told.includes(CANARY) ? 'quotes the body in its error' : undefined;
}
