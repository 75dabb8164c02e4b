/**
 * emulate (npm) as a process: GitHub, Slack, Stripe, Linear and Microsoft on loopback, from a
 * configuration of our own.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit } from '../support/servers/at-exit.ts';
import { installTool } from '../support/servers/npm-tool.ts';

const EMULATE = 'emulate@0.11.2';
const READY_WITHIN_MS = 30_000;

/** In the order of their ports. */
export const SERVICES = ['github', 'slack', 'stripe', 'linear', 'microsoft'] as const;
export type Service = (typeof SERVICES)[number];

export interface Emulator {
  /** `http://127.0.0.1:4001`. */
  readonly urls: Readonly<Record<Service, string>>;
  close(): void;
}

/** Its program; undefined where npm cannot get it. */
export function findEmulate(): string | undefined {
  const folder = installTool('emulate', [EMULATE]);
  return folder && join(folder, 'node_modules/emulate/dist/index.js');
}

export async function startEmulator(program: string, config: object): Promise<Emulator> {
  const base = await freePorts(SERVICES.length);
  const folder = mkdtempSync(join(tmpdir(), 'millrace-emulate-'));
  const seed = join(folder, 'seed.json');
  writeFileSync(seed, JSON.stringify(config));
  const preload = join(import.meta.dirname, 'listen-on-loopback.ts');
  const options = ['--service', SERVICES.join(), '--port', String(base), '--seed', seed];
  const child = spawn(process.execPath, ['--import', preload, program, 'start', ...options], {
    cwd: folder,
    stdio: 'ignore',
  });
  const close = atExit(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const urlAt = (index: number) => `http://127.0.0.1:${base + index}`;
  try {
    await Promise.all(SERVICES.map((_, index) => untilAnswers(urlAt(index), child)));
  } catch (error) {
    close();
    throw error;
  }
  const [github, slack, stripe, linear, microsoft] = [0, 1, 2, 3, 4].map(urlAt);
  const urls = { github, slack, stripe, linear, microsoft } as Emulator['urls'];
  return { urls, close };
}

/** The first of as many ports in a row as are free. */
async function freePorts(count: number): Promise<number> {
  for (;;) {
    const base = 20_000 + Math.floor(Math.random() * 12_000);
    const ports = Array.from({ length: count }, (_, index) => base + index);
    const free = await Promise.all(ports.map(isFree));
    if (free.every(Boolean)) return base;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

async function untilAnswers(url: string, child: ChildProcess): Promise<void> {
  const untilMs = Date.now() + READY_WITHIN_MS;
  for (;;) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (child.exitCode !== null) throw new Error('emulate ended at once', { cause: error });
      if (Date.now() > untilMs) throw new Error('emulate did not start', { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
