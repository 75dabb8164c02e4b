/**
 * Where a list stands: what is kept between two pages, and nothing else.
 *
 * Shape   `{ at, seen, span?, resets?, empties? }`: `at` is a page number, an offset, a provider's cursor, a
 *         URL, or the state that an expression made; absent on the first page of a span. `seen`
 *         holds marks of the last pages, so that a list that turns in a circle is found out; `span`
 *         is the time that is asked for, `resets` how often the list was begun again, `empties` how
 *         many pages in a row, up to the last, were empty
 * Errors  InvalidCursorError for a state that is not ours, ProviderError for a circle
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { CallerError } from '../../kernel/errors.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json.ts';
import { structuralError } from '../../provider/classify.ts';
import type { ProviderError } from '../../wire/provider-errors.ts';
import { span } from '../span.ts';

/** The cursor was made by another resource, or by nobody. */
export class InvalidCursorError extends CallerError {
  override readonly name = 'InvalidCursorError';
  readonly code = 'invalid_cursor';
  readonly status = 400;
}

const pageState = z.strictObject({
  at: z.union([z.string(), z.number(), z.custom<JsonObject>(isJsonObject)]).optional(),
  seen: z.array(z.string()),
  span: span.optional(),
  resets: z.int().positive().optional(),
  empties: z.int().positive().optional(),
});
export type PageState = Readonly<z.output<typeof pageState>>;

/** Circles of up to this many pages are found; longer ones have not been seen in the field. */
const REMEMBERED = 16;

/** @throws InvalidCursorError */
export function parsePageState(cursor: unknown): PageState {
  const parsed = pageState.safeParse(cursor);
  if (!parsed.success) throw new InvalidCursorError('the cursor is not of this list');
  return parsed.data;
}

export function pageStateJson(state: PageState): JsonObject {
  const { at, seen, span: current, resets, empties } = state;
  return {
    ...(at === undefined ? {} : { at }),
    seen,
    ...(current ? { span: { ...current } } : {}),
    ...(resets ? { resets } : {}),
    ...(empties ? { empties } : {}),
  };
}

/** Undefined on the first page. @throws InvalidCursorError where the state is of another kind */
export function scalarAt(state: PageState | undefined): string | number | undefined {
  if (!isJsonObject(state?.at)) return state?.at;
  throw new InvalidCursorError('the cursor is not of this list');
}

/**
 * The next state, unless `mark` was seen before: the cursor where the provider makes it, the
 * records' ids where we count pages ourselves; empty where there were no records.
 *
 * @throws ProviderError
 */
export function advance(
  state: Pick<PageState, 'seen'> | undefined,
  at: string | number | JsonObject,
  mark: string,
  integration: string,
): PageState {
  const seen = state?.seen ?? [];
  const digest = mark === '' ? emptyDigest(seen) : digestOf(mark);
  if (digest === undefined || seen.includes(digest)) throw circleError(integration);
  return { at, seen: [...seen, digest].slice(-REMEMBERED) };
}

/** Pages without records that a provider may go on after; nothing else tells them apart. */
const MOST_EMPTY = 8;

function emptyDigest(seen: readonly string[]): string | undefined {
  const digests = Array.from({ length: MOST_EMPTY }, (_, index) => digestOf(`empty ${index}`));
  return digests.find((digest) => !seen.includes(digest));
}

/** A provider that hands out ever new cursors, and no records with them, would never end its list. */
const MOST_EMPTY_IN_A_ROW = 1_000;

/** Empty pages up to a page of `count` records as it came. @throws ProviderError where they are too many */
export function emptiesAfter(
  state: PageState | undefined,
  count: number,
  integration: string,
): number {
  const empties = count > 0 ? 0 : (state?.empties ?? 0) + 1;
  if (empties < MOST_EMPTY_IN_A_ROW) return empties;
  throw structuralError(integration, 200, 'the list goes on for ever without records');
}

/** Short, so that the state stays small, and shows nothing. */
export function digestOf(mark: string): string {
  return createHash('sha256').update(mark).digest('base64url').slice(0, 10);
}

function circleError(integration: string): ProviderError {
  return structuralError(integration, 200, 'the list turned in a circle');
}
