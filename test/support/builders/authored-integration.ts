/** New integrations in a folder of their own, as `integration new` makes them, and changed from there. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type NewIntegration, scaffoldIntegration } from '../../../authoring/scaffold/scaffold.ts';

export function aNewIntegration(overrides: Partial<NewIntegration> = {}): string {
  return scaffoldIntegration({
    name: 'acme',
    directory: mkdtempSync(path.join(tmpdir(), 'millrace-kit-')),
    baseUrl: 'https://api.acme.com/v1',
    auth: 'token',
    pagination: 'cursor',
    maps: 'crm/contacts',
    ...overrides,
  });
}

/** Replaces text in one file of the folder; the text must be there. */
export function change(folder: string, file: string, from: string, to: string): void {
  const target = path.join(folder, file);
  const text = readFileSync(target, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} does not hold ${JSON.stringify(from)}`);
  writeFileSync(
    target,
    text.replace(from, () => to),
  );
}
