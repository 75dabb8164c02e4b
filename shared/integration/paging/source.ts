/**
 * How a list goes on: one variant per kind. The last page is decided on the raw answer, before
 * records are filtered.
 *
 * Expressions see `{ status, headers, body, records, page, since, until }`, where `page` is
 * `{ number, offset, size, count, cursor }`: the place of the page just read and how many raw
 * records it had; with kind `expr`, `page` is the state itself, and `count` beside it.
 *
 * Source  RFC 8288 (Link header), RFC 9110 §14 (Range)
 */
import * as z from 'zod';
import { expressionSource, headerNameSource, nameSource } from '../template/values-source.ts';

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

/** `in: body` takes a path of members: `variables.after`. */
const token = { param: z.string().min(1), in: place };

export const paginationSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('page'), ...token, start: z.int().default(1), ...common }),
  z.strictObject({
    kind: z.literal('offset'),
    ...token,
    start: z.int().default(0),
    /** The offset moves on by how many came, or by how many were asked for (`size`). */
    step: z.enum(['came', 'asked']).default('came'),
    ...common,
  }),
  z.strictObject({
    kind: z.literal('cursor'),
    cursor: expressionSource,
    ...token,
    /** One token for the whole list, which the first answer brings: it ends at an empty page. */
    constant: z.boolean().default(false),
    ...common,
  }),
  /** Also for locators: a relative URL is resolved against the one that was called. */
  z.strictObject({ kind: z.literal('next_url'), next: expressionSource, ...common }),
  z.strictObject({
    kind: z.literal('link_header'),
    rel: z.string().min(1).default('next'),
    /** Takes a token from an attribute of the link rather than its URL: `cursor="…"`. */
    attribute: z.strictObject({ name: z.string().min(1), ...token }).optional(),
    /** The link counts only where an attribute says so: `results="true"`. */
    only_if: z.strictObject({ attribute: z.string().min(1), equals: z.string() }).optional(),
    ...common,
  }),
  /** `Range: items=0-99`, answered by `Content-Range: items 0-99/1234`. */
  z.strictObject({
    kind: z.literal('range'),
    unit: z.string().min(1).default('items'),
    header: z.string().min(1).default('range'),
    /** Of the answer, whose value reads as Content-Range does. */
    answer_header: headerNameSource.default('content-range'),
    /** Whether the last position that a range names belongs to it. */
    end: z.enum(['inclusive', 'exclusive']).default('inclusive'),
    start: z.int().default(0),
    /** Records a page. */
    length: z.int().positive(),
    more: common.more,
    more_optional: common.more_optional,
  }),
  /**
   * The last resort: `init` makes the first state (default `{}`), `next` the next one, null after
   * the last page. Requests look the state up as `page`. A state is at most 4 KB of JSON.
   */
  z.strictObject({
    kind: z.literal('expr'),
    init: expressionSource.optional(),
    next: expressionSource,
    size: common.size,
    first_page_only: common.first_page_only,
  }),
]);
export type PaginationSource = z.output<typeof paginationSource>;

/** A name of the integration's `pagination` block, or the pagination itself. */
export const paginationReference = z.union([nameSource, paginationSource], {
  error: 'must name an entry of `pagination` or be one',
});
