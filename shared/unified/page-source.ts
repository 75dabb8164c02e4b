/**
 * Where pages come from: an integration's own resource, or a unified one through its mapping.
 *
 * The shapes are those of sync/page-source.ts, a port that stands a floor above this one.
 *
 * Errors  UnprocessableError and InvalidRequestError for what cannot be asked; those of ListPage
 */
import type { IntegratedAccount } from '../account/integrated-account.ts';
import type { Catalogue } from '../integration/catalogue.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import type { Transient } from '../kernel/transient.ts';
import type { FindMapping } from '../mapping/mapping-source.ts';
import type { ProviderDeps } from '../provider/exchange.ts';
import { createCallProvider } from '../provider/provider-client.ts';
import { createAnyList } from './any-list.ts';
import { asAsked, toNativeQuery } from './filters.ts';
import { createApplierOf, createFetchMapped, type MappedPage } from './mapped-pages.ts';
import { createFindNoun, parseRef, readingOf } from './resource-ref.ts';

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

export type FetchUnifiedPage = (request: UnifiedPageRequest) => Promise<MappedPage>;

export interface PageSourceDeps extends ProviderDeps {
  readonly catalogue: Catalogue;
  /** Omitted: the catalogue's own mappings. */
  readonly findMapping?: FindMapping;
}

export function createFetchPage(deps: PageSourceDeps): FetchUnifiedPage {
  const { catalogue, findMapping = catalogueMappings(catalogue) } = deps;
  const findNoun = createFindNoun({ catalogue, findMapping });
  const listPage = createAnyList(createCallProvider(deps), deps.clock);
  const fetchMapped = createFetchMapped(listPage, createApplierOf());
  return async ({ requestId, account, resource, method, query, cursor }) => {
    const target = readingOf(await findNoun(account, parseRef(resource)), method);
    const native = toNativeQuery(target, query.reveal());
    return fetchMapped({
      requestId,
      account,
      target: asAsked(target, native),
      query: native,
      cursor,
    });
  };
}

/** Mappings without layers. */
export function catalogueMappings(catalogue: Catalogue): FindMapping {
  return async (account, model, resource) =>
    catalogue.mapping(account.integration, model, resource);
}
