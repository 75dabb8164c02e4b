/**
 * Where pages come from: an integration's own resource, or a unified one through its mapping.
 *
 * Errors  UnprocessableError and InvalidRequestError for what cannot be asked; those of ListPage
 */
import type { Catalogue } from '../integration/catalogue/catalogue.ts';
import type { FindMapping } from '../mapping/mapping-source.ts';
import type { ProviderDeps } from '../provider/exchange.ts';
import { createCallProvider } from '../provider/provider-client.ts';
import { createAnyList } from './any-list.ts';
import type { FetchPage } from './fetch-page.ts';
import { asAsked, toNativeQuery } from './filters.ts';
import { createApplierOf, createFetchMapped } from './mapped-pages.ts';
import { createFindNoun, parseRef, readingOf } from './resource-ref.ts';

export interface PageSourceDeps extends ProviderDeps {
  readonly catalogue: Catalogue;
  /** Omitted: the catalogue's own mappings. */
  readonly findMapping?: FindMapping;
}

export function createFetchPage(deps: PageSourceDeps): FetchPage {
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
