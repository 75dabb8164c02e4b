/** Parse Server (npm) as a process on loopback, with limits of calls for everybody but the master key. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '../../shared/kernel/json.ts';
import { atExit } from '../support/servers/at-exit.ts';
import { freePort } from '../support/servers/free-port.ts';
import { installTool } from '../support/servers/npm-tool.ts';

const PARSE = 'parse-server@9.10.0';
const READY_WITHIN_MS = 60_000;

export const KEYS = { application: 'millrace', rest: 'rest-key', master: 'master-key' } as const;
export const LIMIT = { calls: 12, windowMs: 10_000 } as const;

export interface ParseServer {
  /** With its mount path. */
  readonly url: string;
  /** Asked as its owner, without us. */
  ask(method: string, path: string, body?: Json): Promise<Json>;
  close(): void;
}

/** Its program; undefined where npm cannot get it. */
export function findParse(): string | undefined {
  const folder = installTool('parse', [PARSE]);
  return folder && join(folder, 'node_modules/parse-server/bin/parse-server');
}

export async function startParse(program: string, databaseURI: string): Promise<ParseServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/parse`;
  const folder = mkdtempSync(join(tmpdir(), 'millrace-parse-'));
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(configured(url, port, databaseURI)));
  const child = spawn(process.execPath, [program, file], { cwd: folder, stdio: 'ignore' });
  const close = atExit(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  try {
    await untilHealthy(url, child);
  } catch (error) {
    close();
    throw error;
  }
  return { url, close, ask: (method, path, body) => ask(url, method, path, body) };
}

function configured(serverURL: string, port: number, databaseURI: string): object {
  return {
    appId: KEYS.application,
    masterKey: KEYS.master,
    restAPIKey: KEYS.rest,
    databaseURI,
    serverURL,
    host: '127.0.0.1',
    port,
    mountPath: '/parse',
    silent: true,
    logsFolder: null,
    rateLimit: [
      {
        requestPath: '/classes/*path',
        requestTimeWindow: LIMIT.windowMs,
        requestCount: LIMIT.calls,
        // Calls from loopback count, too.
        includeInternalRequests: true,
      },
    ],
  };
}

async function ask(url: string, method: string, path: string, body?: Json): Promise<Json> {
  const answer = await fetch(url + path, {
    method,
    headers: {
      'x-parse-application-id': KEYS.application,
      'x-parse-master-key': KEYS.master,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return JSON.parse(await answer.text());
}

async function untilHealthy(url: string, child: ChildProcess): Promise<void> {
  const untilMs = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const isHealthy = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isHealthy) return;
    if (child.exitCode !== null) throw new Error(`Parse Server ended with ${child.exitCode}`);
    if (Date.now() > untilMs) throw new Error('Parse Server did not start');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
