/**
 * Reads folders of integrations into the plain JSON that {@link loadCatalogue} takes. Runs at
 * build time and in the local runtime, never in a deployed function.
 *
 * Shape   `_models/<model>.yaml`, `<provider>/integration.yaml`,
 *         `<provider>/mappings/<model>/<resource>.yaml`
 * Errors  IntegrationInvalidError with every fault of every file: file, line, path
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type * as z from 'zod';
import type { Fault } from '../../kernel/errors.ts';
import { compileIntegration } from '../document/compile.ts';
import type { Integration } from '../document/plan.ts';
import { integrationSource } from '../document/source.ts';
import { checkMapping, compileMapping, compileModel } from '../mapping/compile.ts';
import type { Model } from '../mapping/model.ts';
import { modelSource } from '../mapping/model-source.ts';
import { mappingFileSource } from '../mapping/source.ts';
import { createCompileContext } from '../template/context.ts';
import type { CatalogueSource } from './catalogue.ts';
import { type FileFault, IntegrationInvalidError } from './errors.ts';
import { schemaFaults } from './schema-faults.ts';
import { validateIntegration } from './validate-integration.ts';
import { parseYaml, type YamlSource } from './yaml-source.ts';

/** @throws IntegrationInvalidError */
export function readCatalogueFolder(directories: readonly string[]): CatalogueSource {
  const reader = new CatalogueReader();
  for (const directory of directories) reader.readModels(path.join(directory, '_models'));
  for (const directory of directories) {
    for (const name of foldersIn(directory)) {
      if (!name.startsWith('_')) reader.readIntegration(path.join(directory, name), name);
    }
  }
  return reader.finish();
}

export interface ReadIntegration {
  /** The integration, its mappings and all models; what has a fault is left out. */
  readonly source: CatalogueSource;
  readonly faults: readonly FileFault[];
}

/** One integration by itself, so that a fault of its neighbour's is no fault of its. */
export function readIntegrationFolder(
  folder: string,
  modelFolders: readonly string[],
): ReadIntegration {
  const reader = new CatalogueReader();
  for (const directory of modelFolders) reader.readModels(directory);
  reader.readIntegration(folder, path.basename(path.resolve(folder)));
  return reader.all();
}

/** @throws IntegrationInvalidError */
export function readModels(folders: readonly string[]): CatalogueSource['models'] {
  const reader = new CatalogueReader();
  for (const directory of folders) reader.readModels(directory);
  return reader.finish().models;
}

class CatalogueReader {
  readonly #faults: FileFault[] = [];
  readonly #models = new Map<string, Model>();
  readonly #names = new Set<string>();
  readonly #source: {
    integrations: CatalogueSource['integrations'];
    models: CatalogueSource['models'];
    mappings: CatalogueSource['mappings'];
  } = { integrations: [], models: [], mappings: [] };

  finish(): CatalogueSource {
    if (this.#faults.length > 0) throw new IntegrationInvalidError(this.#faults);
    return this.#source;
  }

  all(): ReadIntegration {
    return { source: this.#source, faults: this.#faults };
  }

  readModels(directory: string): void {
    for (const name of yamlIn(directory)) {
      const file = this.#open(path.join(directory, `${name}.yaml`), modelSource);
      if (!file) continue;
      file.mustEqual(['model'], file.value.model, name);
      if (this.#models.has(name)) file.fault(['model'], 'is declared in another folder too');
      this.#models.set(name, compileModel(file.value, file.context));
      file.close();
      this.#source.models.push(file.value);
    }
  }

  readIntegration(directory: string, name: string): void {
    const target = path.join(directory, 'integration.yaml');
    const mappings = path.join(directory, 'mappings');
    const file = this.#open(target, integrationSource, (text) => validateIntegration(text).faults);
    if (!file) {
      this.#readMappings(mappings, name, undefined);
      return;
    }
    file.mustEqual(['provider'], file.value.provider, name);
    if (this.#names.has(name)) file.fault(['provider'], 'is declared in another folder too');
    this.#names.add(name);
    const integration = compileIntegration(file.value, {}, file.context);
    file.close();
    this.#source.integrations.push(file.value);
    this.#readMappings(mappings, name, integration);
  }

  /** Without an integration to compare them with, mappings are judged by themselves. */
  #readMappings(directory: string, provider: string, integration: Integration | undefined): void {
    for (const model of foldersIn(directory)) {
      for (const resource of yamlIn(path.join(directory, model))) {
        const name = path.join(directory, model, `${resource}.yaml`);
        const file = this.#open(name, mappingFileSource);
        if (!file) continue;
        const source = { ...file.value, integration: provider, model, resource };
        const mapping = compileMapping(source, file.context);
        if (integration) {
          checkMapping(mapping, integration, this.#models.get(model), file.context);
        }
        file.close();
        this.#source.mappings.push(source);
      }
    }
  }

  /**
   * Undefined where the file does not fit its schema; its faults are then noted: those of the
   * schema, or all that `judge` finds.
   */
  #open<Schema extends z.ZodType>(
    file: string,
    schema: Schema,
    judge?: (text: string) => readonly Fault[],
  ): OpenFile<z.output<Schema>> | undefined {
    if (!existsSync(file)) {
      this.#faults.push({ file, path: '', message: 'the file is missing' });
      return undefined;
    }
    const text = readFileSync(file, 'utf8');
    const yaml = parseYaml(text);
    const note = (faults: readonly Fault[]) => {
      for (const fault of faults) this.#faults.push({ ...fault, file });
    };
    if (yaml.faults.length > 0) {
      note(yaml.faults);
      return undefined;
    }
    const parsed = schema.safeParse(yaml.value);
    if (!parsed.success) {
      note(judge ? judge(text) : schemaFaults(parsed.error).map(yaml.locate));
      return undefined;
    }
    return openFile(parsed.data, yaml, note);
  }
}

function openFile<Value>(value: Value, yaml: YamlSource, note: (faults: readonly Fault[]) => void) {
  const context = createCompileContext();
  return {
    value,
    context,
    fault: context.fault,
    mustEqual(at: readonly string[], found: string, expected: string) {
      if (found !== expected) context.fault(at, 'must be the name that the path gives');
    },
    /** Notes what compilation found. */
    close: () => note(context.faults.map(yaml.locate)),
  };
}

type OpenFile<Value> = ReturnType<typeof openFile<Value>>;

function foldersIn(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
}

function yamlIn(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort();
}
