/** `millrace account add|list|verify`. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { alignColumns } from '../../authoring/report/columns.ts';
import { UsageError } from '../../authoring/usage-error.ts';
import { type ConnectionFlags, connect } from '../connection.ts';
import { type OutputFlags, printResult } from '../output.ts';

type Flags = ConnectionFlags & OutputFlags;

interface AddFlags extends Flags {
  readonly tenant: string;
  readonly integration: string;
  readonly auth: string;
  readonly connection: Readonly<Record<string, string>>;
  readonly credentials?: string;
  readonly label?: string;
}

export function addAccountCommands(program: Command): void {
  const account = program.command('account').description('integrated accounts of tenants');

  account
    .command('add')
    .description(
      'import an account; the credential is read from a file or stdin, never from a flag',
    )
    .requiredOption('--tenant <id>', "the operator's own id of the tenant")
    .requiredOption('--integration <name>', 'an integration of the catalogue')
    .requiredOption('--auth <name>', "one of the integration's auth alternatives")
    .option('--connection <name=value>', 'a connection input; repeatable', collect, {})
    .option('--credentials <file>', 'JSON object of the credential; `-` reads stdin', '-')
    .option('--label <text>')
    .action(async (_own: unknown, command: Command) => addAccount(command.optsWithGlobals()));

  account
    .command('list')
    .description('every account of the environment')
    .action(async (_own: unknown, command: Command) => {
      const flags: Flags = command.optsWithGlobals();
      const { data } = await connect(flags).listAccounts();
      const rows = data.map((one) => [one.id, one.tenant_id, one.integration, one.status]);
      printResult(
        flags,
        data,
        alignColumns([['ACCOUNT', 'TENANT', 'INTEGRATION', 'STATUS'], ...rows]),
      );
    });

  account
    .command('verify <id>')
    .description("ask the provider whether the account's credential works")
    .action(async (id: string, _own: unknown, command: Command) => {
      const flags: Flags = command.optsWithGlobals();
      const answer = await connect(flags).verifyAccount(id);
      printResult(flags, answer, [`${id} works`]);
    });
}

async function addAccount(flags: AddFlags): Promise<void> {
  const client = connect(flags);
  const credentials = readCredentials(flags.credentials ?? '-');
  await client.putTenant(flags.tenant);
  const account = await client.importAccount({
    tenant_id: flags.tenant,
    integration: flags.integration,
    auth: flags.auth,
    credentials,
    connection: flags.connection,
    ...(flags.label === undefined ? {} : { label: flags.label }),
  });
  printResult(flags, account, [`${account.id}  ${account.integration}  ${account.status}`]);
}

/** @throws UsageError without a word of what was read: it is secret */
function readCredentials(file: string): Readonly<Record<string, string>> {
  try {
    return JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch {
    throw new UsageError('the credential must be a JSON object, in --credentials FILE or on stdin');
  }
}

function collect(pair: string, held: Readonly<Record<string, string>>) {
  const [name, ...value] = pair.split('=');
  if (!name || value.length === 0) throw new UsageError('--connection takes name=value');
  return { ...held, [name]: value.join('=') };
}
