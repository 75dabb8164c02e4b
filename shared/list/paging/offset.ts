/**
 * Pages by the number of records before them: `?offset=100`. The offset moves on by what came, because
 * providers cap the size without a word, or by what was asked for, where the integration says that a
 * page may be short: what somebody may not see is counted all the same.
 */
import type { OffsetPagination } from '../../integration/paging/plan.ts';
import type { PageKind } from './kind.ts';
import { isFull, readMore } from './more.ts';
import { advance, type PageState, scalarAt } from './state.ts';

export function offsetKind(pagination: OffsetPagination): PageKind {
  const step = pagination.step === 'asked' ? pagination.size?.value : undefined;
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
      if (!more || (raw.count === 0 && step === undefined)) return undefined;
      return advance(state, offsetOf(state) + (step ?? raw.count), raw.mark, raw.integration);
    },
  };
}
