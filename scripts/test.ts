/**
 * All tests that need nothing but this repository: builds the bundles that they run, then Jest.
 *
 * The last line is `N passed, N failed, N skipped`. A file that did not even load counts as one
 * failure, so that it cannot hide.
 *
 * Usage   npm test [-- JEST ARGUMENTS]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.ts';

/** The part of Jest's results that is read here. */
export interface JestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

export function closingLine(results: JestResults | undefined): string {
  if (!results) return '0 passed, 1 failed, 0 skipped';
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  const skipped = results.numPendingTests + results.numTodoTests;
  return `${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped`;
}

async function main(args: readonly string[]): Promise<number> {
  const root = join(import.meta.dirname, '..');
  const resultsFile = join(root, 'dist', 'test-results.json');
  await build();
  rmSync(resultsFile, { force: true });
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  // What tests leave in their temporary folders goes with this one.
  const scratch = mkdtempSync(join(tmpdir(), 'millrace-test-'));
  const run = spawnSync(
    process.execPath,
    [jest, '--json', `--outputFile=${resultsFile}`, ...args],
    { cwd: root, stdio: 'inherit', env: { ...process.env, TMPDIR: scratch } },
  );
  rmSync(scratch, { recursive: true, force: true });
  const results: JestResults | undefined = existsSync(resultsFile)
    ? JSON.parse(readFileSync(resultsFile, 'utf8'))
    : undefined;
  console.log(closingLine(results));
  return run.status ?? 1;
}

/** No `await` at the top level: Jest loads this file as CommonJS. */
async function run(): Promise<void> {
  process.exitCode = await main(process.argv.slice(2));
}

if (import.meta.main) void run();
