/** The catalogue that the build put beside the function. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { type Catalogue, loadCatalogue } from '../../integration/catalogue/catalogue.ts';

export const catalogueSettings = {
  /** Default: `catalogue.json` in the function's own folder. */
  CATALOGUE_FILE: z.string().min(1).optional(),
} as const;

/** @param folder of the function, where its bundle is */
export function readCatalogueFile(
  { CATALOGUE_FILE: file }: { readonly CATALOGUE_FILE?: string | undefined },
  folder: string,
): Catalogue {
  const text = readFileSync(file ?? join(folder, 'catalogue.json'), 'utf8');
  return loadCatalogue(JSON.parse(text));
}
