/**
 * The first environment and its two keys, made once and remembered in the data directory.
 *
 * Shape   `keys.json`, readable by the owner only: `{ environmentId, adminKey, apiKey }`
 */
import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { readKeyText } from '#shared/access/api-key.ts';
import { createApiKeyStore } from '#shared/access/api-key-store.ts';
import { type BootstrapDeps, bootstrapEnvironment } from '#shared/access/bootstrap-environment.ts';
import { writeFileAtomically } from './files.ts';

const keysSchema = z.object({
  environmentId: z.string(),
  adminKey: z.string(),
  apiKey: z.string(),
});

export type LocalKeys = Readonly<z.output<typeof keysSchema>>;

export async function bootstrapKeys(deps: BootstrapDeps, keysFile: string): Promise<LocalKeys> {
  const store = createApiKeyStore(deps);
  const remembered = existsSync(keysFile)
    ? keysSchema.parse(JSON.parse(readFileSync(keysFile, 'utf8')))
    : undefined;
  const presented = remembered && readKeyText(remembered.adminKey);
  // An endpoint elsewhere may have lost its state while the folder kept the keys.
  if (remembered && presented && (await store.find(presented.id))) return remembered;

  const { environment, adminKey } = await bootstrapEnvironment(deps, { name: 'local' });
  const { key: apiKey } = await store.create(environment.id, {
    name: 'local',
    scopes: ['read', 'write', 'proxy', 'sync'],
  });
  const keys = { environmentId: environment.id, adminKey, apiKey };
  writeFileAtomically(keysFile, `${JSON.stringify(keys, null, 2)}\n`);
  return keys;
}
