/**
 * How an integration's records become a unified model's: integrations/<provider>/mappings/<model>/<resource>.yaml.
 *
 * One expression per output field, so that a layer can later set or unset a single field. Each sees
 * `{ response }`, the provider's record, with `$params` (the parameters of the call) bound.
 */
import * as z from 'zod';
import { expressionSource, nameSource } from './values.ts';

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
  fields: z.record(nameSource, expressionSource),
});

export const mappingSource = mappingFileSource.extend({
  integration: nameSource,
  model: nameSource,
  resource: nameSource,
});
export type MappingSource = z.output<typeof mappingSource>;
