/**
 * The command line: `millrace <noun> <verb>`.
 *
 * Exit codes  0 ok · 1 failed · 2 wrong usage
 */
import { Command, CommanderError } from 'commander';
import { addAccountCommands } from './commands/account.ts';
import { addIntegrationCommands } from './commands/integration.ts';
import { addKeyCommands } from './commands/key.ts';
import { addMappingCommands } from './commands/mapping.ts';
import { addSyncCommands } from './commands/sync.ts';
import { addUpCommand } from './commands/up.ts';
import { reportFailure } from './failure.ts';

const program = new Command('millrace')
  .description('Integration platform with zero data retention')
  .option('--url <url>', 'API of the Millrace to talk to (or MILLRACE_URL)')
  .option('--key <key>', 'API key (or MILLRACE_API_KEY)')
  .option('--data-dir <dir>', 'where the local runtime keeps its state', '.millrace')
  .option('--json', 'one JSON document for machines')
  .exitOverride();

addUpCommand(program);
addAccountCommands(program);
addSyncCommands(program);
addKeyCommands(program);
addMappingCommands(program);
addIntegrationCommands(program);

let exitCode = 0;
try {
  await program.parseAsync();
} catch (error) {
  exitCode = exitCodeOf(error);
}
// A sandbox's servers would keep the process alive.
process.exit(exitCode);

function exitCodeOf(error: unknown): number {
  // Commander has already printed its own complaint, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const { exitCode, lines } = reportFailure(error);
  for (const line of lines) console.error(line);
  return exitCode;
}
