/**
 * Mappings: records per CPU-second of the compiler against the reference, against JavaScript written
 * by hand and against JSON.parse of the same page; compiling; what the module costs to load.
 *
 * All variants run interleaved in this process, in an order that turns with every round, on the same
 * page: JSON.parse on its text, the others on the records parsed from that text. They give the same
 * records before any is timed; the first rounds warm them up; each turn begins untimed, so that none
 * pays for the garbage of the one before; what they answer is kept, so that no work can be left out.
 * Figures are ratios of medians; CPU is that of the process, its collector's threads included.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { build } from 'esbuild';
import jsonata from 'jsonata';
import { compileExpression } from '#shared/expression/expression.ts';
import { type BenchResult, median, round } from './bench.ts';
import { RECORDS_PER_PAGE, type RecordData, SUBJECTS, type Subject } from './expression/records.ts';

const ROUNDS = 11;
const WARM_UP_ROUNDS = 2;
/** CPU milliseconds that one variant gets in one round, and before them untimed. */
const SLICE_MS = 120;
const LEAD_IN_MS = 40;
const COMPILE_BATCHES = 15;
const COMPILES_PER_BATCH = 10;
const GOALS: Readonly<Record<string, number>> = {
  'salesforce contact': 50,
  'hubspot contact': 30,
  'zendesk ticket': 15,
};
const PARSE_GOAL = 1.2;
const COMPILE_GOAL_MS = 1;

/** Works through one page. */
type Variant = () => unknown;

/** What the variant under way has answered last. */
const kept: { answer?: unknown } = {};

export async function run(): Promise<BenchResult> {
  const figures: Record<string, number | string> = {};
  const goals: Record<string, string> = {};
  let pass = true;
  const set = (name: string, value: number, goal?: { text: string; met: boolean }) => {
    figures[name] = value;
    if (!goal) return;
    goals[name] = goal.text;
    pass &&= goal.met;
  };
  for (const subject of SUBJECTS) {
    const { reference, compiled, byHand, parse } = await measure(subject);
    const { name } = subject;
    const least = GOALS[name] ?? 1;
    const times = round(reference / compiled, 1);
    const ofParse = round(compiled / parse);
    set(`${name}: records per CPU-second`, Math.round(1e6 / compiled));
    set(`${name}: × reference`, times, { text: `≥ ${least}`, met: times >= least });
    set(`${name}: CPU ÷ JSON.parse`, ofParse, {
      text: `≤ ${PARSE_GOAL}`,
      met: ofParse <= PARSE_GOAL,
    });
    set(`${name}: CPU ÷ written by hand`, round(compiled / byHand));
    set(`${name}: reference's CPU ÷ JSON.parse`, round(reference / parse, 1));
  }
  const compileMs = compileTime();
  set('compile 1 KB, CPU ms', round(compileMs, 3), {
    text: `≤ ${COMPILE_GOAL_MS}`,
    met: compileMs <= COMPILE_GOAL_MS,
  });
  const { bytes, importMs } = await loadCost();
  set('bundle, KB', round(bytes / 1024, 0));
  set('import, ms', round(importMs, 1));
  return { name: 'expression', figures, goals, pass };
}

/** CPU microseconds per record of each variant: medians over interleaved rounds. */
async function measure({ mapping, page, byHand }: Subject) {
  const expression = compileExpression(mapping);
  const reference = jsonata(mapping);
  const { text, records } = page;
  await assertSame(records, expression, reference, byHand);
  const variants = {
    reference: async () => {
      for (const record of records) kept.answer = await reference.evaluate(record);
    },
    compiled: () => {
      for (const record of records) kept.answer = expression.evaluate(record);
    },
    byHand: () => {
      for (const record of records) kept.answer = byHand(record);
    },
    parse: () => {
      kept.answer = JSON.parse(text);
    },
  } satisfies Record<string, Variant>;
  return interleaved(variants);
}

async function interleaved<Name extends string>(
  variants: Readonly<Record<Name, Variant>>,
): Promise<Record<Name, number>> {
  const entries = Object.entries<Variant>(variants);
  const samples = new Map(entries.map(([name]): [string, number[]] => [name, []]));
  for (let turn = 0; turn < WARM_UP_ROUNDS + ROUNDS; turn += 1) {
    for (let place = 0; place < entries.length; place += 1) {
      const [name, variant] = entries[(turn + place) % entries.length]!;
      const sample = await cpuPerRecord(variant);
      if (turn >= WARM_UP_ROUNDS) samples.get(name)!.push(sample);
    }
  }
  const medians = entries.map(([name]) => [name, median(samples.get(name)!)]);
  return Object.fromEntries(medians);
}

async function cpuPerRecord(variant: Variant): Promise<number> {
  await cpuOfPages(variant, LEAD_IN_MS);
  const { pages, spentUs } = await cpuOfPages(variant, SLICE_MS);
  return spentUs / pages / RECORDS_PER_PAGE;
}

/** Works through pages until they have cost so many milliseconds of CPU. */
async function cpuOfPages(variant: Variant, leastMs: number) {
  const start = process.cpuUsage();
  let pages = 0;
  let spentUs = 0;
  while (spentUs < leastMs * 1000) {
    await variant();
    pages += 1;
    const { user, system } = process.cpuUsage(start);
    spentUs = user + system;
  }
  return { pages, spentUs };
}

async function assertSame(
  page: readonly RecordData[],
  expression: ReturnType<typeof compileExpression>,
  reference: ReturnType<typeof jsonata>,
  byHand: Subject['byHand'],
): Promise<void> {
  for (const record of page) {
    const expected: unknown = JSON.parse(JSON.stringify(await reference.evaluate(record)));
    if (!isDeepStrictEqual(expression.evaluate(record), expected)) {
      throw new Error('the compiled mapping and the reference differ');
    }
    if (!isDeepStrictEqual(JSON.parse(JSON.stringify(byHand(record))), expected)) {
      throw new Error('the mapping written by hand and the reference differ');
    }
  }
}

/** CPU milliseconds, once the compiler is warm: the median of several batches. */
function compileTime(): number {
  const text = (SUBJECTS[0]?.mapping ?? '').padEnd(1024);
  const samples: number[] = [];
  for (let batch = 0; batch < COMPILE_BATCHES; batch += 1) {
    const start = process.cpuUsage();
    // Options keep it out of the cache.
    for (let turn = 0; turn < COMPILES_PER_BATCH; turn += 1) compileExpression(text, {});
    const { user, system } = process.cpuUsage(start);
    samples.push((user + system) / 1000 / COMPILES_PER_BATCH);
  }
  return median(samples);
}

/** Of the module bundled as a function's bundle is. */
async function loadCost(): Promise<{ bytes: number; importMs: number }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'expression-'));
  const file = path.join(folder, 'index.cjs');
  try {
    await build({
      entryPoints: [path.resolve('shared/expression/expression.ts')],
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'cjs',
      mainFields: ['module', 'main'],
      outfile: file,
      logLevel: 'silent',
    });
    const program = `const t=performance.now();require(${JSON.stringify(file)});console.log(performance.now()-t)`;
    const times = Array.from({ length: 7 }, () =>
      Number(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' })),
    );
    return { bytes: readFileSync(file).length, importMs: median(times) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
