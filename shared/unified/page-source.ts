/**
 * Where pages come from: an integration's own resource, or a unified one through its mapping.
 *
 * The shapes are those of sync/page-source.ts, a port that stands a floor above this one.
 *
 * Errors  UnprocessableError and InvalidRequestError for what cannot be asked; those of ListPage
 */
import type { IntegratedAccount } from '../account/integrated-account.ts';
import type { Catalogue } from '../integration/catalogue.ts';
import type { Method } from '../integration/integration.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import { Transient } from '../kernel/transient.ts';
import { type ApplyMapping, createApplyMapping, type Mapped } from '../mapping/apply.ts';
import type { ProviderDeps } from '../proxy/exchange.ts';
import { createListPage, type ListedPage, type ListedRecord } from '../proxy/list-page.ts';
import { createCallProvider } from '../proxy/provider-client.ts';
import { changesMethod, type NativeQuery, toNativeQuery } from './filters.ts';
import { type ResolvedResource, resolveResource } from './resource-ref.ts';

export interface UnifiedPageRequest {
  readonly requestId: string;
  readonly account: IntegratedAccount;
  /** `ticketing/tickets` (unified) or `tickets` (the integration's own). */
  readonly resource: string;
  readonly method: string;
  /** Unified filters, or native parameters; `include_remote_data: true` on request. */
  readonly query: Transient<JsonObject>;
  /** `next` of the page before. */
  readonly cursor?: Json;
}

export type FetchUnifiedPage = (request: UnifiedPageRequest) => Promise<ListedPage>;

export function createFetchPage(
  deps: ProviderDeps & { readonly catalogue: Catalogue },
): FetchUnifiedPage {
  const listPage = createListPage(createCallProvider(deps));
  const mappings = new WeakMap<object, ApplyMapping>();
  const applyOf = (unified: NonNullable<ResolvedResource['unified']>): ApplyMapping => {
    const known = mappings.get(unified.mapping);
    if (known) return known;
    const made = createApplyMapping(unified.mapping, unified.model);
    mappings.set(unified.mapping, made);
    return made;
  };
  return async (request) => {
    const { account, requestId, cursor } = request;
    const target = resolveResource(
      deps.catalogue,
      account.integration,
      request.resource,
      request.method,
    );
    const query = toNativeQuery(target, request.query.reveal());
    const method = methodFor(target, query);
    const page = await listPage({
      requestId,
      account,
      integration: target.integration,
      resource: target.resource,
      method,
      params: query.params,
      query: query.query,
      sinceMs: query.sinceMs,
      ...(cursor === undefined ? {} : { cursor }),
    });
    if (!target.unified) return page;
    const apply = applyOf(target.unified);
    return mappedWhenRead(page, (record) => mapRecord(record, apply, query));
  };
}

/** So that whoever reads ahead can send for the next page before this one is worked on. */
function mappedWhenRead(
  { records, next }: ListedPage,
  map: (record: ListedRecord) => ListedRecord,
): ListedPage {
  let raw: readonly ListedRecord[] = records;
  let mapped: readonly ListedRecord[] | undefined;
  return {
    ...(next === undefined ? {} : { next }),
    get records() {
      mapped ??= raw.map(map);
      raw = [];
      return mapped;
    },
  };
}

/**
 * Some providers filter by change at another address than they list at: where a resource declares
 * `changes`, a list that asks for what changed since goes there. Its first sync lists.
 */
function methodFor(target: ResolvedResource, query: NativeQuery): Method {
  const changes = changesMethod(target);
  return changes && query.sinceMs !== undefined && query.sinceMs > 0 ? changes : target.method;
}

function mapRecord(record: ListedRecord, apply: ApplyMapping, query: NativeQuery): ListedRecord {
  if (record.kind === 'rejected') return record;
  const ref = record.ref === undefined ? {} : { ref: record.ref };
  const mapped: Mapped = apply(record.value.reveal(), {
    params: query.params,
    remoteData: query.remoteData,
  });
  if (mapped.kind === 'rejected') return { ...mapped, ...ref };
  return { kind: 'record', ...ref, value: Transient.of(mapped.record) };
}
