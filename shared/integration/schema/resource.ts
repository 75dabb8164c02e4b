/**
 * A provider's nouns and what can be done to them: `resources.<name>.<method>`.
 *
 * Templates and expressions of a request see `{ conn, params, id, input, since, page, query }`.
 * `records`, `record` and `ok` see `{ status, headers, body }`; `map`, `filter`, `id` and
 * `incremental.cursor` see the record itself, with `$params` bound.
 */
import * as z from 'zod';
import { paginationReference } from './pagination.ts';
import {
  bodySource,
  durationSource,
  expressionSource,
  nameSource,
  scalarSource,
  textSource,
} from './values.ts';

/** Below the base URL. What goes into the query stands under `query`, so that it is encoded. */
const pathSource = z.string().regex(/^\/[^?#]*$/, 'must start with / and hold no ? or #');

const incrementalSource = z
  .strictObject({
    /** When the record last changed. */
    cursor: expressionSource,
    /** How the provider writes instants. `iso8601_seconds` has no fraction. */
    format: z.enum(['iso8601', 'iso8601_seconds', 'epoch_s', 'epoch_ms', 'date']),
    /** server: the provider filters. client: it cannot, so we do, on each page. */
    mode: z.enum(['server', 'client']).default('server'),
    since: z
      .strictObject({
        param: z.string().min(1),
        /** Omitted: `{{since}}`. */
        value: textSource.default('{{since}}'),
        in: z.enum(['query', 'body']).default('query'),
      })
      .optional(),
    /** Asks for so much more, where the provider's filter runs late or refuses recent instants. */
    lookback: durationSource.optional(),
    /** Leaves the parameter out of a first sync, whose since is the epoch. */
    omit_at_epoch: z.boolean().default(false),
  })
  .refine((value) => (value.mode === 'server') === (value.since !== undefined), {
    path: ['since'],
    error: 'must be present in server mode and absent in client mode',
  });
export type IncrementalSource = z.output<typeof incrementalSource>;

export const methodSource = z
  .strictObject({
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional(),
    path: pathSource,
    query: z.record(z.string(), scalarSource).default({}),
    headers: z.record(z.string(), textSource).default({}),
    body: bodySource.optional(),
    body_format: z.enum(['json', 'form']).default('json'),
    /** Names that a caller must give: `ticket_id` of a list of a ticket's comments. */
    params: z.array(nameSource).default([]),
    records: expressionSource.optional(),
    record: expressionSource.optional(),
    map: expressionSource.optional(),
    filter: expressionSource.optional(),
    /** What must hold for the answer to count as success, besides its status. */
    ok: expressionSource.optional(),
    pagination: paginationReference.optional(),
    incremental: incrementalSource.optional(),
    timeout: durationSource.optional(),
  })
  .refine((value) => !(value.records && value.record), {
    path: ['record'],
    error: 'must not stand beside records',
  });
export type MethodSource = z.output<typeof methodSource>;

export const verifySource = z.strictObject({
  path: pathSource,
  query: z.record(z.string(), scalarSource).default({}),
  headers: z.record(z.string(), textSource).default({}),
  ok: expressionSource.optional(),
});

/** `id` tells records apart; every other member is a method. */
export const resourceSource = z
  .object({ id: expressionSource.optional() })
  .catchall(methodSource)
  .superRefine((value, context) => {
    for (const name of Object.keys(value)) {
      if (!nameSource.safeParse(name).success) {
        context.addIssue({ code: 'custom', path: [name], message: 'must be a name in snake_case' });
      }
    }
  });
export type ResourceSource = z.output<typeof resourceSource>;
