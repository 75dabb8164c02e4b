/**
 * Pages by a token that the provider hands out: `?cursor=…`. An empty page may have a next one,
 * unless the token is the same for the whole list: then only the records tell pages apart.
 */
import type { CursorPagination } from '../../integration/paging/plan.ts';
import { structuralError } from '../../provider/classify.ts';
import type { PageKind, RawPage } from './kind.ts';
import { evaluatePaging, readMore } from './more.ts';
import { advance, scalarAt } from './state.ts';

export function cursorKind(pagination: CursorPagination): PageKind {
  const { constant } = pagination;
  return {
    ask(state) {
      const value = scalarAt(state);
      return {
        token: value === undefined ? undefined : { ...pagination.token, value },
        url: undefined,
        page: { cursor: value ?? '' },
      };
    },
    next(state, raw) {
      const more = readMore(pagination.more, raw);
      if (more === false || (constant && raw.count === 0)) return undefined;
      const cursor = readCursor(pagination, raw) ?? (constant ? scalarAt(state) : undefined);
      if (cursor !== undefined) {
        return advance(state, cursor, constant ? raw.mark : String(cursor), raw.integration);
      }
      if (more === undefined && !constant) return undefined;
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
