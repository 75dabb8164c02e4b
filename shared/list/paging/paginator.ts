/** Picks the kind that an integration declares. A new kind is a variant of the schema and a file here. */
import type { Pagination } from '../../integration/paging/plan.ts';
import { cursorKind } from './cursor.ts';
import { exprKind } from './expr.ts';
import type { PageKind } from './kind.ts';
import { linkHeaderKind } from './link-header.ts';
import { nextUrlKind } from './next-url.ts';
import { offsetKind } from './offset.ts';
import { pageKind } from './page.ts';
import { rangeKind } from './range.ts';

const onePage: PageKind = {
  ask: () => ({ token: undefined, url: undefined, page: {} }),
  next: () => undefined,
};

export function paginator(pagination: Pagination): PageKind {
  switch (pagination.kind) {
    case 'none':
      return onePage;
    case 'page':
      return pageKind(pagination);
    case 'offset':
      return offsetKind(pagination);
    case 'cursor':
      return cursorKind(pagination);
    case 'next_url':
      return nextUrlKind(pagination);
    case 'link_header':
      return linkHeaderKind(pagination);
    case 'range':
      return rangeKind(pagination);
    case 'expr':
      return exprKind(pagination);
  }
}
