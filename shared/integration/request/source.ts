/**
 * One request to a provider: what methods, token steps, jobs and lifecycle actions have in common.
 *
 * Templates and expressions of a request see `{ conn, params, id, input, since, until, page, parent,
 * job, properties, op }`; those of an `auth` block see `{ conn, cred, app, step, callback }` instead.
 */
import * as z from 'zod';
import { bodySource, durationSource, scalarSource, textSource } from '../template/values-source.ts';

/** Below the base URL. What goes into the query stands under `query`, so that it is encoded. */
export const pathSource = z.string().regex(/^\/[^?#]*$/, 'must start with / and hold no ? or #');

export const httpMethod = z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

/**
 * json: as it stands. form: `a=1`, members that are no scalars as JSON. form_brackets: `a[b]=1`.
 * multipart: one part a member. raw: the body is one text, sent as `content_type` says. xml: the
 * body is one object whose only member is the root element.
 */
export const bodyFormat = z.enum(['json', 'form', 'form_brackets', 'multipart', 'raw', 'xml']);
export type BodyFormat = z.output<typeof bodyFormat>;

export const requestParts = {
  method: httpMethod.optional(),
  query: z.record(z.string(), scalarSource).default({}),
  headers: z.record(z.string(), textSource).default({}),
  body: bodySource.optional(),
  body_format: bodyFormat.default('json'),
  /** Of a raw body. Omitted: what the format says. */
  content_type: z.string().min(3).optional(),
  timeout: durationSource.optional(),
};
