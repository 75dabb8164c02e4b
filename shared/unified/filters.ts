/**
 * A query as callers and jobs write it, made into what an integration's method takes.
 *
 * Shape   unified: `{ updated_at: { gt: "2026-01-01T00:00:00.000Z" }, ticket_id: "7" }`; native: the
 *         method's `params`, `since`, and the provider's own query parameters as they are
 * Errors  InvalidRequestError with every fault and its path
 */
import { recordAllowance } from '../expression/budget.ts';
import type { MappedFilter } from '../integration/mapping/plan.ts';
import type { Method } from '../integration/method/plan.ts';
import { knownParams, requiredParams } from '../integration/pieces/partition.ts';
import { type Fault, InvalidRequestError } from '../kernel/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../kernel/json.ts';
import type { ResolvedResource } from './resource-ref.ts';

export interface NativeQuery {
  readonly params: Readonly<Record<string, Json>>;
  readonly query: Readonly<Record<string, Json>>;
  readonly sinceMs: number | undefined;
  readonly remoteData: boolean;
}

/** Providers differ in whether their filter is inclusive; a record too many does no harm. */
const SINCE_OPERATORS = ['gt', 'gte'];

/** @throws InvalidRequestError with paths such as `query.updated_at.gt` */
export function toNativeQuery(target: ResolvedResource, query: JsonObject): NativeQuery {
  const { native, faults } = readQuery(target, query);
  if (faults.length === 0) return native;
  throw new InvalidRequestError('the query is not valid', faults.map(inQuery));
}

/** The same for whoever has more to find fault with; paths are the filters' own names. */
export function readQuery(
  target: ResolvedResource,
  query: JsonObject,
): { readonly native: NativeQuery; readonly faults: readonly Fault[] } {
  const builder = new QueryBuilder(target);
  for (const [name, value] of Object.entries(query)) builder.add(name, value);
  return builder.finish();
}

function inQuery(fault: Fault): Fault {
  return { ...fault, path: `query.${fault.path}` };
}

/**
 * What is wrong with a query before any value is known: names and operators. Values that are
 * placeholders are not looked at.
 */
export function checkQueryNames(target: ResolvedResource, query: JsonObject): readonly Fault[] {
  const faults: Fault[] = [];
  for (const [name, value] of Object.entries(query)) {
    const fault = nameFault(target, name, value);
    if (fault) faults.push(fault);
  }
  const given = givenParams(target, Object.keys(query));
  for (const param of neededParams(target)) {
    if (!given.has(param)) faults.push(missing(target, param));
  }
  return faults.map(inQuery);
}

/** What neither the resource's name nor the engine fills, value by value. */
export function neededParams({ method, resource, preset }: ResolvedResource): readonly string[] {
  const { discovered } = resource;
  const isFilled = method.partitions.some(({ param }) => param === discovered?.param);
  const which = discovered && !isFilled ? [discovered.param] : [];
  return [...new Set([...requiredParams(method), ...which])].filter(
    (param) => !Object.hasOwn(preset, param),
  );
}

function nameFault(target: ResolvedResource, name: string, value: Json): Fault | undefined {
  const path = name;
  if (name === 'include_remote_data') return undefined;
  if (name === sinceName(target)) {
    if (!isIncremental(target)) return { path, message: 'the method is not incremental' };
    return operatorFault(value, path);
  }
  const { unified } = target;
  if (!unified) return undefined;
  const known = paramOf(target, name) !== undefined || Object.hasOwn(unified.mapping.query, name);
  return known ? undefined : { path, message: 'is no filter that the integration maps' };
}

function operatorFault(value: Json, path: string): Fault | undefined {
  if (!isJsonObject(value)) return undefined;
  const operators = Object.keys(value);
  const wrong = operators.find((operator) => !SINCE_OPERATORS.includes(operator));
  if (wrong !== undefined)
    return { path: `${path}.${wrong}`, message: 'only gt and gte are known' };
  return operators.length === 1 ? undefined : { path, message: 'needs gt or gte' };
}

/** Unified resources name their own filter; native ones are asked by `since`. */
export function sinceName(target: ResolvedResource): string | undefined {
  if (target.unified) return target.unified.mapping.since;
  return isIncremental(target) ? 'since' : undefined;
}

export function isIncremental(target: ResolvedResource): boolean {
  return target.method.incremental !== undefined || changesMethod(target) !== undefined;
}

/**
 * Some providers filter by change at another address than they list at: where a resource declares
 * `changes`, a list that asks for what changed since goes there. Its first sync lists.
 */
export function asAsked(target: ResolvedResource, { sinceMs = 0 }: NativeQuery): ResolvedResource {
  const changes = sinceMs > 0 ? changesMethod(target) : undefined;
  return changes ? { ...target, method: changes } : target;
}

/** Where a resource lists at one address and tells of changes at another. */
function changesMethod({ method, resource }: ResolvedResource): Method | undefined {
  if (method.name !== 'list' || method.incremental) return undefined;
  const changes = resource.methods['changes'];
  return changes?.incremental ? changes : undefined;
}

function givenParams(target: ResolvedResource, names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => paramOf(target, name)).filter((name) => name !== undefined));
}

/** The method's parameter that a name of the query means. `id` means the same everywhere. */
function paramOf(
  { unified, method, resource }: ResolvedResource,
  name: string,
): string | undefined {
  if (unified && Object.hasOwn(unified.mapping.params, name)) return unified.mapping.params[name];
  if (unified && name !== 'id') return undefined;
  const isKnown = knownParams(method).includes(name) || name === resource.discovered?.param;
  return isKnown ? name : undefined;
}

function missing(target: ResolvedResource, param: string): Fault {
  const mapped = Object.entries(target.unified?.mapping.params ?? {});
  const name = mapped.find(([, native]) => native === param)?.[0] ?? param;
  return { path: name, message: 'is needed' };
}

class QueryBuilder {
  readonly #target: ResolvedResource;
  readonly #faults: Fault[] = [];
  readonly #params: Record<string, Json> = {};
  readonly #query: Record<string, Json> = {};
  #sinceMs: number | undefined;
  #remoteData = false;
  /** Of all filters together: operators make mappings, too. */
  readonly #allowance = recordAllowance();

  constructor(target: ResolvedResource) {
    this.#target = target;
  }

  finish(): { readonly native: NativeQuery; readonly faults: readonly Fault[] } {
    for (const param of neededParams(this.#target)) {
      const value = this.#params[param];
      const usable = typeof value === 'string' ? value !== '' : typeof value === 'number';
      if (!usable) this.#faults.push(missing(this.#target, param));
    }
    const native = {
      // What the path names is not for the query to change.
      params: { ...this.#params, ...this.#target.preset },
      query: this.#query,
      sinceMs: this.#sinceMs,
      remoteData: this.#remoteData,
    };
    return { native, faults: this.#faults };
  }

  add(name: string, value: Json): void {
    const fault = nameFault(this.#target, name, value);
    if (fault) this.#faults.push(fault);
    else if (name === 'include_remote_data') this.#remoteData = value === true || value === 'true';
    else if (name === sinceName(this.#target)) this.#addSince(name, value);
    else this.#addFilter(name, value);
  }

  #addSince(name: string, value: Json): void {
    const text = isJsonObject(value) ? (value['gt'] ?? value['gte']) : value;
    const atMs = typeof text === 'string' ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(atMs)) {
      this.#faults.push({ path: name, message: 'must be an instant in ISO 8601' });
    } else this.#sinceMs = atMs;
  }

  #addFilter(name: string, value: Json): void {
    const { unified } = this.#target;
    const param = paramOf(this.#target, name);
    const filter = unified?.mapping.query[name];
    if (param !== undefined) this.#params[param] = value;
    if (filter) this.#addMapped(name, filter, value);
    else if (!unified && param === undefined) this.#query[name] = value;
  }

  /** An expression that knows no counterpart yields nothing; asking without the filter would list too much. */
  #addMapped(name: string, { param, value: expression }: MappedFilter, value: Json): void {
    const native = expression ? expression.evaluate({ value }, {}, this.#allowance) : value;
    if (isParameter(native)) this.#query[param] = native;
    else if (native !== null) {
      this.#faults.push({ path: name, message: 'is no value that the provider can filter by' });
    }
  }
}

function isParameter(value: unknown): value is Json {
  return isScalar(value) || (Array.isArray(value) && value.every(isScalar));
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
