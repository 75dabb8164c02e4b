/** Mappings and models, compiled; a mapping must fit its model and its integration's resource. */
import type { Integration, Method } from '../integration.ts';
import type { Mapping } from '../mapping.ts';
import type { Model, ModelResource } from '../model.ts';
import type { MappingSource } from '../schema/mapping.ts';
import type { ModelSource } from '../schema/model.ts';
import type { CompileContext } from './context.ts';
import { mapRecord } from './values.ts';

export function compileModel(source: ModelSource, context: CompileContext): Model {
  return {
    name: source.model,
    title: source.title,
    resources: mapRecord(source.resources, (resource, name): ModelResource => {
      for (const reserved of ['custom_fields', 'remote_data']) {
        if (!Object.hasOwn(resource.properties, reserved)) continue;
        context.fault(['resources', name, 'properties', reserved], 'is in every record already');
      }
      for (const [index, field] of resource.required.entries()) {
        if (Object.hasOwn(resource.properties, field)) continue;
        context.fault(['resources', name, 'required', index], 'is not among the properties');
      }
      return {
        name,
        description: resource.description,
        properties: { ...resource.properties, custom_fields: { type: 'object' } },
        required: resource.required,
      };
    }),
  };
}

export function compileMapping(source: MappingSource, context: CompileContext): Mapping {
  return {
    integration: source.integration,
    model: source.model,
    resource: source.resource,
    source: source.source,
    since: source.since,
    params: source.params,
    query: mapRecord(source.query, (filter, name) => ({
      param: filter.param,
      value: context.optionalExpression(filter.value, ['query', name, 'value']),
    })),
    fields: mapRecord(source.fields, (text, name) => context.expression(text, ['fields', name])),
  };
}

/** What a mapping says of its model and its integration must be true of them. */
export function checkMapping(
  mapping: Mapping,
  integration: Integration,
  model: Model | undefined,
  context: CompileContext,
): void {
  const resource = model && own(model.resources, mapping.resource);
  if (resource) checkFields(mapping, resource, context);
  else context.fault([], 'the model has no such resource');
  const source = own(integration.resources, mapping.source);
  if (!source) {
    context.fault(['source'], 'the integration has no such resource');
    return;
  }
  checkFilters(mapping, Object.values(source.methods), context);
}

function checkFields(mapping: Mapping, resource: ModelResource, context: CompileContext): void {
  for (const field of Object.keys(mapping.fields)) {
    if (!Object.hasOwn(resource.properties, field)) {
      context.fault(['fields', field], 'is not a field of the model');
    }
  }
  for (const field of resource.required) {
    if (!Object.hasOwn(mapping.fields, field)) {
      context.fault(['fields'], `the model requires \`${field}\``);
    }
  }
}

function checkFilters(mapping: Mapping, methods: readonly Method[], context: CompileContext): void {
  for (const [filter, param] of Object.entries(mapping.params)) {
    if (!methods.some((method) => method.params.includes(param))) {
      context.fault(['params', filter], 'no method of the resource takes this parameter');
    }
  }
  if (mapping.since !== undefined && !methods.some((method) => method.incremental)) {
    context.fault(['since'], 'no method of the resource is incremental');
  }
}

function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
