/**
 * Everything that can be said about the code without running it. Each check's name says what it
 * protects; all run, whatever the others find, and a summary ends the output.
 *
 * Usage   npm run check
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

interface Check {
  readonly protects: string;
  readonly command: readonly string[];
}

const root = join(import.meta.dirname, '..');
const bin = (path: string) => join(root, 'node_modules', path);

const checks: readonly Check[] = [
  {
    protects: 'One format, no known trap',
    command: [bin('@biomejs/biome/bin/biome'), 'check', '--max-diagnostics=200', '.'],
  },
  { protects: 'Types agree', command: [bin('typescript/bin/tsc'), '-p', '.'] },
  {
    protects: 'Floors import downwards only',
    command: [
      bin('dependency-cruiser/bin/dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.mjs',
      '--output-type',
      'err-long',
      'shared',
      'functions',
      'infra',
      'local',
      'authoring',
      'cli',
      'client',
      'bench',
      'scripts',
      'test',
    ],
  },
  { protects: 'No dead code, no stray dependency', command: [bin('knip/bin/knip.js')] },
];

function main(): number {
  const verdicts = checks.map(({ protects, command }) => {
    const startedAtMs = Date.now();
    const run = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
    const passed = run.status === 0;
    if (!passed) console.log(`\n── ${protects}\n${run.stdout}${run.stderr}`);
    const seconds = ((Date.now() - startedAtMs) / 1_000).toFixed(1);
    return { passed, line: `${passed ? 'ok    ' : 'FAILED'}  ${protects} (${seconds} s)` };
  });
  console.log(`\n${verdicts.map(({ line }) => line).join('\n')}`);
  return verdicts.every(({ passed }) => passed) ? 0 : 1;
}

if (import.meta.main) process.exitCode = main();
