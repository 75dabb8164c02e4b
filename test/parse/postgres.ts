/**
 * A PostgreSQL of Debian's on loopback, with a database of its own that is gone afterwards.
 *
 * Needs   Debian, and root where PostgreSQL is not installed yet
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit } from '../support/servers/at-exit.ts';

const VERSIONS = '/usr/lib/postgresql';
const isRoot = process.getuid?.() === 0;

export interface Postgres {
  /** `postgres://parse@127.0.0.1:5433/postgres`. */
  readonly uri: string;
  close(): void;
}

/** Why there can be no PostgreSQL here, or undefined where there can. */
export function reasonAgainstPostgres(): string | undefined {
  if (programs() !== undefined) return undefined;
  if (!existsSync('/usr/bin/apt-get')) return 'PostgreSQL comes from Debian, and this is no Debian';
  if (!isRoot) return 'installing PostgreSQL needs root';
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const quiet = { stdio: 'ignore', env } as const;
    execFileSync('apt-get', ['update'], quiet);
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', 'postgresql'], quiet);
  } catch {
    return 'apt-get could not install postgresql';
  }
  return programs() === undefined ? 'the installed PostgreSQL has no initdb' : undefined;
}

export function startPostgres(port: number): Postgres {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-postgres-'));
  // It refuses to run as root.
  if (isRoot) chownSync(folder, idOf('-u'), idOf('-g'));
  const data = join(folder, 'data');
  const settings = [`-p ${port}`, '-c listen_addresses=127.0.0.1', `-k ${folder}`, '-c fsync=off'];
  const control = (...args: readonly string[]) => run('pg_ctl', ['-D', data, ...args]);
  const close = atExit(() => {
    control('-m', 'immediate', 'stop');
    rmSync(folder, { recursive: true, force: true });
  });
  const isReady =
    run('initdb', ['-D', data, '-U', 'parse', '-A', 'trust', '-E', 'UTF8', '--locale', 'C']) &&
    control('-w', '-l', join(folder, 'log'), '-o', settings.join(' '), 'start');
  if (!isReady) {
    close();
    throw new Error('PostgreSQL did not start');
  }
  return { uri: `postgres://parse@127.0.0.1:${port}/postgres`, close };
}

function run(program: string, args: readonly string[]): boolean {
  const path = join(programs() ?? '', program);
  const command = isRoot ? ['runuser', '-u', 'postgres', '--', path] : [path];
  const [name = '', ...rest] = [...command, ...args];
  return spawnSync(name, rest, { stdio: 'ignore', cwd: tmpdir() }).status === 0;
}

/** Of the newest version. */
function programs(): string | undefined {
  if (!existsSync(VERSIONS)) return undefined;
  const versions = readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a));
  return versions
    .map((version) => join(VERSIONS, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
}

function idOf(flag: string): number {
  return Number(execFileSync('id', [flag, 'postgres']));
}
