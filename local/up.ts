/**
 * Starts the whole of Millrace on this machine, from the synthesised template, and stops it.
 *
 * Errors  DataDirInUseError, SynthesisError, IntegrationInvalidError, TemplateError
 */
import { createDynamoTable } from '#shared/aws/dynamo-table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { systemRandom } from '#shared/kernel/random.ts';
import { type Assembly, prepareAssembly, readAssembly } from './assembly.ts';
import { bootstrapKeys, type LocalKeys } from './bootstrap.ts';
import { functionExtras } from './catalogue.ts';
import { type DataDir, openDataDir } from './data-dir.ts';
import { type Endpoint, openEndpoint } from './endpoint.ts';
import { type FunctionDefinition, functionsOf, readAssets } from './lambda/function-definition.ts';
import { openLogFile } from './lambda/log-file.ts';
import { type AwsClients, createAwsClients } from './provision/clients.ts';
import { openStackIdentity } from './provision/identity.ts';
import { provision } from './provision.ts';
import { startStack } from './running-stack.ts';
import { TemplateError } from './template/template-error.ts';
import { readTemplate } from './template.ts';

export interface RuntimeOptions {
  readonly dataDir: string;
  /** 0: any free one. */
  readonly port: number;
  /** Accepts `http://127.0.0.1` as webhook target and provider host. */
  readonly allowLoopbackTargets?: boolean;
  /** Folders of integrations beside the repository's own. */
  readonly integrations?: readonly string[];
  /** Settings of infra/settings.ts, as text. */
  readonly settings?: Readonly<Record<string, string>>;
  /** A synthesised assembly, such as `cdk.out`, to run as it is instead of making one. */
  readonly assembly?: string;
  readonly onProgress?: (line: string) => void;
  /** Denied calls and other problems that no function's log shows. Default: a line on stderr. */
  readonly onFault?: (what: string, error?: unknown) => void;
}

export interface Runtime {
  readonly apiUrl: string;
  /** For everyday calls: read, write, proxy, sync. */
  readonly apiKey: string;
  /** Makes other keys. */
  readonly adminKey: string;
  readonly environmentId: string;
  readonly logFile: string;
  readonly dataDir: string;
  /** What runs has a moment to end; what does not is cut off, which the state survives. */
  stop(): Promise<void>;
}

const GRACE_MS = 3_000;
const HEALTH_TIMEOUT_MS = 60_000;
/** Whoever tries it out calls these first; each costs its first caller a cold start. */
const WARM_FUNCTIONS = /^(sync-step|account-check)$/;

type Stop = () => void | Promise<void>;

/** Resolves when the API answers. */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const stops: Stop[] = [];
  /** Last started, first stopped. */
  const stop = async (): Promise<void> => {
    for (const step of stops.splice(0).reverse()) await step();
  };
  try {
    return { ...(await start(options, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(options: RuntimeOptions, stops: Stop[]): Promise<Omit<Runtime, 'stop'>> {
  const say = progressWithTimes(options.onProgress ?? (() => undefined));
  const onFault = options.onFault ?? reportOnStderr;
  const dataDir = openDataDir(options.dataDir);
  stops.push(() => dataDir.release());
  const [assembly, endpoint] = await Promise.all([
    options.assembly === undefined
      ? prepareAssembly(options.settings ?? {})
      : readAssembly(options.assembly),
    openEndpoint({ dataDir: dataDir.awsDir, environment: process.env, onFault }).then((opened) => {
      stops.push(() => opened.stop());
      return opened;
    }),
  ]);
  say('built and synthesised');

  const clients = createAwsClients(endpoint.admin);
  stops.push(() => clients.close());
  const stack = await provisionStack(assembly, endpoint, clients, dataDir);
  const functions = functionsOf(stack, readAssets(assembly.directory, assembly.stackName));
  say('provisioned');

  const log = openLogFile(dataDir.logFile);
  stops.push(() => log.close());
  const running = await startStack({
    stack,
    functions,
    endpoint,
    extras: functionExtras({
      allowLoopbackTargets: options.allowLoopbackTargets ?? false,
      integrations: options.integrations ?? [],
      catalogueFile: dataDir.catalogueFile,
    }),
    log,
    compileCacheDir: assembly.compileCacheDir,
    clock: systemClock,
    port: options.port,
    onFault,
  });
  stops.push(() => running.stop(GRACE_MS));
  const [keys] = await Promise.all([
    makeKeys(functions, clients, dataDir),
    waitForHealth(running.url),
  ]);
  running.host.warm(functions.filter(isWarmed).map(({ name }) => name));
  say('ready');
  const { apiKey, adminKey, environmentId } = keys;
  const { path, logFile } = dataDir;
  return { apiUrl: running.url, apiKey, adminKey, environmentId, logFile, dataDir: path };
}

function provisionStack(
  assembly: Assembly,
  endpoint: Endpoint,
  clients: AwsClients,
  dataDir: DataDir,
) {
  return provision(readTemplate(assembly.template), assembly.stackName, {
    clients,
    identity: openStackIdentity(dataDir.path, assembly.stackName, systemRandom),
    region: endpoint.region,
    accountId: endpoint.accountId,
    registerRole: (role) => void endpoint.registerRole(role),
    endpointInvokesFunctions: endpoint.invokesFunctions,
  });
}

function makeKeys(
  functions: readonly FunctionDefinition[],
  clients: AwsClients,
  dataDir: DataDir,
): Promise<LocalKeys> {
  const tableName = functions.map(({ environment }) => environment['MAIN_TABLE']).find(Boolean);
  if (tableName === undefined) throw new TemplateError('no function is told its main table');
  const table = createDynamoTable(clients.dynamo, tableName);
  return bootstrapKeys({ table, clock: systemClock, random: systemRandom }, dataDir.keysFile);
}

function isWarmed({ environment }: FunctionDefinition): boolean {
  return WARM_FUNCTIONS.test(environment['POWERTOOLS_SERVICE_NAME'] ?? '');
}

/** Through the front and the function that answers it: what a caller will meet. */
async function waitForHealth(url: string): Promise<void> {
  const response = await fetch(`${url}/v1/health`, {
    signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
  });
  await response.arrayBuffer();
  if (response.status !== 200) {
    throw new Error(`the API is not healthy: it answered ${response.status}; see the log file`);
  }
}

function progressWithTimes(say: (line: string) => void): (what: string) => void {
  const startedAt = performance.now();
  return (what) => say(`${what} (${((performance.now() - startedAt) / 1_000).toFixed(1)} s)`);
}

function reportOnStderr(what: string, error?: unknown): void {
  const detail = error instanceof Error ? `: ${error.name}: ${error.message}` : '';
  console.error(`local runtime: ${what}${detail}`);
}
