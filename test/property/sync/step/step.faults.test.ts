/**
 * The argument that a run neither loses nor skips a record, as a simulation of the real step, run
 * store and sweeper under faults. Two mutants are kept to show that it can fail.
 */

import { DrivenClock } from '../../../support/doubles/driven-clock.ts';
import { createMemoryTable } from '../../../support/doubles/memory-table.ts';
import { VirtualClock } from '../../../support/doubles/virtual-clock.ts';
import { startDynamo } from '../../../support/servers/dynamo.ts';
import {
  type Observed,
  type SimulationOptions,
  simulate,
} from '../../../support/worlds/sync-simulation.ts';
import { recordIds } from '../../../support/worlds/sync-world.ts';

const TICKETS = 11;
/** 2 users, 11 tickets, 22 comments. */
const RECORDS = 35;

function inMemory(options: Pick<SimulationOptions, 'seed' | 'providerFails' | 'without'>) {
  const clock = new VirtualClock();
  const table = createMemoryTable();
  return clock.run(simulate({ runs: 6, tickets: TICKETS, table, clock, ...options }));
}

function violations({ runs, accepted, commits, earlyWatermarks }: Observed): readonly string[] {
  const found = runs.flatMap((run) => {
    const events = accepted.filter(({ data }) => data.sync_job_run_id === run.id);
    const records = new Set(events.flatMap(({ data }) => recordIds(data)));
    const seqs = commits.filter(({ runId }) => runId === run.id);
    return [
      ...(run.status === 'completed' && !run.closing ? [] : [`${run.id} is ${run.status}`]),
      ...(records.size === RECORDS ? [] : [`${run.id} delivered ${records.size} records`]),
      ...seqs
        .filter(({ seqBefore, seqAfter }) => seqAfter !== seqBefore + 1)
        .map(({ seqBefore, seqAfter }) => `${run.id} went from ${seqBefore} to ${seqAfter}`),
      ...(seqs.every(({ isBacked }) => isBacked) ? [] : [`${run.id} committed too early`]),
      ...outOfOrder(seqs.map(({ seqAfter }) => seqAfter)).map((seq) => `${run.id} repeats ${seq}`),
    ];
  });
  return earlyWatermarks === 0 ? found : [...found, `${earlyWatermarks} early watermarks`];
}

function outOfOrder(seqs: readonly number[]): readonly number[] {
  return seqs.filter((seq, at) => at > 0 && seq <= seqs[at - 1]!);
}

/** Ids under which a record of a run was delivered, where they are more than one. */
function renamed({ accepted }: Observed): readonly string[] {
  const idsOf = new Map<string, Set<string>>();
  for (const { id, data } of accepted) {
    for (const record of recordIds(data)) {
      const name = `${data.sync_job_run_id} ${record}`;
      idsOf.set(name, (idsOf.get(name) ?? new Set()).add(id));
    }
  }
  return [...idsOf].filter(([, ids]) => ids.size > 1).map(([name]) => name);
}

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

describe('runs under crashes, lost hints, slow workers and failing consumers', () => {
  it.each(SEEDS)(
    'deliver everything in order, under one event id, and end (seed %i)',
    async (seed) => {
      const observed = await inMemory({ seed, providerFails: false });
      expect(violations(observed)).toEqual([]);
      expect(renamed(observed)).toEqual([]);
      expect(observed.crashes).toBeGreaterThan(0);
    },
  );

  it.each(SEEDS)(
    'deliver everything also where the provider fails halfway (seed %i)',
    async (seed) => {
      expect(violations(await inMemory({ seed, providerFails: true }))).toEqual([]);
    },
  );

  it('hold on the conditions as DynamoDB evaluates them', async () => {
    const dynamo = await startDynamo();
    const clock = new DrivenClock();
    const table = clock.watch(dynamo.table);
    const options = { seed: 11, runs: 3, tickets: TICKETS, providerFails: false };
    try {
      const observed = await clock.run(simulate({ ...options, table, clock }));
      expect(violations(observed)).toEqual([]);
      expect(renamed(observed)).toEqual([]);
    } finally {
      await dynamo.stop();
    }
  });

  it('go back or skip without the fence', async () => {
    const observed = [];
    for (const seed of SEEDS.slice(0, 4)) {
      observed.push(await inMemory({ seed, providerFails: false, without: 'fence' }));
    }
    expect(observed.flatMap(violations)).toContainEqual(expect.stringMatching(/went from|repeats/));
  });

  it('stand still without the sweeper', async () => {
    const observed = await inMemory({ seed: 1, providerFails: false, without: 'sweep' });
    expect(violations(observed)).toContainEqual(expect.stringMatching(/is (running|queued)/));
  });
});
