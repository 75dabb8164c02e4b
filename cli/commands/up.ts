/** `millrace up`: the local runtime, and with `--sandbox` something to see in it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { UsageError } from '../../authoring/usage-error.ts';
import { createMillraceClient } from '../../client/millrace-client.ts';
import { startConsumer } from '../../local/sandbox/consumer.ts';
import { startSandbox } from '../../local/sandbox/provider.ts';
import { type Runtime, startRuntime } from '../../local/up.ts';
import { connectionFile, DEFAULT_DATA_DIR } from '../connection.ts';
import { describeNextSteps, startDemo, summariseDemo } from '../demo.ts';
import { CommandFailedError } from '../failure.ts';
import type { OutputFlags } from '../output.ts';
import { followSyncRun } from './sync.ts';

interface UpFlags extends OutputFlags {
  readonly dataDir?: string;
  readonly port: string;
  readonly sandbox?: boolean;
  readonly once?: boolean;
  readonly allowLoopbackTargets?: boolean;
}

const DEFAULT_PORT = '4100';

export function addUpCommand(program: Command): void {
  program
    .command('up')
    .description('start Millrace on this machine and stay up')
    .option('--port <number>', 'port of the API on 127.0.0.1; 0 picks a free one', DEFAULT_PORT)
    .option('--sandbox', 'with a sandbox provider, a consumer and a first sync')
    .option('--allow-loopback-targets', 'accept http://127.0.0.1 as provider and webhook target')
    .option('--once', 'end after the summary, with exit code 0 if all arrived')
    .action(async (_own: unknown, command: Command) => up(command.optsWithGlobals()));
}

async function up(flags: UpFlags): Promise<void> {
  const port = Number(flags.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError('--port takes a port number');
  const dataDir = flags.dataDir ?? DEFAULT_DATA_DIR;
  const say = (line: string) => console.log(line);
  const runtime = await startRuntime({
    port,
    dataDir,
    allowLoopbackTargets: flags.sandbox === true || flags.allowLoopbackTargets === true,
    onProgress: say,
  });
  try {
    rememberConnection(dataDir, runtime);
    say(`Millrace is up at ${runtime.apiUrl}`);
    say(`API key  ${runtime.adminKey}`);
    say(`Logs     ${runtime.logFile}`);
    if (flags.sandbox) await showSandbox(runtime, flags);
    if (!flags.once) await untilStopped();
  } finally {
    await runtime.stop();
  }
}

async function untilStopped(): Promise<void> {
  console.log('Stop with Ctrl+C; the state stays in the data directory.');
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

/** So that `millrace …` in another terminal finds this one. */
function rememberConnection(dataDir: string, { apiUrl, adminKey }: Runtime): void {
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(connectionFile(dataDir), JSON.stringify({ url: apiUrl, apiKey: adminKey }), {
    mode: 0o600,
  });
}

/** The sandbox's servers live as long as the process: the curl lines still find them. */
async function showSandbox(runtime: Runtime, flags: UpFlags): Promise<void> {
  const client = createMillraceClient({ url: runtime.apiUrl, apiKey: runtime.adminKey });
  const sandbox = await startSandbox();
  const consumer = await startConsumer();
  console.log(`Sandbox  ${sandbox.url} (provider), ${consumer.url} (consumer)`);
  const demo = await startDemo(client, sandbox, consumer);
  const ended = await followSyncRun(client, demo.run, flags);
  const { isComplete, lines } = summariseDemo(ended, consumer.tally(), sandbox);
  for (const line of lines) console.log(line);
  for (const line of describeNextSteps(runtime.apiUrl, runtime.adminKey, demo)) console.log(line);
  if (flags.once && !isComplete)
    throw new CommandFailedError('the consumer does not hold what the provider holds');
}
