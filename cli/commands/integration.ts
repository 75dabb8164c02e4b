/**
 * `millrace integration validate|test|new`: what an author of integrations needs, on files alone; no
 * runtime, no network.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { openFolder } from '../../authoring/open-folder.ts';
import { conformanceLines, fixtureLines, validationLines } from '../../authoring/report/lines.ts';
import { testFolder, validateFolder } from '../../authoring/report/report.ts';
import { AUTH_KINDS } from '../../authoring/scaffold/auth-blocks.ts';
import { PAGINATION_KINDS } from '../../authoring/scaffold/pagination-blocks.ts';
import { scaffoldIntegration } from '../../authoring/scaffold/scaffold.ts';
import { UsageError } from '../../authoring/usage-error.ts';
import { CommandFailedError } from '../failure.ts';
import { type OutputFlags, printResult } from '../output.ts';

interface ValidateFlags extends OutputFlags {
  readonly strict?: boolean;
}

interface TestFlags extends OutputFlags {
  readonly all?: boolean;
}

interface NewFlags extends OutputFlags {
  readonly dir: string;
  readonly baseUrl: string;
  readonly title?: string;
  readonly auth: string;
  readonly pagination: string;
  readonly maps: string;
}

export function addIntegrationCommands(program: Command): void {
  const noun = program.command('integration').description('write integrations, and test them');
  noun
    .command('validate')
    .description('every fault with file, line and path; then what is a trap or says too little')
    .argument('<folder...>', 'folders with an integration.yaml')
    .option('--strict', 'warnings are errors')
    .action(async (folders: readonly string[], _own: unknown, command: Command) =>
      validate(folders, command.optsWithGlobals()),
    );
  noun
    .command('test')
    .description('replay the fixtures, then play every misbehaviour against every list')
    .argument('<folder...>', 'folders with an integration.yaml')
    .option('--all', 'a line for each play, also those that held')
    .action(async (folders: readonly string[], _own: unknown, command: Command) =>
      test(folders, command.optsWithGlobals()),
    );
  noun
    .command('new')
    .description('a folder that validates and passes, to be changed from there')
    .argument('<name>', 'in snake_case; the name of the folder')
    .requiredOption('--base-url <url>', "of the provider's API")
    .option('--title <text>', "the provider's name as it writes it")
    .option('--auth <kind>', AUTH_KINDS.join(', '), 'token')
    .option('--pagination <kind>', PAGINATION_KINDS.join(', '), 'cursor')
    .option('--maps <model/resource>', 'the unified resource to begin with', 'crm/contacts')
    .option('--dir <folder>', 'where the new folder goes', 'integrations')
    .action(async (name: string, _own: unknown, command: Command) =>
      create(name, command.optsWithGlobals()),
    );
}

async function validate(folders: readonly string[], flags: ValidateFlags): Promise<void> {
  const reports = [];
  for (const folder of existing(folders)) reports.push(await validateFolder(openFolder(folder)));
  printResult(flags, { integrations: reports }, reports.flatMap(validationLines));
  const faults = reports.flatMap((report) => report.faults);
  const warnings = reports.flatMap((report) => report.warnings);
  if (faults.length > 0) throw new CommandFailedError(`${faults.length} faults`);
  if (flags.strict && warnings.length > 0) {
    throw new CommandFailedError(`${warnings.length} warnings, which --strict forbids`);
  }
}

async function test(folders: readonly string[], flags: TestFlags): Promise<void> {
  const reports = [];
  for (const folder of existing(folders)) reports.push(await testFolder(openFolder(folder)));
  const lines = reports.flatMap((report) => [
    ...fixtureLines(report),
    ...conformanceLines(report, flags.all ?? false),
  ]);
  printResult(flags, { integrations: reports }, lines);
  const failed = reports.filter(({ passed }) => !passed);
  if (failed.length === 0) return;
  throw new CommandFailedError(`failed: ${failed.map(({ name }) => name).join(', ')}`);
}

async function create(name: string, flags: NewFlags): Promise<void> {
  const folder = scaffoldIntegration({
    ...flags,
    name,
    directory: flags.dir,
    baseUrl: flags.baseUrl,
  });
  const report = await testFolder(openFolder(folder));
  printResult(flags, { folder, passed: report.passed }, [
    `${folder} is made, and its fixtures ${report.passed ? 'pass' : 'do not pass'}. Next:`,
    `  millrace integration validate ${folder}`,
    `  millrace integration test ${folder}`,
    'docs/authoring-integrations.md says what can be written.',
  ]);
  if (!report.passed)
    throw new CommandFailedError('the new integration does not pass its own test');
}

/** Without the models that `integrations/*` names too. @throws UsageError */
function existing(folders: readonly string[]): readonly string[] {
  const own = folders.filter((folder) => !path.basename(path.resolve(folder)).startsWith('_'));
  for (const folder of own) {
    if (existsSync(path.join(folder, 'integration.yaml'))) continue;
    throw new UsageError(`${folder} holds no integration.yaml`);
  }
  return own;
}
