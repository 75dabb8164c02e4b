/** The fixtures of a folder, parsed; what does not fit the schema, as faults with their lines. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FileFault } from '#shared/integration/catalogue/errors.ts';
import { schemaFaults } from '#shared/integration/catalogue/schema-faults.ts';
import { parseYaml } from '#shared/integration/catalogue/yaml-source.ts';
import { type Fixture, fixtureSchema } from './fixture.ts';

export interface NamedFixture {
  /** Within the folder of fixtures: `contacts.list.yaml`. */
  readonly name: string;
  readonly file: string;
  readonly fixture: Fixture;
}

export interface ReadFixtures {
  readonly fixtures: readonly NamedFixture[];
  readonly faults: readonly FileFault[];
}

/** @param folder of the integration: `integrations/<provider>` */
export function readFixtures(folder: string): ReadFixtures {
  const directory = path.join(folder, 'fixtures');
  const fixtures: NamedFixture[] = [];
  const faults: FileFault[] = [];
  const names = existsSync(directory) ? readdirSync(directory).sort() : [];
  for (const name of names.filter((entry) => entry.endsWith('.yaml'))) {
    const file = path.join(directory, name);
    const yaml = parseYaml(readFileSync(file, 'utf8'));
    const parsed = yaml.faults.length > 0 ? undefined : fixtureSchema.safeParse(yaml.value);
    if (parsed?.success) fixtures.push({ name, file, fixture: parsed.data });
    const found = parsed?.error ? schemaFaults(parsed.error).map(yaml.locate) : [];
    faults.push(...[...yaml.faults, ...found].map((fault) => ({ ...fault, file })));
  }
  return { fixtures, faults };
}
