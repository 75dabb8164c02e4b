/**
 * Cursors of lists of records: the provider's own, which may hold values of its data, sealed under
 * the tenant's key for one account, path and set of filters.
 *
 * Errors  InvalidCursorError; CursorTooLargeError where the provider's is longer than a URL may be
 */
import * as z from 'zod';
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import { CursorTooLargeError } from '../../sync/walk/cursor-stack.ts';
import type { ListPosition } from '../../unified/list-records.ts';
import { type Cursors, invalidCursor, type ListName } from '../http/list.ts';

/** API Gateway takes 10,240 bytes of request line and headers together. */
export const MOST_CURSOR_CHARACTERS = 8_000;

const position = z.strictObject({ cursor: z.json(), size: z.int().positive().optional() });

export interface RecordList {
  readonly account: IntegratedAccount;
  readonly path: string;
  /** Everything that decides which records the list has. */
  readonly filters: Readonly<Record<string, string | undefined>>;
}

/** @throws InvalidCursorError */
export async function openPosition(
  cursors: Cursors,
  cursor: string | undefined,
  list: RecordList,
): Promise<ListPosition | undefined> {
  if (cursor === undefined) return undefined;
  const opened = position.safeParse(JSON.parse(await cursors.open(cursor, nameOf(list))));
  if (!opened.success) throw invalidCursor();
  const { cursor: at, size } = opened.data;
  return { cursor: at, ...(size === undefined ? {} : { size }) };
}

/** @throws CursorTooLargeError */
export async function sealPosition(
  cursors: Cursors,
  next: ListPosition | undefined,
  list: RecordList,
): Promise<string | null> {
  if (!next) return null;
  const sealed = await cursors.seal(JSON.stringify(next), nameOf(list));
  if (sealed.length <= MOST_CURSOR_CHARACTERS) return sealed;
  throw new CursorTooLargeError("the provider's cursor is too long to hand out");
}

function nameOf({ account, path, filters }: RecordList): ListName {
  return {
    environmentId: account.environmentId,
    ownerId: account.tenantId,
    path,
    filters: { ...filters, ' account': account.id },
  };
}
