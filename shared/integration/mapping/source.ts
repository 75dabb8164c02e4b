/**
 * How an integration's records become a unified model's, and back:
 * integrations/<provider>/mappings/<model>/<resource>.yaml.
 *
 * One expression per field, so that a layer can set or unset a single one. Those of `fields` see
 * `{ response }`, the provider's record; those of `write` see `{ input }`, the unified one, and
 * `{ id }`. Both have `$params` (the parameters of the call) and `$conn` bound.
 */
import * as z from 'zod';
import { errorRuleSource } from '../limits/error-rules-source.ts';
import { expressionSource, nameSource, textSource } from '../template/values-source.ts';

/** The file's own content; which integration, model and resource it maps, its path says. */
export const mappingFileSource = z.strictObject({
  spec: z.literal(1),
  /** The integration's resource. */
  source: nameSource,
  /** Unified filter that asks for what changed since: `updated_at: { gt: … }`. */
  since: nameSource.optional(),
  /** Unified filter → parameter of the integration's method. */
  params: z.record(nameSource, nameSource).default({}),
  /** Unified filter → query parameter of the provider. `value` sees `{ value }`. */
  query: z
    .record(
      nameSource,
      z.strictObject({ param: z.string().min(1), value: expressionSource.optional() }),
    )
    .default({}),
  /** Headers of every call, besides the method's. */
  headers: z.record(z.string(), textSource).default({}),
  fields: z.record(nameSource, expressionSource),
  /**
   * Member of the provider's input → expression; dots lead into members: `address.city`. What
   * yields nothing is left out. Without it the resource can only be read and deleted.
   */
  write: z.record(z.string().min(1), expressionSource).optional(),
  /** Tried before the integration's own. */
  errors: z.array(errorRuleSource).default([]),
});

export const mappingSource = mappingFileSource.extend({
  integration: nameSource,
  model: nameSource,
  resource: nameSource,
});
export type MappingSource = z.output<typeof mappingSource>;
