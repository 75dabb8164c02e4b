/** Mappings and models, compiled; a mapping must fit its model and its integration's resource. */

import { mapRecord } from '../../kernel/map-record.ts';
import type { Integration } from '../document/plan.ts';
import { compileErrorRules } from '../limits/compile-error-rules.ts';
import type { Method, Resource } from '../method/plan.ts';
import { knownParams } from '../pieces/partition.ts';
import type { CompileContext } from '../template/context.ts';
import { compileTemplates, REQUEST_ROOTS } from '../template/values.ts';
import { memberPath } from './member-path.ts';
import type { Model, ModelResource } from './model.ts';
import type { ModelSource } from './model-source.ts';
import type { Mapping } from './plan.ts';
import type { MappingSource } from './source.ts';

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
    headers: compileTemplates(source.headers, ['headers'], REQUEST_ROOTS, context),
    fields: mapRecord(source.fields, (text, name) => context.expression(text, ['fields', name])),
    write:
      source.write &&
      mapRecord(source.write, (text, member) => {
        const path = ['write', member];
        if (!memberPath(member)) context.fault(path, 'must be names with dots between them');
        return context.expression(text, path);
      }),
    errors: compileErrorRules(source.errors, ['errors'], context),
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
  const methods = Object.values(source.methods);
  checkFilters(mapping, methods, context);
  checkHeaders(mapping, integration, context);
  if (mapping.write && !isWritable(source)) {
    context.fault(['write'], 'the resource has neither create nor update');
  }
}

/** Whether anything could take what `write` makes. */
export function isWritable({ methods }: Resource): boolean {
  return ['create', 'update'].some((name) => Object.hasOwn(methods, name));
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
    if (!methods.some((method) => knownParams(method).includes(param))) {
      context.fault(['params', filter], 'no method of the resource takes this parameter');
    }
  }
  if (mapping.since !== undefined && !methods.some((method) => method.incremental)) {
    context.fault(['since'], 'no method of the resource is incremental');
  }
}

/** A template that names an input which is not declared would fail at the first call. */
function checkHeaders(mapping: Mapping, integration: Integration, context: CompileContext): void {
  for (const [name, template] of Object.entries(mapping.headers)) {
    for (const [root, input = ''] of template.paths.map((place) => place.split('.'))) {
      if (root === 'conn' && !Object.hasOwn(integration.connection, input)) {
        context.fault(['headers', name], 'looks up a connection input that is not declared');
      }
    }
  }
}

function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
