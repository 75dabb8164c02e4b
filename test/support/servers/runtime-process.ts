/**
 * The headless runtime as a user starts it: a child process that prints one line of JSON when it is
 * ready. Tests talk to it over HTTP and kill it as they like.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createMillraceClient, type MillraceClient } from '../../../client/millrace-client.ts';

export interface ReadyLine {
  readonly ready: true;
  readonly api_url: string;
  readonly api_key: string;
  readonly admin_key: string;
  readonly sandbox_url: string | null;
  readonly log_file: string;
  readonly data_dir: string;
}

export interface RuntimeProcess {
  readonly ready: ReadyLine;
  readonly client: MillraceClient;
  /** What the runtime wrote to stderr so far: denied calls are named there. */
  stderr(): string;
  /** SIGTERM, and waits for the end. */
  stop(): Promise<void>;
  /** SIGKILL to the whole process group: nothing gets to clean up. */
  kill(): Promise<void>;
}

const ROOT = new URL('../../..', import.meta.url).pathname;
const READY_WITHIN_MS = 120_000;

export async function startRuntimeProcess(
  dataDir: string,
  extra: readonly string[] = [],
): Promise<RuntimeProcess> {
  const child = spawn(
    process.execPath,
    [
      'local/main.ts',
      '--port',
      '0',
      '--data-dir',
      dataDir,
      '--json',
      '--allow-loopback-targets',
      ...extra,
    ],
    { cwd: ROOT, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = await readReadyLine(child, () => stderr);
  return {
    ready,
    client: createMillraceClient({ url: ready.api_url, apiKey: ready.admin_key }),
    stderr: () => stderr,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
    kill: () => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      return ended;
    },
  };
}

async function readReadyLine(child: ChildProcess, stderr: () => string): Promise<ReadyLine> {
  const { stdout } = child;
  if (!stdout) throw new Error('the runtime has no stdout');
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`not ready in time\n${stderr()}`)),
      READY_WITHIN_MS,
    );
    createInterface({ input: stdout }).once('line', (line) => {
      clearTimeout(timer);
      resolve(JSON.parse(line));
    });
    child.once('exit', (code) => reject(new Error(`the runtime ended with ${code}\n${stderr()}`)));
  });
}
