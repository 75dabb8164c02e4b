/**
 * An integration's folder, opened by itself: what is wrong with any of its files, and where nothing
 * is, the catalogue that the engine runs on.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Catalogue, loadCatalogue } from '#shared/integration/catalogue/catalogue.ts';
import type { FileFault } from '#shared/integration/catalogue/errors.ts';
import { readIntegrationFolder } from '#shared/integration/catalogue/read-catalogue.ts';
import { parseYaml, type YamlSource } from '#shared/integration/catalogue/yaml-source.ts';
import { compileIntegration } from '#shared/integration/document/compile.ts';
import type { Integration } from '#shared/integration/document/plan.ts';
import { type IntegrationSource, integrationSource } from '#shared/integration/document/source.ts';
import { compileMapping } from '#shared/integration/mapping/compile.ts';
import { mappingSource } from '#shared/integration/mapping/source.ts';
import { createCompileContext } from '#shared/integration/template/context.ts';
import { type NamedFixture, readFixtures } from './fixtures/read-fixtures.ts';
import { collectExpressions, type LintedMapping, type WrittenExpression } from './lint/rule.ts';

export interface OpenedFolder {
  readonly folder: string;
  /** Of the integration: the folder's. */
  readonly name: string;
  readonly faults: readonly FileFault[];
  /** Undefined where integration.yaml or a mapping has a fault. */
  readonly integration: OpenedIntegration | undefined;
  readonly fixtures: readonly NamedFixture[];
}

export interface OpenedIntegration {
  readonly file: string;
  readonly source: IntegrationSource;
  readonly compiled: Integration;
  readonly catalogue: Catalogue;
  readonly expressions: readonly WrittenExpression[];
  readonly mappings: readonly LintedMapping[];
}

const OWN_MODELS = path.join(import.meta.dirname, '../integrations/_models');

export function openFolder(folder: string): OpenedFolder {
  const read = readIntegrationFolder(folder, modelFolders(folder));
  const { fixtures, faults } = readFixtures(folder);
  const name = path.basename(path.resolve(folder));
  const integration = read.faults.length > 0 ? undefined : openIntegration(folder, read.source);
  return { folder, name, faults: [...read.faults, ...faults], integration, fixtures };
}

/** The models beside the folder; where there are none, our own. */
export function modelFolders(folder: string): readonly string[] {
  const beside = path.resolve(folder, '../_models');
  return existsSync(beside) ? [beside] : [OWN_MODELS];
}

function openIntegration(
  folder: string,
  read: ReturnType<typeof readIntegrationFolder>['source'],
): OpenedIntegration | undefined {
  const catalogue = loadCatalogue(read);
  const [compiled] = catalogue.list();
  const [entry] = read.integrations;
  if (!compiled || !entry) return undefined;
  const source = integrationSource.parse(entry);
  return {
    file: path.join(folder, 'integration.yaml'),
    source,
    compiled,
    catalogue,
    expressions: collectExpressions(createCompileContext(), (context) =>
      compileIntegration(source, {}, context),
    ),
    mappings: read.mappings.map((mapping): LintedMapping => {
      const parsed = mappingSource.parse(mapping);
      return {
        file: path.join(folder, 'mappings', parsed.model, `${parsed.resource}.yaml`),
        source: parsed,
        expressions: collectExpressions(createCompileContext(), (context) =>
          compileMapping(parsed, context),
        ),
      };
    }),
  };
}

/** The file again, with its lines. */
export function readYamlFile(file: string): { readonly text: string; readonly yaml: YamlSource } {
  const text = readFileSync(file, 'utf8');
  return { text, yaml: parseYaml(text) };
}
