/**
 * An override as operators write it: what one layer changes of an integration's mappings. Closed:
 * an unknown key is a fault.
 *
 * Shape   `{ mappings: { "crm/contacts": { fields, write, query } } }`
 */
import * as z from 'zod';
import { expressionSource, nameSource } from '../../integration/template/values-source.ts';

const set = z.strictObject({ set: expressionSource });
const unset = z.strictObject({ unset: z.literal(true) });
const rename = z
  .strictObject({ rename: z.string().min(1) })
  .describe('The name under which the value appears now.');
const append = z
  .strictObject({ append: expressionSource })
  .describe('Lists are joined, objects merged.');

export const fieldOperation = z
  .union([set, unset, rename, append], {
    error:
      'must be one of { set: expression }, { unset: true }, { rename: name } and { append: expression }',
  })
  .meta({ id: 'FieldOperation' });

/** What the provider takes has no declared shape, so nothing is known that could be appended to. */
export const writeOperation = z
  .union([set, unset, rename], {
    error: 'must be one of { set: expression }, { unset: true } and { rename: member }',
  })
  .meta({ id: 'WriteOperation' });

export const filterOperation = z
  .union(
    [z.strictObject({ param: z.string().min(1), value: expressionSource.optional() }), z.null()],
    {
      error: 'must be { param, value? }, or null to take the filter away',
    },
  )
  .meta({ id: 'FilterOperation' });

export const filterName = nameSource;

/** One resource's part of an override. */
const resourceOverride = z
  .strictObject({
    fields: z
      .record(z.string(), fieldOperation)
      .optional()
      .describe('By field of the model, `custom_fields`, or `custom_fields.<name>`.'),
    write: z
      .record(z.string(), writeOperation)
      .optional()
      .describe("By member of the provider's input; dots lead into members."),
    query: z.record(filterName, filterOperation).optional().describe('By unified filter.'),
  })
  .meta({ id: 'ResourceOverride' });

export const overrideDocument = z
  .strictObject({
    mappings: z
      .record(z.string(), resourceOverride)
      .default({})
      .describe('By unified resource: `crm/contacts`.'),
  })
  .meta({ id: 'Override' });
export type OverrideDocument = z.output<typeof overrideDocument>;
