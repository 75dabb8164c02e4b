/**
 * Pages by a URL in the body. It must be of the origin that was called: it comes from the answer,
 * and the credential goes where it points.
 */
import type { NextUrlPagination } from '../../integration/paging/plan.ts';
import { structuralError } from '../../provider/classify.ts';
import type { PageAsk, PageKind, RawPage } from './kind.ts';
import { evaluatePaging, readMore } from './more.ts';
import { advance, InvalidCursorError, type PageState, scalarAt } from './state.ts';

export function nextUrlKind(pagination: NextUrlPagination): PageKind {
  return {
    ask: askUrl,
    next(state, raw) {
      const more = readMore(pagination.more, raw);
      if (more === false) return undefined;
      const next = evaluatePaging(pagination.next, raw);
      const absent = next === undefined || next === null || next === '';
      if (absent && more === undefined) return undefined;
      if (typeof next !== 'string' || next === '') {
        throw structuralError(
          raw.integration,
          raw.scope.status,
          'there is more, and no URL to ask for it',
        );
      }
      return advanceToUrl(state, next, raw);
    },
  };
}

export function askUrl(state: PageState | undefined): PageAsk {
  const at = scalarAt(state);
  if (at === undefined) return { token: undefined, url: undefined, page: {} };
  if (typeof at === 'string' && URL.canParse(at)) {
    return { token: undefined, url: new URL(at), page: {} };
  }
  throw new InvalidCursorError('the cursor is not of this list');
}

/** @throws ProviderError where the URL leads elsewhere */
export function advanceToUrl(state: PageState | undefined, next: string, raw: RawPage): PageState {
  const url = URL.canParse(next, raw.url.href) ? new URL(next, raw.url) : undefined;
  if (url?.origin !== raw.url.origin) {
    throw structuralError(raw.integration, raw.scope.status, 'the next page is at another origin');
  }
  return advance(state, url.href, url.href, raw.integration);
}
