/** Pages by a token that the provider hands out: `?cursor=…`. An empty page may have a next one. */
import type { CursorPagination } from '../../integration/integration.ts';
import { structuralError } from '../classify.ts';
import type { PageKind, RawPage } from './kind.ts';
import { evaluatePaging, readMore } from './more.ts';
import { advance } from './state.ts';

export function cursorKind(pagination: CursorPagination): PageKind {
  return {
    ask(state) {
      return {
        token: state && { ...pagination.token, value: state.at },
        url: undefined,
        page: { cursor: state?.at ?? '' },
      };
    },
    next(state, raw) {
      const more = readMore(pagination.more, raw);
      if (more === false) return undefined;
      const cursor = readCursor(pagination, raw);
      if (cursor !== undefined) return advance(state, cursor, String(cursor), raw.integration);
      if (more === undefined) return undefined;
      throw structuralError(
        raw.integration,
        raw.scope.status,
        'there is more, and no cursor to ask for it',
      );
    },
  };
}

function readCursor(pagination: CursorPagination, raw: RawPage): string | number | undefined {
  const cursor = evaluatePaging(pagination.cursor, raw);
  if (cursor === undefined || cursor === null || cursor === '') return undefined;
  if (typeof cursor === 'string' || typeof cursor === 'number') return cursor;
  throw structuralError(
    raw.integration,
    raw.scope.status,
    'the cursor is neither a text nor a number',
  );
}
