/** How a list goes on, compiled: see schema/pagination.ts. */
import type { Expression } from '../../expression/expression.ts';

export type Place = 'query' | 'body' | 'header' | 'path';

export interface PlacedParam {
  /** In the body: a path of members, `variables.after`. */
  readonly param: string;
  readonly in: Place;
}

/** Whether there is another page. */
export interface MoreRule {
  readonly expression: Expression;
  /** Whether it may yield nothing. */
  readonly optional: boolean;
}

interface PagingCommon {
  readonly size: (PlacedParam & { readonly value: number }) | undefined;
  readonly more: MoreRule | undefined;
  readonly firstPageOnly: readonly string[];
}

export type PagePagination = PagingCommon & {
  readonly kind: 'page';
  readonly token: PlacedParam;
  readonly start: number;
};
export type OffsetPagination = PagingCommon & {
  readonly kind: 'offset';
  readonly token: PlacedParam;
  readonly start: number;
  /** By how many came, or by how many were asked for: `size`, which is there then. */
  readonly step: 'came' | 'asked';
};
export type CursorPagination = PagingCommon & {
  readonly kind: 'cursor';
  readonly token: PlacedParam;
  readonly cursor: Expression;
  /** One token for the whole list, until a page is empty. */
  readonly constant: boolean;
};
export type NextUrlPagination = PagingCommon & {
  readonly kind: 'next_url';
  readonly next: Expression;
};
export type LinkHeaderPagination = PagingCommon & {
  readonly kind: 'link_header';
  readonly rel: string;
  /** Where an attribute of the link holds a token: its name, and where the token goes. */
  readonly attribute: { readonly name: string; readonly token: PlacedParam } | undefined;
  readonly onlyIf: { readonly attribute: string; readonly equals: string } | undefined;
};
export type RangePagination = PagingCommon & {
  readonly kind: 'range';
  readonly unit: string;
  /** Lower case, both. */
  readonly header: string;
  readonly answerHeader: string;
  readonly end: 'inclusive' | 'exclusive';
  readonly start: number;
  /** Records a page. */
  readonly length: number;
};
export type ExprPagination = PagingCommon & {
  readonly kind: 'expr';
  readonly init: Expression | undefined;
  readonly next: Expression;
};
export type Pagination =
  | { readonly kind: 'none' }
  | PagePagination
  | OffsetPagination
  | CursorPagination
  | NextUrlPagination
  | LinkHeaderPagination
  | RangePagination
  | ExprPagination;
