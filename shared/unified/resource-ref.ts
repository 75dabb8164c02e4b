/**
 * What a job or a caller names: `ticketing/tickets` is a unified model's resource, `tickets` the
 * integration's own, `objects:cars` one of those that a resource stands for.
 *
 * Errors  UnprocessableError with the path of what does not exist
 */
import type { IntegratedAccount } from '../account/integrated-account.ts';
import type { Catalogue } from '../integration/catalogue/catalogue.ts';
import type { Integration } from '../integration/document/plan.ts';
import type { ModelResource } from '../integration/mapping/model.ts';
import type { Mapping } from '../integration/mapping/plan.ts';
import type { Method, Resource } from '../integration/method/plan.ts';
import { type Fault, UnprocessableError } from '../kernel/errors.ts';
import type { FindMapping } from '../mapping/mapping-source.ts';

/** A resource, before anybody said what is to be done to it. */
export interface Noun {
  readonly integration: Integration;
  readonly resource: Resource;
  /** Parameters that the name itself gives. */
  readonly preset: Readonly<Record<string, string>>;
  /** Present where a unified resource was named. */
  readonly unified: { readonly mapping: Mapping; readonly model: ModelResource } | undefined;
}

export interface ResolvedResource extends Noun {
  readonly method: Method;
}

/** A name taken apart. */
export interface ResourceRef {
  /** Of a unified resource. */
  readonly model?: string;
  /** With what it stands for, if any: `objects:cars`. */
  readonly resource: string;
}

export function parseRef(name: string): ResourceRef {
  const [slash, colon] = [name.indexOf('/'), name.indexOf(':')];
  if (slash < 0 || (colon >= 0 && colon < slash)) return { resource: name };
  return { model: name.slice(0, slash), resource: name.slice(slash + 1) };
}

/** Finds what an account's caller names, mapped as that account's records are. */
export type FindNoun = (account: IntegratedAccount, ref: ResourceRef) => Promise<Noun | Fault>;

export function createFindNoun(deps: {
  readonly catalogue: Catalogue;
  readonly findMapping: FindMapping;
}): FindNoun {
  return async (account, ref) => {
    const { model, resource } = ref;
    const mapping =
      model === undefined ? undefined : await deps.findMapping(account, model, resource);
    return findNoun(deps.catalogue, account.integration, ref, () => mapping);
  };
}

/** @throws UnprocessableError */
export function readingOf(noun: Noun | Fault, methodName: string): ResolvedResource {
  const found = isFault(noun) ? noun : withReading(noun, methodName);
  if (!isFault(found)) return found;
  throw new UnprocessableError('the integration cannot be asked for that', [found]);
}

/** The resource, or what is wrong: `path` is `integration_name`, `resource` or `method`. */
export function findResource(
  catalogue: Catalogue,
  integrationName: string,
  name: string,
  methodName: string,
): ResolvedResource | Fault {
  const noun = findNoun(catalogue, integrationName, parseRef(name), (model, resource) =>
    catalogue.mapping(integrationName, model, resource),
  );
  return isFault(noun) ? noun : withReading(noun, methodName);
}

function withReading(noun: Noun, methodName: string): ResolvedResource | Fault {
  const method = own(noun.resource.methods, methodName);
  if (!method) return { path: 'method', message: 'is no method of the resource' };
  if (!reads(method)) return { path: 'method', message: 'does not read' };
  return { ...noun, method };
}

/** A sync or a list must never write, whatever a method is called. */
export function reads(method: Method): boolean {
  return method.records !== undefined || (method.name === 'get' && method.record !== undefined);
}

function findNoun(
  catalogue: Catalogue,
  integrationName: string,
  { model, resource: name }: ResourceRef,
  mappingOf: (model: string, resource: string) => Mapping | undefined,
): Noun | Fault {
  const integration = catalogue.integration(integrationName);
  if (!integration) {
    return { path: 'integration_name', message: 'is no integration of the catalogue' };
  }
  const unified = model === undefined ? undefined : findUnified(catalogue, model, name, mappingOf);
  if (unified && isFault(unified)) return unified;
  const native = nativeName(unified?.mapping.source ?? name);
  const resource = own(integration.resources, native.resource);
  if (!resource || (native.instance !== undefined && !resource.discovered)) {
    return { path: 'resource', message: 'is no resource of the integration' };
  }
  const preset =
    resource.discovered && native.instance !== undefined
      ? { [resource.discovered.param]: native.instance }
      : {};
  return { integration, resource, preset, unified };
}

/** `objects:cars`: the resource, and which of those that it stands for. */
function nativeName(name: string): { readonly resource: string; readonly instance?: string } {
  const at = name.indexOf(':');
  if (at < 0) return { resource: name };
  return { resource: name.slice(0, at), instance: name.slice(at + 1) };
}

function findUnified(
  catalogue: Catalogue,
  modelName: string,
  resource: string,
  mappingOf: (model: string, resource: string) => Mapping | undefined,
): NonNullable<Noun['unified']> | Fault {
  const model = own(catalogue.model(modelName)?.resources ?? {}, resource);
  if (!model) return { path: 'resource', message: 'is no resource of a unified model' };
  const mapping = mappingOf(modelName, resource);
  if (!mapping) return { path: 'resource', message: 'is not mapped by the integration' };
  return { mapping, model };
}

export function isFault(found: object): found is Fault {
  return 'message' in found;
}

function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
