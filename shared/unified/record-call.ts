/**
 * What every call on records has in common: who asks for which resource of which account, and what
 * of the records is wanted.
 *
 * Shape   `query`: model filters or native parameters, as callers name them
 * Errors  InvalidRequestError with every fault of the query at once
 */
import type { IntegratedAccount } from '../account/integrated-account.ts';
import type { RateLimitState } from '../http/rate-limit.ts';
import { type Fault, InvalidRequestError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Transient } from '../kernel/transient.ts';
import { isIncremental, type NativeQuery, readQuery, sinceName } from './filters.ts';
import type { ResolvedResource, ResourceRef } from './resource-ref.ts';

export interface RecordCall {
  readonly requestId: string;
  readonly account: IntegratedAccount;
  readonly ref: ResourceRef;
  readonly query: JsonObject;
  /** Of a unified record: these alone. */
  readonly fields?: readonly string[] | undefined;
  /** Adds the provider's own record. */
  readonly remoteData?: boolean | undefined;
}

export interface RecordAnswer {
  readonly id: string | undefined;
  readonly record: Transient<JsonObject>;
  readonly rateLimit: RateLimitState | undefined;
}

/** What a target is asked with. @throws InvalidRequestError with these faults and all of its own */
export function queryOf(
  target: ResolvedResource,
  call: Pick<RecordCall, 'query' | 'fields' | 'remoteData'>,
  options: { readonly updatedAfter?: string | undefined; readonly faults?: readonly Fault[] } = {},
): NativeQuery {
  const since = sinceFilter(target, options.updatedAfter);
  const { native, faults } = readQuery(target, { ...call.query, ...since.filter });
  const all = onePerPath([
    ...faults,
    ...since.faults,
    ...fieldFaults(target, call.fields),
    ...(options.faults ?? []),
  ]);
  if (all.length > 0) throw new InvalidRequestError('the request is not valid', all);
  return { ...native, remoteData: call.remoteData ?? false };
}

/** A parameter may be missed as a filter and as a field. */
function onePerPath(faults: readonly Fault[]): readonly Fault[] {
  return [...new Map(faults.map((fault) => [fault.path, fault])).values()];
}

function sinceFilter(
  target: ResolvedResource,
  updatedAfter: string | undefined,
): { readonly filter: JsonObject; readonly faults: readonly Fault[] } {
  if (updatedAfter === undefined) return { filter: {}, faults: [] };
  const name = sinceName(target);
  if (name !== undefined && isIncremental(target)) {
    return { filter: { [name]: { gt: updatedAfter } }, faults: [] };
  }
  const message = 'the integration cannot tell what changed since, for this resource';
  return { filter: {}, faults: [{ path: 'updated_after', message }] };
}

function fieldFaults({ unified }: ResolvedResource, fields: readonly string[] = []): Fault[] {
  if (!unified) return [];
  return fields
    .filter((field) => !Object.hasOwn(unified.model.properties, field))
    .map((field) => ({ path: `fields.${field}`, message: 'is not a field of the model' }));
}

/** A record with the wanted fields alone; what is gone has none to choose from. */
export function selected(record: JsonObject, fields: readonly string[] | undefined): JsonObject {
  if (!fields || record['deleted'] === true) return record;
  const wanted = new Set([...fields, 'remote_data']);
  return Object.fromEntries(Object.entries(record).filter(([name]) => wanted.has(name)));
}
