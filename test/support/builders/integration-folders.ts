/** Every integration's folder, opened by itself: a fault in one is no failure of another's. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { type OpenedFolder, openFolder } from '../../../authoring/open-folder.ts';

const ROOT = path.join(__dirname, '../../../integrations');

export const integrationFolders: readonly OpenedFolder[] = readdirSync(ROOT, {
  withFileTypes: true,
})
  .filter((entry) => entry.isDirectory() && !/^[._]/.test(entry.name))
  .map(({ name }) => openFolder(path.join(ROOT, name)));
