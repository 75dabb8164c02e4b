/**
 * Where a list stands: what pagination keeps between two pages, and nothing else.
 *
 * Shape   `{ at, seen }`: `at` is a page number, an offset, a provider's cursor or a URL; `seen`
 *         holds marks of the last pages, so that a list that turns in a circle is found out
 * Errors  InvalidCursorError for a state that is not ours, ProviderError for a circle
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { CallerError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { structuralError } from '../classify.ts';
import type { ProviderError } from '../provider-errors.ts';

/** The cursor was made by another resource, or by nobody. */
export class InvalidCursorError extends CallerError {
  override readonly name = 'InvalidCursorError';
  readonly code = 'invalid_cursor';
  readonly status = 400;
}

const pageState = z.strictObject({
  at: z.union([z.string(), z.number()]),
  seen: z.array(z.string()),
});
export type PageState = z.output<typeof pageState>;

/** Circles of up to this many pages are found; longer ones have not been seen in the field. */
const REMEMBERED = 16;

/** @throws InvalidCursorError */
export function parsePageState(cursor: unknown): PageState {
  const parsed = pageState.safeParse(cursor);
  if (!parsed.success) throw new InvalidCursorError('the cursor is not of this list');
  return parsed.data;
}

export function pageStateJson(state: PageState): JsonObject {
  return { at: state.at, seen: state.seen };
}

/**
 * The next state, unless `mark` was seen before: the cursor where the provider makes it, the
 * records' ids where we count pages ourselves.
 *
 * @throws ProviderError
 */
export function advance(
  state: PageState | undefined,
  at: string | number,
  mark: string,
  integration: string,
): PageState {
  // A digest, so that the state stays small and shows nothing.
  const digest = createHash('sha256').update(mark).digest('base64url').slice(0, 10);
  const seen = state?.seen ?? [];
  if (seen.includes(digest)) throw circleError(integration);
  return { at, seen: [...seen, digest].slice(-REMEMBERED) };
}

function circleError(integration: string): ProviderError {
  return structuralError(integration, 200, 'the list turned in a circle');
}
