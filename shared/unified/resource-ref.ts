/**
 * What a job or a caller names: `ticketing/tickets` is a unified model's resource, `tickets` the
 * integration's own.
 *
 * Errors  UnprocessableError with the path of what does not exist
 */
import type { Catalogue } from '../integration/catalogue.ts';
import type { Integration, Method, Resource } from '../integration/integration.ts';
import type { Mapping } from '../integration/mapping.ts';
import type { ModelResource } from '../integration/model.ts';
import { type Fault, UnprocessableError } from '../kernel/errors.ts';

export interface ResolvedResource {
  readonly integration: Integration;
  readonly resource: Resource;
  readonly method: Method;
  /** Present where a unified resource was named. */
  readonly unified: { readonly mapping: Mapping; readonly model: ModelResource } | undefined;
}

/** @throws UnprocessableError */
export function resolveResource(
  catalogue: Catalogue,
  integration: string,
  resource: string,
  method: string,
): ResolvedResource {
  const found = findResource(catalogue, integration, resource, method);
  if (isFault(found)) {
    throw new UnprocessableError('the integration cannot be asked for that', [found]);
  }
  return found;
}

/** The resource, or what is wrong: `path` is `integration_name`, `resource` or `method`. */
export function findResource(
  catalogue: Catalogue,
  integrationName: string,
  name: string,
  methodName: string,
): ResolvedResource | Fault {
  const integration = catalogue.integration(integrationName);
  if (!integration)
    return { path: 'integration_name', message: 'is no integration of the catalogue' };
  const unified = name.includes('/') ? findUnified(catalogue, integrationName, name) : undefined;
  if (unified && isFault(unified)) return unified;
  const resource = own(integration.resources, unified?.mapping.source ?? name);
  if (!resource) return { path: 'resource', message: 'is no resource of the integration' };
  const method = own(resource.methods, methodName);
  if (!method) return { path: 'method', message: 'is no method of the resource' };
  if (!reads(method)) return { path: 'method', message: 'does not read' };
  return { integration, resource, method, unified };
}

/** A sync or a list must never write, whatever a method is called. */
function reads(method: Method): boolean {
  return method.records !== undefined || (method.name === 'get' && method.record !== undefined);
}

function findUnified(
  catalogue: Catalogue,
  integration: string,
  name: string,
): NonNullable<ResolvedResource['unified']> | Fault {
  const [modelName = '', resourceName = ''] = name.split('/');
  const model = own(catalogue.model(modelName)?.resources ?? {}, resourceName);
  if (!model) return { path: 'resource', message: 'is no resource of a unified model' };
  const mapping = catalogue.mapping(integration, modelName, resourceName);
  if (!mapping) return { path: 'resource', message: 'is not mapped by the integration' };
  return { mapping, model };
}

function isFault(found: object): found is Fault {
  return 'message' in found;
}

function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
