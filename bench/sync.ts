/**
 * A whole sync: the real step, in a process of its own, between a provider and a consumer that each
 * take their time. How close it comes to its slower side, what it costs in processor time, and
 * whether its memory grows with the number of records.
 *
 * Units   pages and events of 100 records; a ratio is the median of those of single rounds, in which
 *         the variants run one after the other
 */
import { type BenchResult, median, round } from './bench.ts';
import { Figures, type Goal } from './figures.ts';
import type { Child } from './sync/child.ts';
import { pagesOf, type Scenario } from './sync/scenario.ts';
import type { StepApi } from './sync/step-process.ts';
import { World } from './sync/world.ts';

const EQUAL: Scenario = { records: 10_000, providerMs: 20, consumerMs: 20 };
const SLOW_PROVIDER: Scenario = { records: 10_000, providerMs: 150, consumerMs: 50 };
const NO_LATENCY: Scenario = { records: 10_000, providerMs: 0, consumerMs: 0 };
const EQUAL_ROUNDS = 5;
const SLOW_ROUNDS = 2;
const CPU_ROUNDS = 6;
const MEMORY_ROUNDS = 3;
const LARGEST = 100_000;
const SIZES = [1_000, 10_000, LARGEST] as const;

export async function run(): Promise<BenchResult> {
  const world = new World();
  const figures = new Figures('sync');
  try {
    await world.open();
    const step = await world.freshStep();
    await measureCpu(world, step, figures);
    await measureEqual(world, step, figures);
    await measureSlowProvider(world, step, figures);
    await step.stop();
    await measureMemory(world, figures);
    return figures.result();
  } finally {
    await world.close();
  }
}

/** Comes first: it also warms the process up for the others. */
async function measureCpu(world: World, step: Child<StepApi>, figures: Figures): Promise<void> {
  const { records } = NO_LATENCY;
  await world.set(NO_LATENCY);
  const rates: number[] = [];
  for (let turn = 0; turn < CPU_ROUNDS; turn += 1) {
    const { cpuMs } = await world.sync(step, records);
    // The first round compiles what the others run.
    if (turn > 0) rates.push((records / cpuMs) * 1_000);
  }
  figures.set('0/0 ms: records per CPU-second of the step', round(median(rates), 0));
}

async function measureEqual(world: World, step: Child<StepApi>, figures: Figures): Promise<void> {
  const { records } = EQUAL;
  await world.set(EQUAL);
  const rounds = [];
  for (let turn = 0; turn < EQUAL_ROUNDS; turn += 1) {
    const fetchMs = await step.call('fetchAlone', null);
    const postMs = await step.call('postAlone', pagesOf(EQUAL));
    const { wallMs } = await world.sync(step, records);
    rounds.push({ fetchMs, postMs, wallMs });
  }
  const ratios = rounds.map(({ fetchMs, postMs, wallMs }) => wallMs / Math.max(fetchMs, postMs));
  const walls = rounds.map(({ wallMs }) => wallMs);
  figures.set('20/20 ms: fetching alone, s', seconds(rounds.map(({ fetchMs }) => fetchMs)));
  figures.set('20/20 ms: posting alone, s', seconds(rounds.map(({ postMs }) => postMs)));
  figures.set('20/20 ms: sync of 10,000, s', seconds(walls));
  figures.set('20/20 ms: sync ÷ slower side alone', round(median(ratios)), ['≤', 1.3]);
  setRate(figures, '20/20 ms', EQUAL, walls, 0.8);
}

async function measureSlowProvider(
  world: World,
  step: Child<StepApi>,
  figures: Figures,
): Promise<void> {
  await world.set(SLOW_PROVIDER);
  const walls: number[] = [];
  for (let turn = 0; turn < SLOW_ROUNDS; turn += 1) {
    walls.push((await world.sync(step, SLOW_PROVIDER.records)).wallMs);
  }
  setRate(figures, '150/50 ms', SLOW_PROVIDER, walls, 0.95);
}

/** The optimum is the slower latency for every page and nothing besides: no network, no work. */
function setRate(
  figures: Figures,
  name: string,
  scenario: Scenario,
  walls: readonly number[],
  least: number,
): void {
  const { records, providerMs, consumerMs } = scenario;
  const bestMs = pagesOf(scenario) * Math.max(providerMs, consumerMs);
  const wallMs = median(walls);
  figures.set(`${name}: records/s`, round((records / wallMs) * 1_000, 0));
  figures.set(`${name}: records/s ÷ optimum`, round(bestMs / wallMs), ['≥', least]);
}

/**
 * Live memory carries the goal: it is what the step holds on to, so it would grow with the records
 * if anything did. The resident set is what a function is billed for; it also holds the garbage
 * that V8 has not yet found worth collecting, which grows with time up to the heap's limit.
 */
async function measureMemory(world: World, figures: Figures): Promise<void> {
  const live = new Map<number, number[]>();
  const resident = new Map<number, number[]>();
  for (let turn = 0; turn < MEMORY_ROUNDS; turn += 1) {
    for (const records of SIZES) {
      // The longest once: it takes its time.
      if (records === LARGEST && turn > 0) continue;
      await world.set({ ...NO_LATENCY, records });
      const { peakLiveBytes } = await world.syncOnce(records, records === LARGEST ? 10 : 1);
      const { peakRssBytes } = await world.syncOnce(records);
      live.set(records, [...(live.get(records) ?? []), peakLiveBytes]);
      resident.set(records, [...(resident.get(records) ?? []), peakRssBytes]);
    }
  }
  setMemory(figures, 'live memory', live, ['≤', 1.2]);
  setMemory(figures, 'resident set', resident);
}

function setMemory(
  figures: Figures,
  name: string,
  peaks: ReadonlyMap<number, readonly number[]>,
  goal?: Goal,
): void {
  const [small = 0, large = 0, huge = 0] = SIZES.map((size) => median(peaks.get(size) ?? []));
  figures.set(`peak ${name} at 1,000, MB`, round(small / 1e6, 1));
  figures.set(`peak ${name}: 10,000 ÷ 1,000`, round(large / small), goal);
  figures.set(`peak ${name}: 100,000 ÷ 1,000`, round(huge / small), goal);
}

function seconds(values: readonly number[]): number {
  return round(median(values) / 1_000);
}
