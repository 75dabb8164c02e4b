/** Prism as a process: a proxy that refuses what a document forbids, or a mock that answers from it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { installTool } from '../support/servers/npm-tool.ts';

const PRISM = '@stoplight/prism-cli@5.16.0';
const READY_WITHIN_MS = 60_000;

export interface PrismServer {
  readonly url: string;
  close(): void;
}

/** Prism's program; undefined where npm cannot get it. */
export function findPrism(): string | undefined {
  const folder = installTool('prism', [PRISM]);
  return folder && join(folder, 'node_modules/@stoplight/prism-cli/dist/index.js');
}

/** `upstream` makes a proxy that lets no violation through; without it, a mock. */
export async function startPrism(
  program: string,
  document: string,
  upstream?: string,
): Promise<PrismServer> {
  const port = await freePort();
  const mode =
    upstream === undefined ? ['mock', document] : ['proxy', '--errors', document, upstream];
  const child = spawn(
    process.execPath,
    [program, ...mode, '--port', String(port), '--host', '127.0.0.1', '--multiprocess', 'false'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  await listening(child);
  return { url: `http://127.0.0.1:${port}`, close: () => void child.kill('SIGKILL') };
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Prism did not start')), READY_WITHIN_MS);
    let output = '';
    const read = (chunk: Buffer) => {
      output += chunk;
      if (!output.includes('is listening')) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) =>
      reject(new Error(`Prism ended with ${code}: ${output.slice(-500)}`)),
    );
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
