/** `millrace mapping test|explain|diff`: what a mapping makes of a record, and which layer says so. */
import type { Command } from 'commander';
import { alignColumns } from '../../authoring/report/columns.ts';
import { type ConnectionFlags, connect } from '../connection.ts';
import { CommandFailedError } from '../failure.ts';
import { type OutputFlags, printResult } from '../output.ts';
import { describe, fieldChanges, typeChanges } from './mapping-diff.ts';
import { askMapping, type Provenance, type ProvenanceOf, readDocument } from './mapping-trial.ts';

interface Flags extends ConnectionFlags, OutputFlags {
  readonly account?: string;
  readonly layer?: string;
}

interface SampleFlags extends Flags {
  readonly sample?: string;
}

interface TestFlags extends Flags {
  readonly sample: string;
  readonly method: string;
  readonly id?: string;
}

export function addMappingCommands(program: Command): void {
  const mapping = program.command('mapping').description('mappings and the layers over them');

  withTarget(mapping.command('test'))
    .description('map a sample in memory: nothing of it is kept')
    .requiredOption('--sample <file>', 'JSON or YAML of one record; `-` reads stdin')
    .option('--method <name>', 'list or get read a record, create or update write one', 'list')
    .option('--id <id>', 'of the record that is updated')
    .action(async (integration: string, resource: string, _own: unknown, command: Command) =>
      test(integration, resource, command.optsWithGlobals()),
    );

  withTarget(mapping.command('explain'))
    .description('which layer gives each field its value')
    .action(async (integration: string, resource: string, _own: unknown, command: Command) =>
      explain(integration, resource, command.optsWithGlobals()),
    );

  withTarget(mapping.command('diff'))
    .description('what the layers change; with --layer, what that file would')
    .option('--sample <file>', 'also compare the types of what comes out of this record')
    .action(async (integration: string, resource: string, _own: unknown, command: Command) =>
      diff(integration, resource, command.optsWithGlobals()),
    );
}

function withTarget(command: Command): Command {
  return command
    .argument('<integration>')
    .argument('<model/resource>', 'of a unified model: crm/contacts')
    .option('--account <id>', "with this integrated account's layer")
    .option('--layer <file>', 'an override, or its part for the resource, to try on top');
}

async function test(integration: string, resource: string, flags: TestFlags): Promise<void> {
  const { method, account, id } = flags;
  const trial = await askMapping(connect(flags), {
    integration,
    resource,
    method,
    account,
    id,
    sample: readDocument(flags.sample),
    layer: layerOf(flags),
  });
  const errors = trial.errors.map(({ path, message }) => `  ${path}: ${message}`);
  printResult(flags, trial, [JSON.stringify(trial.output, null, 2), ...errors]);
  if (errors.length > 0) throw new CommandFailedError('the sample does not map');
}

async function explain(integration: string, resource: string, flags: Flags): Promise<void> {
  const { read, write } = await readAndWrite(integration, resource, flags);
  const written = Object.keys(write).length === 0 ? [] : ['', ...table('WRITTEN', write)];
  printResult(flags, { fields: read, write }, [...table('FIELD', read), ...written]);
}

async function diff(integration: string, resource: string, flags: SampleFlags): Promise<void> {
  const { layer, ...stored } = flags;
  const sample = flags.sample === undefined ? undefined : readDocument(flags.sample);
  // What a file would change is told from what is in force, what is in force from the base.
  const upTo = layer === undefined ? 'base' : 'account';
  const before = await readAndWrite(integration, resource, stored, { upTo, sample });
  const after = await readAndWrite(integration, resource, flags, { sample });
  const fields = fieldChanges(before.read, after.read);
  const write = fieldChanges(before.write, after.write);
  const types = sample === undefined ? [] : typeChanges(before.trial, after.trial);
  const rows = (prefix: string, changes: typeof fields) =>
    changes.map(({ change, field, layer: by, before: was, after: is }) => [
      SIGN[change],
      prefix + field,
      by,
      [was, is].filter((text) => text !== null).join('  →  '),
    ]);
  const lines = alignColumns([...rows('', fields), ...rows('write ', write)]);
  const typed = types.map((one) => `  ${one.path}: ${one.before} → ${one.after}`);
  const none = lines.length + typed.length === 0 ? ['no difference'] : [];
  printResult(flags, { fields, write, ...(sample === undefined ? {} : { types }) }, [
    ...lines,
    ...(typed.length === 0 ? [] : ['types:', ...typed]),
    ...none,
  ]);
}

const SIGN = { added: '+', removed: '-', changed: '~' } as const;

async function readAndWrite(
  integration: string,
  resource: string,
  flags: Flags,
  options: { readonly upTo?: 'base' | 'account'; readonly sample?: unknown } = {},
) {
  const client = connect(flags);
  const question = { integration, resource, account: flags.account, layer: layerOf(flags) };
  const trial = await askMapping(client, { ...question, ...options, method: 'list' });
  const written = await askMapping(client, {
    ...question,
    ...options,
    sample: {},
    method: 'create',
  });
  return { trial, read: trial.provenance, write: written.provenance };
}

function layerOf({ layer }: Flags): unknown {
  return layer === undefined ? undefined : readDocument(layer);
}

function table(title: string, provenance: ProvenanceOf): readonly string[] {
  const rows = Object.entries(provenance).map(([field, one]) => [
    field,
    layerText(one),
    one.op,
    describe(one) ?? (one.to === undefined ? '–' : `to ${one.to}`),
  ]);
  return alignColumns([[title, 'LAYER', 'BY', 'EXPRESSION'], ...rows]);
}

function layerText({ layer, version }: Provenance): string {
  return version === undefined ? layer : `${layer} v${version}`;
}
