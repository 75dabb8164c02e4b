/**
 * A real Redmine from Debian on loopback, with a database of its own, seeded by seed.rb.
 *
 * Needs   Debian, root (to install and to become www-data)
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const HOME = '/usr/share/redmine';
const PRISTINE = '/var/lib/dbconfig-common/sqlite3/redmine/instances/default/redmine_default';
const READY_WITHIN_MS = 90_000;

export interface RedmineServer {
  readonly url: string;
  readonly apiKey: string;
  /** Its SQLite database, for asking it what it holds. */
  readonly database: string;
  close(): Promise<void>;
}

/** Why there can be no Redmine here, or undefined where there can. */
export function reasonAgainstRedmine(): string | undefined {
  if (existsSync(PRISTINE))
    return process.getuid?.() === 0 ? undefined : 'needs root, to become www-data';
  if (!existsSync('/usr/bin/apt-get')) return 'Redmine comes from Debian, and this is no Debian';
  if (process.getuid?.() !== 0) return 'installing Redmine needs root';
  try {
    const quiet = {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    } as const;
    execFileSync('apt-get', ['update'], quiet);
    execFileSync(
      'apt-get',
      ['install', '-y', '--no-install-recommends', 'redmine', 'redmine-sqlite'],
      quiet,
    );
  } catch {
    return 'apt-get could not install redmine and redmine-sqlite';
  }
  return existsSync(PRISTINE) ? undefined : 'the installed Redmine has no SQLite database';
}

export async function startRedmine(): Promise<RedmineServer> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-redmine-'));
  const database = join(folder, 'redmine.db');
  copyFileSync(PRISTINE, database);
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'www-data'])));
  for (const path of [folder, database]) chownSync(path, uid ?? 33, gid ?? 33);

  const seedFile = new URL('seed.rb', import.meta.url).pathname;
  const seeded = asRedmine(database, ['ruby', 'bin/rails', 'runner', '-'], seedFile);
  const { api_key: apiKey }: { readonly api_key: string } = JSON.parse(
    seeded.trim().split('\n').at(-1) ?? '{}',
  );
  const port = await freePort();
  const server = spawn(
    'runuser',
    [
      '-u',
      'www-data',
      '--',
      'env',
      ...environment(database),
      'ruby',
      '-rwebrick',
      '-S',
      'rackup',
      '-q',
      '-s',
      'webrick',
      '-o',
      '127.0.0.1',
      '-p',
      String(port),
      'config.ru',
    ],
    { cwd: HOME, stdio: 'ignore', detached: true },
  );
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(url);
  return {
    url,
    apiKey,
    database,
    close: async () => {
      await endGroup(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function environment(database: string): readonly string[] {
  return ['RAILS_ENV=production', 'X_DEBIAN_SITEID=default', `DATABASE_URL=sqlite3:${database}`];
}

/** The script goes in by stdin: www-data need not be able to read the checkout. */
function asRedmine(database: string, command: readonly string[], scriptFile: string): string {
  return execFileSync(
    'sh',
    [
      '-c',
      `runuser -u www-data -- env ${[...environment(database), ...command].join(' ')} < "${scriptFile}"`,
    ],
    {
      cwd: HOME,
      encoding: 'utf8',
    },
  );
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function untilAnswers(url: string): Promise<void> {
  const untilMs = Date.now() + READY_WITHIN_MS;
  for (;;) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (Date.now() > untilMs) throw new Error('Redmine did not start', { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

async function endGroup(server: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => server.once('exit', resolve));
  if (server.pid !== undefined) process.kill(-server.pid, 'SIGKILL');
  await ended;
}
