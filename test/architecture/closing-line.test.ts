import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { closingLine } from '../../scripts/test.ts';
import { root } from './sources.ts';

const results = {
  numPassedTests: 7,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
};

describe('the closing line of npm test', () => {
  it('counts passed, failed and skipped', () => {
    expect(closingLine({ ...results, numFailedTests: 2, numPendingTests: 1 })).toBe(
      '7 passed, 2 failed, 1 skipped',
    );
  });

  it('counts a file that did not load as a failure', () => {
    expect(closingLine({ ...results, numRuntimeErrorTestSuites: 1 })).toBe(
      '7 passed, 1 failed, 0 skipped',
    );
  });

  it('counts what is still to be written as skipped', () => {
    expect(closingLine({ ...results, numTodoTests: 3 })).toBe('7 passed, 0 failed, 3 skipped');
  });

  it('is a failure when Jest left no results', () => {
    expect(closingLine(undefined)).toBe('0 passed, 1 failed, 0 skipped');
  });
});

describe('.ci/run', () => {
  /** Runs the real script with an npm that answers each command as `answers` says, else with success. */
  function ci(answers: Readonly<Record<string, { output: string; status: number }>>) {
    const house = mkdtempSync(join(tmpdir(), 'millrace-ci-'));
    mkdirSync(join(house, '.ci'));
    cpSync(join(root, '.ci', 'run'), join(house, '.ci', 'run'));
    const cases = Object.entries(answers).map(
      ([command, { output, status }]) =>
        `"${command}") printf '%s\\n' "${output}"; exit ${status};;`,
    );
    const npm = join(house, 'npm');
    writeFileSync(
      npm,
      `#!/bin/sh\ncase "$*" in\n${cases.join('\n')}\n*) echo '1 passed, 0 failed, 0 skipped';;\nesac\n`,
    );
    chmodSync(npm, 0o755);
    const run = spawnSync(join(house, '.ci', 'run'), {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${house}${delimiter}${process.env['PATH']}` },
    });
    return { status: run.status, lastLine: run.stdout.trimEnd().split('\n').at(-1) };
  }

  it('adds up what its commands counted, whatever npm says after it', () => {
    const output = '5 passed, 0 failed, 1 skipped\nnpm notice';
    // And one each for check, synth and the six tiers.
    expect(ci({ test: { output, status: 0 } })).toEqual({
      status: 0,
      lastLine: '13 passed, 0 failed, 1 skipped',
    });
  });

  it.each([
    'test',
    'run test:redmine',
    'run test:parse',
    'run test:emulate',
    'run test:prism',
    'run test:fault',
    'run prove:retention',
  ])('fails as npm %s fails', (command) => {
    const output = '5 passed, 1 failed, 0 skipped';
    expect(ci({ [command]: { output, status: 1 } })).toEqual({
      status: 1,
      lastLine: '13 passed, 1 failed, 0 skipped',
    });
  });

  it.each(['run check', 'run synth'])('fails as npm %s fails', (command) => {
    expect(ci({ [command]: { output: 'a finding', status: 1 } })).toEqual({
      status: 1,
      lastLine: '8 passed, 1 failed, 0 skipped',
    });
  });

  it('fails when npm test never came to its closing line', () => {
    expect(ci({ test: { output: 'killed', status: 0 } })).toEqual({
      status: 1,
      lastLine: '8 passed, 1 failed, 0 skipped',
    });
  });
});
