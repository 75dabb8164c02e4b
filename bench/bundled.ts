/** A measured process, bundled as a function is, so that no compiler of types runs in it. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { readCatalogueFolder } from '../shared/integration/catalogue/read-catalogue.ts';

export interface Bundle {
  readonly file: string;
  /** Where it finds the catalogue. */
  readonly env: Readonly<Record<string, string>>;
  remove(): void;
}

/**
 * With the settings of scripts/build.ts that change what runs.
 *
 * @param integrations folders of integrations/ that the process needs, `_models` besides
 */
export async function bundled(entry: string, integrations: readonly string[]): Promise<Bundle> {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-bench-'));
  const file = path.join(folder, 'index.js');
  await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    outfile: file,
    logLevel: 'warning',
  });
  writeFileSync(path.join(folder, 'package.json'), '{"type":"commonjs"}\n');
  const sources = path.join(folder, 'integrations');
  for (const name of ['_models', ...integrations]) {
    cpSync(path.join('integrations', name), path.join(sources, name), { recursive: true });
  }
  const catalogue = path.join(folder, 'catalogue.json');
  writeFileSync(catalogue, JSON.stringify(readCatalogueFolder([sources])));
  return {
    file,
    env: { CATALOGUE_FILE: catalogue },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
