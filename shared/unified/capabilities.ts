/**
 * What can be called: an integration's own resources, and the unified ones it maps, each with its
 * methods, parameters and fields. For an account, only what its way to authenticate may call, mapped
 * as its records are.
 *
 * Schemas are JSON Schema 2020-12, so that SDKs, forms and agents can work from them alone.
 */
import type { Integration } from '../integration/document/plan.ts';
import type { Model, ModelResource } from '../integration/mapping/model.ts';
import type { FieldSource } from '../integration/mapping/model-source.ts';
import type { Mapping } from '../integration/mapping/plan.ts';
import type { Method, Resource } from '../integration/method/plan.ts';
import { knownParams } from '../integration/pieces/partition.ts';
import { neededParams } from './filters.ts';
import { writableFields } from './input-faults.ts';
import { sizeOf } from './mapped-method.ts';
import { type Noun, reads } from './resource-ref.ts';
import { mayCall, supportedVerbs, type Verb } from './supported.ts';

export interface MethodCapability {
  readonly httpMethod: string;
  readonly path: string;
  readonly reads: boolean;
  /** Parameters that callers may give, and those they must. */
  readonly params: readonly { readonly name: string; readonly required: boolean }[];
  readonly pages: boolean;
  /** Records a page at most; undefined: the provider decides. */
  readonly pageSize: number | undefined;
  /** Whether it can tell what changed since. */
  readonly incremental: boolean;
}

export interface ResourceCapability {
  readonly verbs: readonly Verb[];
  readonly methods: Readonly<Record<string, MethodCapability>>;
  /** Callers name one of those that it stands for: `objects:cars`. */
  readonly isNamed: boolean;
}

export interface UnifiedCapability {
  /** The integration's own resource. */
  readonly source: string;
  readonly verbs: readonly Verb[];
  readonly incremental: boolean;
  readonly filters: readonly { readonly name: string; readonly required: boolean }[];
  readonly fields: Readonly<Record<string, FieldCapability>>;
  readonly outputSchema: JsonSchema;
  /** Undefined where it cannot be written. */
  readonly inputSchema: JsonSchema | undefined;
}

export interface FieldCapability {
  /** Whether the integration fills it. */
  readonly mapped: boolean;
  readonly writable: boolean;
}

export type JsonSchema = Readonly<Record<string, unknown>>;

export function resourceCapability(
  integration: Integration,
  resource: Resource,
  auth: string | undefined,
): ResourceCapability {
  const noun: Noun = { integration, resource, preset: {}, unified: undefined };
  const methods = Object.values(resource.methods).filter((method) => mayCall(method, auth));
  return {
    verbs: supportedVerbs(noun, auth),
    methods: Object.fromEntries(
      methods.map((method) => [method.name, methodCapability(noun, method)]),
    ),
    isNamed: resource.discovered !== undefined,
  };
}

function methodCapability(noun: Noun, method: Method): MethodCapability {
  const needed = neededParams({ ...noun, method });
  const names = new Set([...knownParams(method), ...needed]);
  return {
    httpMethod: method.httpMethod,
    path: method.path.text,
    reads: reads(method),
    params: [...names].map((name) => ({ name, required: needed.includes(name) })),
    pages: method.pagination.kind !== 'none',
    pageSize: sizeOf(method.pagination),
    incremental: method.incremental !== undefined,
  };
}

/** Undefined where the mapping's resource is not there. */
export function unifiedCapability(
  integration: Integration,
  mapping: Mapping,
  model: ModelResource,
  auth: string | undefined,
): UnifiedCapability | undefined {
  const resource = integration.resources[mapping.source];
  if (!resource) return undefined;
  const noun: Noun = { integration, resource, preset: {}, unified: { mapping, model } };
  const verbs = supportedVerbs(noun, auth);
  const writes = verbs.includes('create') || verbs.includes('update');
  const writable = writes ? writableOf(mapping, model, verbs) : new Set<string>();
  return {
    source: mapping.source,
    verbs,
    incremental: mapping.since !== undefined,
    filters: filtersOf(noun),
    fields: Object.fromEntries(
      Object.keys(model.properties).map((name) => [
        name,
        { mapped: Object.hasOwn(mapping.fields, name), writable: writable.has(name) },
      ]),
    ),
    outputSchema: outputSchema(model),
    inputSchema: writes ? inputSchema(model, writable) : undefined,
  };
}

/** A parameter of a new record's path is written as a field. */
function writableOf(
  mapping: Mapping,
  model: ModelResource,
  verbs: readonly Verb[],
): ReadonlySet<string> {
  const params = verbs.includes('create') ? Object.keys(mapping.params) : [];
  const fields = params.filter((name) => Object.hasOwn(model.properties, name) && name !== 'id');
  return new Set([...writableFields(model, mapping), ...fields]);
}

function filtersOf(noun: Noun): UnifiedCapability['filters'] {
  const { mapping } = noun.unified ?? {};
  const list = noun.resource.methods['list'];
  if (!mapping || !list) return [];
  const needed = neededParams({ ...noun, method: list });
  const params = Object.entries(mapping.params).filter(([, param]) =>
    knownParams(list).includes(param),
  );
  return [
    ...params.map(([name, param]) => ({ name, required: needed.includes(param) })),
    ...Object.keys(mapping.query).map((name) => ({ name, required: false })),
  ];
}

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** As `GET` answers it. */
function outputSchema({ description, properties, required }: ModelResource): JsonSchema {
  const members = Object.entries(properties).map(([name, field]) => {
    const isAlways = required.includes(name) || name === 'custom_fields';
    return [name, isAlways ? field : orNull(field)] as const;
  });
  return {
    $schema: DIALECT,
    type: 'object',
    ...(description === undefined ? {} : { description }),
    properties: {
      ...Object.fromEntries(members),
      remote_data: { type: 'object', description: "The provider's own record, on request." },
    },
    required: Object.keys(properties),
  };
}

/** As `POST` takes it; `PATCH` takes the same, with nothing required. */
function inputSchema(model: ModelResource, writable: ReadonlySet<string>): JsonSchema {
  const members = Object.entries(model.properties).filter(([name]) => writable.has(name));
  return {
    $schema: DIALECT,
    type: 'object',
    properties: Object.fromEntries(
      members.map(([name, field]) => [
        name,
        model.required.includes(name) || name === 'custom_fields' ? field : orNull(field),
      ]),
    ),
    required: model.required.filter((name) => writable.has(name)),
    additionalProperties: false,
  };
}

function orNull(field: FieldSource): FieldSource {
  const types = typeof field.type === 'string' ? [field.type] : field.type;
  if (types.includes('null') || types.includes('array')) return field;
  return { ...field, type: [...types, 'null'] };
}

/** Every unified resource that an integration maps: model by model. */
export function mappedNames(
  integration: Integration,
  model: (name: string) => Model | undefined,
): readonly { readonly model: string; readonly resource: ModelResource }[] {
  return Object.entries(integration.models).flatMap(([name, resources]) =>
    resources.flatMap((each) => {
      const resource = model(name)?.resources[each];
      return resource ? [{ model: name, resource }] : [];
    }),
  );
}
