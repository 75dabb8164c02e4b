/**
 * Pages by the number of records before them: `?offset=100`. The offset moves on by what came, not
 * by what was asked for, because providers cap the size without a word.
 */
import type { OffsetPagination } from '../../integration/integration.ts';
import type { PageKind } from './kind.ts';
import { isFull, readMore } from './more.ts';
import { advance } from './state.ts';

export function offsetKind(pagination: OffsetPagination): PageKind {
  const offsetOf = (at: string | number | undefined) =>
    typeof at === 'number' ? at : pagination.start;
  return {
    ask(state) {
      const offset = offsetOf(state?.at);
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
      return advance(state, offsetOf(state?.at) + raw.count, raw.mark, raw.integration);
    },
  };
}
