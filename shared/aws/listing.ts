/**
 * Lists through `gsi1`, with filters that the index does not know.
 *
 * A page ends with the sort key of its last item, not with DynamoDB's own bookmark: so that it
 * may end in the middle of what was read, and stays right when items before it are deleted.
 *
 * Shape   a page may hold fewer items than `limit`, even none, and still have a `next`: one call
 *         reads at most 1,000 items
 */
import { invariant } from '../kernel/invariant.ts';
import type { QueryPage, StoredItem, Table } from './table.ts';

export interface ListRequest<Item> {
  readonly partition: string;
  /** Of the sort keys: `ACCT#`. */
  readonly prefix: string;
  readonly parse: (item: StoredItem) => Item;
  /** Default: all. */
  readonly matches?: (item: Item) => boolean;
  readonly limit: number;
  /** `next` of the page before. Not for callers of the API as it is. */
  readonly start?: string | undefined;
}

export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

const READ_AT_ONCE = 100;
const MAX_READ = 1_000;
/** Sorts after every character that may follow a prefix. */
const LAST = '\u{10FFFF}';
/** The next possible key after one is the same with the lowest character appended. */
const FIRST = '\u0000';

export async function listItems<Item>(
  table: Table,
  request: ListRequest<Item>,
): Promise<ListPage<Item>> {
  const { prefix, parse, limit, matches = () => true } = request;
  const found: Item[] = [];
  let position = request.start;
  for (let read = 0; read < MAX_READ; ) {
    const page = await readAfter(table, request.partition, prefix, position);
    read += page.items.length;
    for (const stored of page.items) {
      const isLast = page.next === undefined && stored === page.items.at(-1);
      const item = parse(stored);
      if (matches(item)) found.push(item);
      position = sortKeyOf(stored);
      if (found.length === limit && !isLast) return { items: found, next: position };
    }
    if (page.next === undefined) return { items: found };
  }
  return { items: found, ...(position === undefined ? {} : { next: position }) };
}

function readAfter(
  table: Table,
  partition: string,
  prefix: string,
  position: string | undefined,
): Promise<QueryPage> {
  const low = position === undefined ? prefix : position + FIRST;
  return table.query({
    index: 'gsi1',
    partition,
    sort: { between: [low, prefix + LAST] },
    limit: READ_AT_ONCE,
  });
}

function sortKeyOf(item: StoredItem): string {
  const key = item['gsi1sk'];
  invariant(typeof key === 'string', 'a listed item has a sort key');
  return key;
}
