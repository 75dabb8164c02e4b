/**
 * Bundles and template, made anew only if what they are made from has changed.
 *
 * Assemblies lie in `dist/local/<settings>`, so that runtimes with the same settings share one and
 * a fresh data directory does not pay for a synthesis. Two starts at once take turns.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from '../scripts/build.ts';
import { synthesise } from '../scripts/synth.ts';
import { holdLock } from './data-dir.ts';

export interface Assembly {
  readonly directory: string;
  readonly stackName: string;
  /** The parsed template. */
  readonly template: unknown;
  /** Where V8 may keep compiled bundles. */
  readonly compileCacheDir: string;
}

const STACK_NAME = 'Millrace';
const DIST = join(dirname(import.meta.dirname), 'dist', 'local');
const TURN_MS = 120_000;
/** Longer than any runtime that may still load a bundle from it. */
const ASSET_LIFE_MS = 7 * 86_400_000;

/** @throws SynthesisError, for example for a setting that does not exist */
export async function prepareAssembly(
  settings: Readonly<Record<string, string>>,
): Promise<Assembly> {
  mkdirSync(DIST, { recursive: true });
  const release = holdLock(join(DIST, 'lock'), TURN_MS);
  if (!release) throw new Error('another start has been building for too long');
  try {
    const name = createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 16);
    const directory = join(DIST, name);
    await build();
    synthesise({ outDir: directory, settings });
    removeOldAssets(directory);
    return readAssembly(directory);
  } finally {
    release();
  }
}

/** An assembly as it lies there, whoever made it. */
export function readAssembly(directory: string): Assembly {
  return {
    directory,
    stackName: STACK_NAME,
    template: JSON.parse(readFileSync(join(directory, `${STACK_NAME}.template.json`), 'utf8')),
    compileCacheDir: join(DIST, 'compiled'),
  };
}

function removeOldAssets(directory: string): void {
  const wanted = readFileSync(join(directory, `${STACK_NAME}.assets.json`), 'utf8');
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (!name.startsWith('asset.') || wanted.includes(name) || !existsSync(path)) continue;
    if (Date.now() - statSync(path).mtimeMs > ASSET_LIFE_MS) {
      rmSync(path, { recursive: true, force: true });
    }
  }
}
