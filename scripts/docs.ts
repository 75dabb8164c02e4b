/**
 * Writes the pages that say what configuration and schemas say already: `docs/providers.md` and
 * `docs/schema/*.schema.json`. A test fails while a committed page is not what this writes.
 *
 * Usage   npm run docs
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { jsonSchemaText, SCHEMA_FILES } from '../authoring/docs/json-schemas.ts';
import { providersPage } from '../authoring/docs/providers.ts';
import { openFolder } from '../authoring/open-folder.ts';

const root = dirname(import.meta.dirname);

/** Path below the root → what must stand there. */
export function generatedDocs(): ReadonlyMap<string, string> {
  const integrations = join(root, 'integrations');
  const folders = readdirSync(integrations, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^[._]/.test(entry.name))
    .map(({ name }) => name)
    .sort()
    .map((name) => openFolder(join(integrations, name)));
  const schemas = Object.entries(SCHEMA_FILES).map(
    ([name, file]) => [`docs/schema/${name}`, jsonSchemaText(file)] as const,
  );
  return new Map([['docs/providers.md', providersPage(folders)], ...schemas]);
}

function run(): void {
  for (const [path, text] of generatedDocs()) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(path);
  }
}

if (import.meta.main) run();
