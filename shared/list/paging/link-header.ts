/**
 * Pages by the Link header: `Link: <https://…?page=2>; rel="next"`, or by a token in one of the
 * link's attributes.
 *
 * Source  RFC 8288
 */
import LinkHeader, { type Reference } from 'http-link-header';
import type { LinkHeaderPagination } from '../../integration/paging/plan.ts';
import { structuralError } from '../../provider/classify.ts';
import type { PageKind, RawPage } from './kind.ts';
import { readMore } from './more.ts';
import { advanceToUrl, askUrl } from './next-url.ts';
import { advance, scalarAt } from './state.ts';

export function linkHeaderKind(pagination: LinkHeaderPagination): PageKind {
  const { attribute } = pagination;
  return {
    ask(state) {
      if (!attribute) return askUrl(state);
      const value = scalarAt(state);
      const token = value === undefined ? undefined : { ...attribute.token, value };
      return { token, url: undefined, page: { cursor: value ?? '' } };
    },
    next(state, raw) {
      const more = readMore(pagination.more, raw);
      if (more === false) return undefined;
      const link = readLink(pagination, raw);
      const next = attribute ? textOf(link, attribute.name) : link?.uri;
      if (next !== undefined) {
        return attribute
          ? advance(state, next, next, raw.integration)
          : advanceToUrl(state, next, raw);
      }
      if (more === undefined && !link) return undefined;
      throw structuralError(
        raw.integration,
        raw.scope.status,
        'there is more, and no link to ask for it',
      );
    },
  };
}

function readLink(pagination: LinkHeaderPagination, raw: RawPage): Reference | undefined {
  const header = raw.scope.headers['link'];
  if (header === undefined || header.trim() === '') return undefined;
  const link = parseLinks(header, raw).rel(pagination.rel)[0];
  const { onlyIf } = pagination;
  if (!onlyIf || !link) return link;
  const told = textOf(link, onlyIf.attribute);
  if (told === undefined) {
    throw structuralError(
      raw.integration,
      raw.scope.status,
      'the link does not say whether it counts',
    );
  }
  return told === onlyIf.equals ? link : undefined;
}

function parseLinks(header: string, raw: RawPage): LinkHeader {
  try {
    return LinkHeader.parse(header);
  } catch {
    // The parser's message quotes the header, which may hold query values.
    throw structuralError(raw.integration, raw.scope.status, 'the Link header cannot be read');
  }
}

function textOf(link: Reference | undefined, attribute: string): string | undefined {
  const value = link?.[attribute];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
