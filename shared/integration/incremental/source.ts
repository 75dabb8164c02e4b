/**
 * What changed since: where the provider is told, in which format, and what is done where it cannot
 * filter. `since` and `until` are roots of every template and expression of the request, formatted;
 * both are absent where nobody asked for what changed.
 */
import * as z from 'zod';
import { durationSource, expressionSource, scalarSource } from '../template/values-source.ts';

const placedInstant = (root: string) =>
  z.strictObject({
    /** `in: body` takes a path of members. */
    param: z.string().min(1),
    /** Sees the roots of a request. Omitted: the formatted instant. */
    value: scalarSource.default(`{{${root}}}`),
    in: z.enum(['query', 'body', 'header']).default('query'),
  });

export const incrementalSource = z
  .strictObject({
    /** When the record last changed. */
    cursor: expressionSource,
    /** How the provider writes instants. `iso8601_seconds` has no fraction. */
    format: z.union(
      [
        z.enum(['iso8601', 'iso8601_seconds', 'epoch_s', 'epoch_ms', 'date', 'http_date']),
        /** JSONata's picture of `$fromMillis`: `[Y0001]-[M01]-[D01] [H01]:[m01]:[s01]`. UTC. */
        z.strictObject({ picture: z.string().min(1) }),
      ],
      { error: 'must be a format or { picture }' },
    ),
    /**
     * server: the provider filters, by `since` here or by an expression that looks `since` up.
     * client: it cannot, so we do, on each page. feed: newest first; we stop at the first page
     * that ends before since, and filter.
     */
    mode: z.enum(['server', 'client', 'feed']).default('server'),
    since: placedInstant('since').optional(),
    /** The other end: the start of the list, the same for all its pages. */
    until: placedInstant('until').optional(),
    /**
     * Asks for one stretch of so long after the other, from since to until. A list that nobody asks
     * for changes is read in windows, too.
     */
    window: durationSource.optional(),
    /** With `window`: where a first sync begins, a date or so long ago: `P364D`. */
    earliest: z
      .union([z.iso.date(), durationSource], { error: 'must be a date or an ISO 8601 duration' })
      .optional(),
    /** Asks for so much more, where the provider's filter runs late or refuses recent instants. */
    lookback: durationSource.optional(),
    /** Leaves since out of a first sync, whose since is the epoch. */
    omit_at_epoch: z.boolean().default(false),
  })
  .refine((value) => value.mode === 'server' || value.since === undefined, {
    path: ['since'],
    error: 'must be absent where the provider does not filter',
  })
  .refine((value) => value.window === undefined || value.earliest !== undefined, {
    path: ['earliest'],
    error: 'must be present beside window',
  });
export type IncrementalSource = z.output<typeof incrementalSource>;
