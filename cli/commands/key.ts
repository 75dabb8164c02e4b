/** `millrace key bootstrap`: the first environment of a deployment, with the operator's own AWS credentials. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Command } from 'commander';
import { bootstrapEnvironment } from '#shared/access/bootstrap-environment.ts';
import { createDynamoTable } from '#shared/aws/dynamo-table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { systemRandom } from '#shared/kernel/random.ts';
import { type OutputFlags, printResult } from '../output.ts';

interface BootstrapFlags extends OutputFlags {
  readonly table: string;
  readonly name: string;
}

export function addKeyCommands(program: Command): void {
  program
    .command('key')
    .description('API keys of a deployment')
    .command('bootstrap')
    .description('make an environment and its admin key; shown once')
    .requiredOption('--table <name>', "the stack's output MainTable")
    .option('--name <text>', 'of the environment', 'production')
    .action(async (_own: unknown, command: Command) => bootstrap(command.optsWithGlobals()));
}

async function bootstrap(flags: BootstrapFlags): Promise<void> {
  const table = createDynamoTable(new DynamoDBClient(), flags.table);
  const made = await bootstrapEnvironment(
    { table, clock: systemClock, random: systemRandom },
    { name: flags.name },
  );
  printResult(flags, { environment_id: made.environment.id, key: made.adminKey }, [
    `environment ${made.environment.id}`,
    `admin key   ${made.adminKey}`,
    'Keep the key now: it is not stored and not shown again.',
  ]);
}
