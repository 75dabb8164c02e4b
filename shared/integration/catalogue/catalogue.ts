/**
 * The catalogue: every integration, unified model and mapping that a deployment knows.
 *
 * The build has validated it (read-catalogue.ts), so a function that serves one provider compiles
 * that provider's part alone, when it is first asked for.
 *
 * Shape   `{ integrations, models, mappings }`, each a list of sources as in schema/
 * Errors  IntegrationInvalidError
 */
import * as z from 'zod';
import { compileIntegration } from '../document/compile.ts';
import type { Integration } from '../document/plan.ts';
import { integrationSource } from '../document/source.ts';
import { checkMapping, compileMapping, compileModel } from '../mapping/compile.ts';
import type { Model } from '../mapping/model.ts';
import { modelSource } from '../mapping/model-source.ts';
import type { Mapping } from '../mapping/plan.ts';
import { type MappingSource, mappingSource } from '../mapping/source.ts';
import { type CompileContext, createCompileContext, toFaults } from '../template/context.ts';
import { IntegrationInvalidError } from './errors.ts';
import { schemaFaults } from './schema-faults.ts';

export interface Catalogue {
  integration(name: string): Integration | undefined;
  list(): readonly Integration[];
  model(name: string): Model | undefined;
  models(): readonly Model[];
  mapping(integration: string, model: string, resource: string): Mapping | undefined;
}

const catalogueShape = z.object({
  integrations: z.array(z.looseObject({ provider: z.string() })),
  models: z.array(z.looseObject({ model: z.string() })),
  mappings: z.array(
    z.looseObject({ integration: z.string(), model: z.string(), resource: z.string() }),
  ),
});
export type CatalogueSource = z.output<typeof catalogueShape>;

/** @throws IntegrationInvalidError here for the outer shape, on first use for one part */
export function loadCatalogue(json: unknown): Catalogue {
  const source = parse(catalogueShape, json);
  const integrations = lazily(
    source.integrations.map((entry) => [
      entry.provider,
      () => {
        const models = modelsMappedBy(entry.provider, source);
        const parsed = parse(integrationSource, entry);
        return compiled((context) => compileIntegration(parsed, models, context));
      },
    ]),
  );
  const models = lazily(
    source.models.map((entry) => [
      entry.model,
      () => compiled((context) => compileModel(parse(modelSource, entry), context)),
    ]),
  );
  const mappings = lazily(
    source.mappings.map((entry) => [
      mappingKey(entry.integration, entry.model, entry.resource),
      () => createMapping(parse(mappingSource, entry), integrations, models),
    ]),
  );
  return {
    integration: integrations.find,
    list: () => integrations.all(),
    model: models.find,
    models: () => models.all(),
    mapping: (integration, model, resource) =>
      mappings.find(mappingKey(integration, model, resource)),
  };
}

function createMapping(
  source: MappingSource,
  integrations: Lazy<Integration>,
  models: Lazy<Model>,
): Mapping | undefined {
  const integration = integrations.find(source.integration);
  if (!integration) return undefined;
  return compiled((context) => {
    const mapping = compileMapping(source, context);
    checkMapping(mapping, integration, models.find(source.model), context);
    return mapping;
  });
}

function compiled<Part>(compile: (context: CompileContext) => Part): Part {
  const context = createCompileContext();
  const part = compile(context);
  if (context.faults.length > 0) throw new IntegrationInvalidError(toFaults(context.faults));
  return part;
}

function modelsMappedBy(integration: string, source: CatalogueSource): Integration['models'] {
  const models: Record<string, string[]> = {};
  for (const mapping of source.mappings) {
    if (mapping.integration !== integration) continue;
    models[mapping.model] = [...(models[mapping.model] ?? []), mapping.resource];
  }
  return models;
}

function mappingKey(integration: string, model: string, resource: string): string {
  return `${integration}/${model}/${resource}`;
}

interface Lazy<Part> {
  find(name: string): Part | undefined;
  all(): readonly Part[];
}

function lazily<Part>(
  entries: readonly (readonly [string, () => Part])[],
): Lazy<NonNullable<Part>> {
  const makers = new Map(entries);
  const made = new Map<string, NonNullable<Part>>();
  const find = (name: string) => {
    const present = made.get(name);
    if (present !== undefined) return present;
    const part = makers.get(name)?.();
    if (part !== undefined && part !== null) made.set(name, part);
    return part ?? undefined;
  };
  return {
    find,
    all: () => [...makers.keys()].map(find).filter((part) => part !== undefined),
  };
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new IntegrationInvalidError(toFaults(schemaFaults(parsed.error)));
}
