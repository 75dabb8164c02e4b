/**
 * `npm run bench [-- NAME …] [--json]`: runs benches and prints ratios, never verdicts of a test.
 *
 * Exits 0 whether or not a goal is met: a figure worse than its goal is reported, not hidden.
 * Without names it runs all and writes docs/performance.md.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Bench, BenchResult } from './bench.ts';
import { renderPerformance } from './render.ts';

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  expression: () => import('./expression.ts'),
  proxy: () => import('./proxy.ts'),
  unified: () => import('./unified.ts'),
  sync: () => import('./sync.ts'),
  'cold-start': () => import('./cold-start.ts'),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
});
const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
const results: BenchResult[] = [];
for (const name of names) {
  const load = BENCHES[name];
  if (!load) {
    console.error(`no bench is named ${name}; there are ${Object.keys(BENCHES).join(', ')}`);
    process.exit(2);
  }
  const result = await (await load()).run();
  results.push(result);
  if (values.json)
    console.log(JSON.stringify({ ...result, node: process.version, commit: commit() }));
  else printResult(result);
}
if (positionals.length === 0) {
  writeFileSync('docs/performance.md', renderPerformance(results, process.version, commit()));
}

function printResult({ name, figures, goals, pass }: BenchResult): void {
  console.log(`${name}: ${pass ? 'every goal met' : 'a goal is not met'}`);
  for (const [figure, value] of Object.entries(figures)) {
    const goal = goals[figure];
    console.log(`  ${figure.padEnd(52)} ${value}${goal === undefined ? '' : `  (goal ${goal})`}`);
  }
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    // A copy without its history: the figures stand all the same.
    return 'unknown';
  }
}
