/**
 * Pages by the number of records before them: `?offset=100`. The offset moves on by what came, not
 * by what was asked for, because providers cap the size without a word.
 */
import type { OffsetPagination } from '../../integration/pagination.ts';
import type { PageKind } from './kind.ts';
import { isFull, readMore } from './more.ts';
import { advance, type PageState, scalarAt } from './state.ts';

export function offsetKind(pagination: OffsetPagination): PageKind {
  const offsetOf = (state: PageState | undefined) => {
    const at = scalarAt(state);
    return typeof at === 'number' ? at : pagination.start;
  };
  return {
    ask(state) {
      const offset = offsetOf(state);
      return {
        token: { ...pagination.token, value: offset },
        url: undefined,
        page: { offset },
      };
    },
    next(state, raw) {
      const more = readMore(pagination.more, raw) ?? isFull(raw, pagination.size?.value);
      // After an empty page the offset would stay where it is, for ever.
      if (!more || raw.count === 0) return undefined;
      return advance(state, offsetOf(state) + raw.count, raw.mark, raw.integration);
    },
  };
}
