/**
 * What a cold start costs: the import of each function's real bundle against the import of the
 * DynamoDB client alone, each in a process of its own, and the bundles' bytes.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build as bundle } from 'esbuild';
import { build } from '../scripts/build.ts';
import { type BenchResult, median, round } from './bench.ts';

const RUNS = 9;
const MAX_RATIO = 1.25;
const MAX_BYTES = 500 * 1_024;
const FUNCTIONS = 'dist/functions';

export async function run(): Promise<BenchResult> {
  await build();
  const scratch = mkdtempSync(join(tmpdir(), 'millrace-cold-start-'));
  try {
    const baseline = await bundleBaseline(scratch);
    return measure(baseline);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function bundleBaseline(folder: string): Promise<string> {
  const outfile = join(folder, 'client-dynamodb.js');
  await bundle({
    stdin: {
      contents: "export { DynamoDBClient } from '@aws-sdk/client-dynamodb';",
      resolveDir: process.cwd(),
    },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    outfile,
  });
  return outfile;
}

function measure(baseline: string): BenchResult {
  const names = readdirSync(FUNCTIONS);
  const times = new Map<string, number[]>();
  // Interleaved, so that a slow minute of the machine falls on all of them.
  for (let turn = 0; turn < RUNS; turn += 1) {
    for (const name of ['baseline', ...names]) {
      const file =
        name === 'baseline' ? baseline : join(process.cwd(), FUNCTIONS, name, 'index.js');
      times.set(name, [...(times.get(name) ?? []), importMs(file)]);
    }
  }
  const baselineMs = median(times.get('baseline') ?? []);
  const figures: Record<string, number> = { 'client-dynamodb import, ms': round(baselineMs, 1) };
  const goals: Record<string, string> = {};
  let pass = true;
  for (const name of names) {
    const ratio = round(median(times.get(name) ?? []) / baselineMs);
    const bytes = statSync(join(FUNCTIONS, name, 'index.js')).size;
    figures[`${name}: import ÷ client-dynamodb`] = ratio;
    goals[`${name}: import ÷ client-dynamodb`] = `≤ ${MAX_RATIO}`;
    figures[`${name}: bytes`] = bytes;
    goals[`${name}: bytes`] = `≤ ${MAX_BYTES}`;
    pass &&= ratio <= MAX_RATIO && bytes <= MAX_BYTES;
  }
  return { name: 'cold-start', figures, goals, pass };
}

/** Milliseconds that `require` takes in a fresh process, without the process's own start. */
function importMs(file: string): number {
  const script = `const from = process.hrtime.bigint(); try { require(${JSON.stringify(file)}) } catch (error) { if (!/environment/.test(String(error?.message))) throw error } process.stdout.write(String(Number(process.hrtime.bigint() - from) / 1e6));`;
  return Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }));
}
