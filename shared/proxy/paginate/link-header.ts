/**
 * Pages by the Link header: `Link: <https://…?page=2>; rel="next"`.
 *
 * Source  RFC 8288
 */
import LinkHeader from 'http-link-header';
import type { LinkHeaderPagination } from '../../integration/integration.ts';
import { structuralError } from '../classify.ts';
import type { PageKind, RawPage } from './kind.ts';
import { readMore } from './more.ts';
import { advanceToUrl, askUrl } from './next-url.ts';

export function linkHeaderKind(pagination: LinkHeaderPagination): PageKind {
  return {
    ask: askUrl,
    next(state, raw) {
      const more = readMore(pagination.more, raw);
      if (more === false) return undefined;
      const next = readLink(pagination.rel, raw);
      if (next !== undefined) return advanceToUrl(state, next, raw);
      if (more === undefined) return undefined;
      throw structuralError(
        raw.integration,
        raw.scope.status,
        'there is more, and no link to ask for it',
      );
    },
  };
}

function readLink(rel: string, raw: RawPage): string | undefined {
  const header = raw.scope.headers['link'];
  if (header === undefined || header.trim() === '') return undefined;
  try {
    return LinkHeader.parse(header).rel(rel)[0]?.uri;
  } catch {
    // The parser's message quotes the header, which may hold query values.
    throw structuralError(raw.integration, raw.scope.status, 'the Link header cannot be read');
  }
}
