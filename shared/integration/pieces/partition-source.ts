/**
 * Lists that must be asked for piece by piece: children of each parent, values of a list, fields in
 * chunks. A method's partitions are combined, each with each; parents may have partitions of their
 * own, four levels deep at most.
 */
import * as z from 'zod';
import { expressionSource, nameSource, textSource } from '../template/values-source.ts';

/** What fills one parameter of the method, value by value, where the caller does not give it. */
export const partitionSource = z
  .strictObject({
    /** The parameter: `params.<param>` of the request. */
    param: nameSource,
    /** Given values. An expression sees `{ conn }` and yields a list; where it is empty, `parent` counts. */
    values: z
      .union([z.array(z.string().min(1)).min(1), z.strictObject({ expr: expressionSource })])
      .optional(),
    /** A resource of this integration whose records yield the values. */
    parent: nameSource.optional(),
    /** Its method. */
    method: nameSource.default('list'),
    /** The value, on the parent's record; a list yields a value for each item. Omitted: its id. */
    key: expressionSource.optional(),
    /** More of the parent's record, for requests and `map` as `parent.<name>`. */
    fields: z.record(nameSource, expressionSource).default({}),
    /** Only parents that changed since, where the parent's method is incremental. */
    changed_only: z.boolean().default(false),
    /** So many values in one request, as a list. */
    batch: z.int().min(1).max(1_000).optional(),
  })
  .refine((value) => value.values !== undefined || value.parent !== undefined, {
    path: ['values'],
    error: 'must be present where there is no parent',
  });
export type PartitionSource = z.output<typeof partitionSource>;

/**
 * Fields that must be named to be had: `properties` of the request is the list of their names, or
 * one chunk of it; records of several chunks are joined by their id.
 */
export const propertiesSource = z
  .strictObject({
    /** Named here. */
    names: z.array(z.string().min(1)).default([]),
    /** Besides: a resource whose records describe the fields, and the name on each. */
    from: z
      .strictObject({
        resource: nameSource,
        method: nameSource.default('list'),
        name: expressionSource,
      })
      .optional(),
    /** The query parameter that takes them; omitted: an expression of the request looks them up. */
    param: textSource.optional(),
    separator: z.string().default(','),
    /** At most so many in one request. */
    chunk: z.int().positive().optional(),
  })
  .refine((value) => value.names.length > 0 || value.from !== undefined, {
    path: ['names'],
    error: 'must be present where there is no from',
  });
export type PropertiesSource = z.output<typeof propertiesSource>;

/**
 * A resource that stands for as many as the account has: callers name one as `objects:cars`, and
 * `param` of its methods is `cars`.
 */
export const discoveredSource = z.strictObject({
  /** The resource whose records are the names there are, and the name on each. */
  from: nameSource,
  method: nameSource.default('list'),
  name: expressionSource,
  param: nameSource,
});
export type DiscoveredSource = z.output<typeof discoveredSource>;
