/**
 * The `pagination` block of a new integration, by kind, and what two pages of it look like.
 *
 * Every body has its records under `items`.
 */
import type { JsonObject } from '#shared/kernel/json.ts';

export interface ScaffoldPage {
  /** Added to the URL of the list. */
  readonly query: string;
  readonly requestHeaders?: Readonly<Record<string, string>>;
  readonly answerHeaders?: Readonly<Record<string, string>>;
  /** Beside the records. */
  readonly members?: JsonObject;
}

export interface PaginationBlock {
  readonly yaml: string;
  /** One page for kind none, else two. */
  readonly pages: (listUrl: string) => readonly ScaffoldPage[];
}

const BLOCKS: Readonly<Record<string, PaginationBlock>> = {
  none: { yaml: 'kind: none', pages: () => [{ query: '' }] },
  cursor: {
    yaml: `kind: cursor
param: cursor
cursor: body.next_cursor
# A flag that is missing is an error, not the end of the list.
more: body.has_more
size: { param: limit, value: 100 }`,
    pages: () => [
      { query: '?limit=100', members: { has_more: true, next_cursor: 'c2' } },
      { query: '?cursor=c2&limit=100', members: { has_more: false, next_cursor: null } },
    ],
  },
  page: {
    yaml: `kind: page
param: page
more: page.number < body.pages
size: { param: per_page, value: 100 }`,
    pages: () => [
      { query: '?page=1&per_page=100', members: { pages: 2 } },
      { query: '?page=2&per_page=100', members: { pages: 2 } },
    ],
  },
  offset: {
    yaml: `kind: offset
param: offset
more: page.offset + page.count < body.total
size: { param: limit, value: 100 }`,
    pages: () => [
      { query: '?limit=100&offset=0', members: { total: 2 } },
      { query: '?limit=100&offset=1', members: { total: 2 } },
    ],
  },
  next_url: {
    yaml: `kind: next_url
# Null or absent on the last page; it must be of the origin that was called.
next: body.next`,
    pages: (url) => [
      { query: '', members: { next: `${url}?after=1` } },
      { query: '?after=1', members: { next: null } },
    ],
  },
  link_header: {
    yaml: `kind: link_header
size: { param: per_page, value: 100 }`,
    pages: (url) => [
      {
        query: '?per_page=100',
        answerHeaders: { link: `<${url}?page=2&per_page=100>; rel="next"` },
      },
      { query: '?page=2&per_page=100' },
    ],
  },
  range: {
    yaml: `kind: range
length: 1
more: page.offset + page.count < body.total`,
    pages: () => [
      {
        query: '',
        requestHeaders: { range: 'items=0-0' },
        answerHeaders: { 'content-range': 'items 0-0/2' },
        members: { total: 2 },
      },
      {
        query: '',
        requestHeaders: { range: 'items=1-1' },
        answerHeaders: { 'content-range': 'items 1-1/2' },
        members: { total: 2 },
      },
    ],
  },
  expr: {
    yaml: `kind: expr
# The state of the first page, and of the one after it; null ends the list.
init: "{ 'after': '0' }"
next: "body.last ? null : { 'after': $string(body.items[-1].id) }"`,
    pages: () => [
      { query: '?after=0', members: { last: false } },
      { query: '?after=1', members: { last: true } },
    ],
  },
};

export const PAGINATION_KINDS: readonly string[] = Object.keys(BLOCKS);

export function paginationBlock(kind: string): PaginationBlock | undefined {
  return Object.hasOwn(BLOCKS, kind) ? BLOCKS[kind] : undefined;
}

/** Query of the method itself, besides what the pagination adds. */
export function ownQuery(kind: string): string | undefined {
  return kind === 'expr' ? '{ after: "{{page.after}}" }' : undefined;
}
