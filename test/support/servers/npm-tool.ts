/**
 * Tools that a tier needs and nobody else: installed from npm into a folder of their own below
 * node_modules/.cache, once a version.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CACHE = join(import.meta.dirname, '../../../node_modules/.cache/millrace-tools');
const WITHIN_MS = 300_000;

/** The folder whose node_modules holds the packages, given as `name@version`; undefined where npm cannot get them. */
export function installTool(name: string, packages: readonly string[]): string | undefined {
  const folder = folderOf(name, packages);
  if (existsSync(join(folder, 'done'))) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  if (!npm(folder, [...args, ...packages])) return undefined;
  writeFileSync(join(folder, 'done'), '');
  return folder;
}

/** One file of a package, without its dependencies; undefined where npm cannot get it. */
export function unpackFile(spec: string, file: string): string | undefined {
  const folder = folderOf('unpacked', [spec]);
  const path = join(folder, 'package', file);
  if (existsSync(path)) return path;
  const tarball = join(folder, 'package.tgz');
  if (!existsSync(tarball)) {
    mkdirSync(folder, { recursive: true });
    if (!npm(folder, ['pack', spec, '--loglevel=error'])) return undefined;
    const packed = readdirSync(folder).find((name) => name.endsWith('.tgz'));
    if (packed === undefined) return undefined;
    renameSync(join(folder, packed), tarball);
  }
  const tar = spawnSync('tar', ['xzf', tarball, `package/${file}`], { cwd: folder });
  return tar.status === 0 ? path : undefined;
}

function folderOf(name: string, words: readonly string[]): string {
  return join(CACHE, [name, ...words].join('+').replace(/[^\w.@+-]/g, '_'));
}

function npm(folder: string, args: readonly string[]): boolean {
  const command = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const run = spawnSync(command, args, { cwd: folder, stdio: 'ignore', timeout: WITHIN_MS });
  return run.status === 0;
}
