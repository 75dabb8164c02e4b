/** Pages by number: `?page=2`. */
import type { PagePagination } from '../../integration/paging/plan.ts';
import type { PageKind } from './kind.ts';
import { isFull, readMore } from './more.ts';
import { advance, type PageState, scalarAt } from './state.ts';

export function pageKind(pagination: PagePagination): PageKind {
  const numberOf = (state: PageState | undefined) => {
    const at = scalarAt(state);
    return typeof at === 'number' ? at : pagination.start;
  };
  return {
    ask(state) {
      const number = numberOf(state);
      return {
        token: { ...pagination.token, value: number },
        url: undefined,
        page: { number },
      };
    },
    next(state, raw) {
      const more = readMore(pagination.more, raw) ?? isFull(raw, pagination.size?.value);
      return more ? advance(state, numberOf(state) + 1, raw.mark, raw.integration) : undefined;
    },
  };
}
