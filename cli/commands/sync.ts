/** `millrace sync run|list|cancel`. */
import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { parse as parseYaml } from 'yaml';
import { alignColumns } from '../../authoring/report/columns.ts';
import type { MillraceClient, SyncRun } from '../../client/millrace-client.ts';
import { type ConnectionFlags, connect } from '../connection.ts';
import { CommandFailedError } from '../failure.ts';
import { type OutputFlags, printResult } from '../output.ts';
import { followRun } from '../progress.ts';

type Flags = ConnectionFlags & OutputFlags;

interface RunFlags extends Flags {
  readonly account: string;
  readonly full?: boolean;
  readonly args?: string;
}

export function addSyncCommands(program: Command): void {
  const sync = program.command('sync').description('sync jobs and their runs');

  sync
    .command('run <job>')
    .description(
      'start a run and follow it; <job> is an id, or a JSON or YAML file to create it from',
    )
    .requiredOption('--account <id>', 'the integrated account to sync')
    .option('--full', 'from the beginning, whatever the watermark says')
    .option('--args <json>', 'values for {{args.…}} placeholders')
    .action(async (job: string, _own: unknown, command: Command) =>
      runJob(job, command.optsWithGlobals()),
    );

  sync
    .command('list')
    .description('the latest runs')
    .action(async (_own: unknown, command: Command) => {
      const flags: Flags = command.optsWithGlobals();
      const { data } = await connect(flags).listRuns();
      const rows = data.map((run) => [
        run.id,
        run.sync_job_id,
        run.integrated_account_id,
        run.status,
      ]);
      printResult(flags, data, alignColumns([['RUN', 'JOB', 'ACCOUNT', 'STATUS'], ...rows]));
    });

  sync
    .command('cancel <run>')
    .description('stop a run; its watermark stays where it was')
    .action(async (id: string, _own: unknown, command: Command) => {
      const flags: Flags = command.optsWithGlobals();
      const run = await connect(flags).cancelRun(id);
      printResult(flags, run, [`${run.id}  ${run.status}`]);
    });
}

async function runJob(job: string, flags: RunFlags): Promise<void> {
  const client = connect(flags);
  const jobId = existsSync(job) ? await createFromFile(client, job) : job;
  const run = await client.startRun(jobId, {
    integrated_account_id: flags.account,
    ...(flags.full ? { full_resync: true } : {}),
    ...(flags.args === undefined ? {} : { args: JSON.parse(flags.args) }),
  });
  const ended = await followSyncRun(client, run, flags);
  printResult(flags, ended, summarise(ended));
  if (ended.status !== 'completed') throw new CommandFailedError(`the run ${ended.status}`);
}

/** Shows the run until it ends; silent with `--json`. */
export async function followSyncRun(
  client: MillraceClient,
  run: SyncRun,
  flags: OutputFlags,
): Promise<SyncRun> {
  return followRun({
    resources: Object.keys(run.resources),
    poll: () => client.getRun(run.id),
    isTerminal: !flags.json && process.stdout.isTTY === true,
    print: (line) => {
      if (!flags.json) console.log(line);
    },
  });
}

export function summarise(run: SyncRun): readonly string[] {
  const rows = Object.entries(run.resources).map(([name, counts]) => [
    name,
    `${counts.fetched} fetched`,
    `${counts.emitted} emitted`,
    `${counts.errored} errored`,
  ]);
  const waits = run.rate_limited_count > 0 ? `, ${run.rate_limited_count} × rate limited` : '';
  const reason = run.error ? [`${run.error.code}: ${run.error.message}`] : [];
  return [`${run.id} ${run.status}${waits}`, ...alignColumns(rows), ...reason];
}

async function createFromFile(client: MillraceClient, file: string): Promise<string> {
  // YAML is a superset of JSON, so one parser reads both.
  const job = await client.createJob(parseYaml(readFileSync(file, 'utf8')));
  return job.id;
}
