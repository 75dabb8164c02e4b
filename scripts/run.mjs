/**
 * Every npm script starts here: installs what is missing, then runs the rest of the command line
 * on the Node 24 that npm installed, whatever Node the machine has.
 *
 * Plain JavaScript without dependencies: it must work before the first install, on Node 20.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const marker = join(root, 'node_modules', '.installed-lock');
const lockHash = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

const isInstalled = existsSync(marker) && readFileSync(marker, 'utf8') === lockHash;
if (!isInstalled) {
  process.stderr.write('Installing dependencies (npm install) …\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // Not `npm ci`: it refuses a lock file that lacks the binaries of other platforms, which is what
  // npm writes where the registry does not have them. This installs what is locked and saves nothing.
  const install = spawnSync(
    npm,
    ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      // npm's own chatter must not land in the one-line output of `npm run --silent local`.
      stdio: ['ignore', 2, 2],
    },
  );
  if (install.status !== 0) process.exit(install.status ?? 1);
  writeFileSync(marker, lockHash);
}

const bundledNode = join(
  root,
  'node_modules',
  '.bin',
  process.platform === 'win32' ? 'node.cmd' : 'node',
);
const node = existsSync(bundledNode) ? bundledNode : process.execPath;
const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
if (Number(version.slice(1).split('.')[0]) < 24) {
  process.stderr.write(
    `Millrace needs Node 24; npm installed ${version}. Remove node_modules and try again.\n`,
  );
  process.exit(1);
}

// First on PATH, so that tools started by name (cdk, jest, biome) run on the same Node.
const env = { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH}` };
const [command, ...args] = process.argv.slice(2);
const child =
  command.endsWith('.ts') ||
  command.endsWith('.mjs') ||
  command.endsWith('.js') ||
  command.startsWith('-')
    ? spawn(node, [command, ...args], { stdio: 'inherit', env })
    : spawn(command, args, { stdio: 'inherit', env });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 128 : 1)));
