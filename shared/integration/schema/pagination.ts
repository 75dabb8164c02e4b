/**
 * How a list goes on: one variant per kind. The last page is decided on the raw answer, before
 * records are filtered.
 *
 * Expressions see `{ status, headers, body, page }`, where `page` is `{ number, offset, size, count }`:
 * the place of the page just read and how many raw records it had.
 *
 * Source  RFC 8288 (Link header)
 */
import * as z from 'zod';
import { expressionSource, nameSource } from './values.ts';

const place = z.enum(['query', 'body', 'header', 'path']).default('query');

const common = {
  /** How many records are asked for. */
  size: z
    .strictObject({ param: z.string().min(1), value: z.int().positive(), in: place })
    .optional(),
  /** Whether there is another page. Nothing where a boolean should be is an error, not `false`. */
  more: expressionSource.optional(),
  more_optional: z.boolean().default(false),
  /** Query parameters that only the first page is asked with. */
  first_page_only: z.array(z.string().min(1)).default([]),
};

const token = { param: z.string().min(1), in: place };

export const paginationSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('page'), ...token, start: z.int().default(1), ...common }),
  z.strictObject({ kind: z.literal('offset'), ...token, start: z.int().default(0), ...common }),
  z.strictObject({ kind: z.literal('cursor'), cursor: expressionSource, ...token, ...common }),
  z.strictObject({ kind: z.literal('next_url'), next: expressionSource, ...common }),
  z.strictObject({
    kind: z.literal('link_header'),
    rel: z.string().min(1).default('next'),
    ...common,
  }),
]);
export type PaginationSource = z.output<typeof paginationSource>;

/** A name of the integration's `pagination` block, or the pagination itself. */
export const paginationReference = z.union([nameSource, paginationSource], {
  error: 'must name an entry of `pagination` or be one',
});
