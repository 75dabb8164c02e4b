/**
 * Lists: `?limit=&cursor=` in, `{ data, next_cursor }` out.
 *
 * A cursor is the store's position, sealed: it shows nothing of a key, cannot be forged, and opens
 * only for the environment, the list and the filters that it was made for.
 *
 * Errors  {@link InvalidCursorError}, KeyUnavailableError
 */
import * as z from 'zod';
import { EnvelopeTamperedError, KeyRevokedError } from '../../encryption/key-ring.ts';
import {
  OPERATOR,
  type SealContext,
  type SealedEnvelope,
  type Sealer,
} from '../../encryption/sealer.ts';
import { InvalidRequestError } from '../../kernel/errors.ts';
import type { EnvironmentId } from '../../kernel/id.ts';
import type { Reply } from './route.ts';

/** Not a cursor of this list. */
export class InvalidCursorError extends InvalidRequestError {
  override readonly code = 'invalid_cursor';
}

const LIMIT = 'must be a whole number from 1 to 200';

/** Members of every list's query. */
export const paging = {
  limit: z.coerce.number(LIMIT).int(LIMIT).min(1, LIMIT).max(200, LIMIT).default(50),
  cursor: z.string().min(1).max(4_096).optional(),
} as const;

export interface ListAnswer<Item> {
  readonly data: Item[];
  readonly next_cursor: string | null;
}

export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({ data: z.array(item), next_cursor: z.string().nullable() });
}

/** One page of a store; `next` is its position after it. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string | undefined;
}

export interface PageRequest {
  readonly limit: number;
  readonly start?: string;
}

/** Which list a cursor belongs to: a path, and the filters in force. */
export interface ListName {
  readonly environmentId: EnvironmentId;
  /** Under whose key cursors are sealed: a tenant's, where they may hold its data. Omitted: ours. */
  readonly ownerId?: string;
  readonly path: string;
  readonly filters: Readonly<Record<string, string | undefined>>;
}

export interface Cursors {
  seal(position: string, list: ListName): Promise<string>;
  /** @throws InvalidCursorError */
  open(cursor: string, list: ListName): Promise<string>;
}

export function createCursors(sealer: Sealer): Cursors {
  return {
    async seal(position, list) {
      return cursorText(await sealer.seal(Buffer.from(position), contextOf(list)));
    },
    async open(cursor, list) {
      const position = await sealer.open(envelopeOf(cursor), contextOf(list)).catch(refuseForeign);
      return position.toString();
    },
  };
}

/** Answers one page of `path` with the position after it sealed. */
export async function listReply<Item, View>(options: {
  readonly cursors: Cursors;
  readonly list: ListName;
  readonly query: { readonly limit: number; readonly cursor?: string | undefined };
  readonly fetch: (page: PageRequest) => Promise<Page<Item>>;
  readonly view: (item: Item) => View;
}): Promise<Reply<ListAnswer<View>>> {
  const { cursors, list, query } = options;
  const start = query.cursor === undefined ? undefined : await cursors.open(query.cursor, list);
  const page = await options.fetch({ limit: query.limit, ...(start !== undefined && { start }) });
  const next = page.next === undefined ? null : await cursors.seal(page.next, list);
  return { body: { data: page.items.map(options.view), next_cursor: next } };
}

function contextOf({ environmentId, ownerId, path, filters }: ListName): SealContext {
  const set = Object.entries(filters).filter(([, value]) => value !== undefined);
  const subject = JSON.stringify([path, ...set.toSorted(([a], [b]) => (a < b ? -1 : 1))]);
  return { environmentId, ownerId: ownerId ?? OPERATOR, purpose: 'cursor', subject };
}

/** Bytes are written as `[base64url]`, so that they come back as bytes. */
function cursorText(sealed: SealedEnvelope): string {
  const members = Object.entries(sealed).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? [Buffer.from(value).toString('base64url')] : value,
  ]);
  return Buffer.from(JSON.stringify(Object.fromEntries(members))).toString('base64url');
}

const cursorMembers = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.tuple([z.string()])]),
);

function envelopeOf(cursor: string): Record<string, string | number | Uint8Array> {
  const members = cursorMembers.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (!members.success) throw invalidCursor();
  return Object.fromEntries(
    Object.entries(members.data).map(([name, value]) => [
      name,
      Array.isArray(value) ? Buffer.from(value[0], 'base64url') : value,
    ]),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not ours, whatever it is: the schema refuses it.
    return undefined;
  }
}

/** A forged cursor may also name a key that never was. */
function refuseForeign(error: unknown): never {
  const foreign = error instanceof EnvelopeTamperedError || error instanceof KeyRevokedError;
  throw foreign ? invalidCursor() : error;
}

export function invalidCursor(): InvalidCursorError {
  return new InvalidCursorError('the cursor is not one of this list', [
    { path: 'cursor', message: 'is not a cursor of this list' },
  ]);
}
