/** What the local runtime adds to every function's environment, beyond what the template says. */
import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readCatalogueFolder } from '#shared/integration/catalogue/read-catalogue.ts';
import { writeFileAtomically } from './files.ts';

export interface ExtrasOptions {
  readonly allowLoopbackTargets: boolean;
  /** Folders of integrations beside the repository's own. */
  readonly integrations: readonly string[];
  /** Where the catalogue with those folders goes. */
  readonly catalogueFile: string;
}

export class FolderMissingError extends Error {
  override readonly name = 'FolderMissingError';

  constructor(path: string) {
    super(`there is no folder of integrations at ${path}`);
  }
}

/** @throws FolderMissingError, IntegrationInvalidError with every fault of every file */
export function functionExtras(options: ExtrasOptions): Readonly<Record<string, string>> {
  const { allowLoopbackTargets, integrations, catalogueFile } = options;
  if (integrations.length > 0) {
    const own = join(dirname(import.meta.dirname), 'integrations');
    const folders = [own, ...integrations.map((folder) => existingFolder(resolve(folder)))];
    writeFileAtomically(catalogueFile, JSON.stringify(readCatalogueFolder(folders)));
  }
  return {
    // The only place in all of Millrace that sets it; an infra test sees that no template does.
    ...(allowLoopbackTargets && { ALLOW_LOOPBACK_TARGETS: 'true' }),
    ...(integrations.length > 0 && { CATALOGUE_FILE: catalogueFile }),
  };
}

function existingFolder(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  throw new FolderMissingError(path);
}
