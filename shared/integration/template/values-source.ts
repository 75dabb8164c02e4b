/**
 * The three kinds of value that an integration may hold, never mixed and never guessed.
 *
 * Shape   literal: `"100"`; template: a text with `{{path}}` in it, which only looks up;
 *         expression: `{ expr: "…" }`, or a slot whose schema says that it is one
 */
import * as z from 'zod';

/** A literal or a template. */
export const textSource = z.string();

/** JSONata, in a slot that holds nothing else. */
export const expressionSource = z.string().min(1);

const wrappedExpression = z.strictObject({ expr: expressionSource });

/** One value of a query string. */
export const scalarSource = z.union([z.string(), z.number(), z.boolean(), wrappedExpression], {
  error: 'must be a text, a number, a boolean or { expr }',
});
export type ScalarSource = z.output<typeof scalarSource>;

/** A body as JSON, any of whose leaves may be a template or `{ expr }`. */
export type BodySource =
  | null
  | string
  | number
  | boolean
  | readonly BodySource[]
  | { readonly [member: string]: BodySource };

export const bodySource: z.ZodType<BodySource> = z.lazy(() =>
  z.union(
    [
      z.null(),
      z.string(),
      z.number(),
      z.boolean(),
      z.array(bodySource),
      z.record(z.string(), bodySource),
    ],
    { error: 'must be JSON' },
  ),
);

/** `tickets`, `ticket_comments`. */
export const nameSource = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'must be a name in snake_case, of at most 63 characters');

/** ISO 8601 duration without years and months: `PT15S`. */
export const durationSource = z
  .string()
  .regex(
    /^P(?=.)(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/,
    'must be an ISO 8601 duration',
  );

/** Lower-case, so that rules match what the engine holds. */
export const headerNameSource = z
  .string()
  .regex(/^[a-z0-9!#$%&'*+.^_`|~-]+$/, 'must be a header name in lower case');
