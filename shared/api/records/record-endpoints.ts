/**
 * The declarations of calls on records: the same five for a provider's own resources and for unified
 * ones, which take a few parameters more.
 */
import * as z from 'zod';
import { ACCOUNT_PARAM } from '../accounts/called-account.ts';
import { endpoint, noBody } from '../http/endpoint.ts';
import { paging } from '../http/list.ts';
import { MOST_CURSOR_CHARACTERS } from './record-cursors.ts';

const account = {
  [ACCOUNT_PARAM]: z
    .string()
    .optional()
    .describe('The integrated account; or the header x-integrated-account-id.'),
} as const;

const INSTANT = 'must be an instant or a day in ISO 8601';
const updatedAfter = z
  .union([z.iso.datetime({ offset: true, error: INSTANT }), z.iso.date({ error: INSTANT })], {
    error: INSTANT,
  })
  .optional()
  .describe('Records that changed after it, where the provider can tell.');

const listing = {
  ...account,
  limit: paging.limit.describe('Records a page, where the provider lets us say so.'),
  cursor: z.string().min(1).max(MOST_CURSOR_CHARACTERS).optional(),
  updated_after: updatedAfter,
} as const;

const view = {
  fields: z
    .string()
    .min(1)
    .transform((text) => text.split(',').map((name) => name.trim()))
    .optional()
    .describe('Fields of the model, separated by commas; the others are left out.'),
  include_remote_data: z
    .enum(['true', 'false', ''])
    .transform((text) => text !== 'false')
    .optional()
    .describe("Adds the provider's own record as `remote_data`."),
} as const;

/** Of a unified record, and of a provider's own. */
const unifiedRecord = z.record(z.string(), z.unknown()).meta({
  id: 'UnifiedRecord',
  description: 'A record of a unified model; `{ id, deleted: true }` where it is gone.',
});
const nativeRecord = z
  .record(z.string(), z.unknown())
  .meta({ id: 'ProviderRecord', description: "A record in the provider's own shape." });

const leftOut = z
  .object({ id: z.string().optional(), code: z.string(), message: z.string() })
  .meta({ id: 'LeftOutRecord', description: 'A record that does not fit its model, and why.' });

function recordsOf<Record extends z.ZodType>(record: Record) {
  return z.object({
    data: z.array(record),
    next_cursor: z.string().nullable(),
    errors: z.array(leftOut).optional(),
  });
}

const input = z
  .record(z.string(), z.json())
  .meta({ id: 'RecordInput', description: 'The fields to write.' });

/** Loose: which filters and parameters there are besides, only the integration knows. */
const nativePath = '/v1/resources/{resource}';
const nativeParams = z.strictObject({ resource: z.string() });
const nativeQuery = z.looseObject(account);
/** Parameters of ours; every other one is the provider's. */
export const NATIVE_PARAMETERS = Object.keys(listing);

export const nativeEndpoints = {
  list: endpoint({
    method: 'GET',
    path: nativePath,
    scopes: ['read'],
    summary: "Lists the provider's records as they are; other parameters go to the provider.",
    input: z.object({
      params: nativeParams,
      query: z.looseObject(listing),
    }),
    response: recordsOf(nativeRecord),
    status: 200,
  }),
  create: endpoint({
    method: 'POST',
    path: nativePath,
    scopes: ['write'],
    summary: "Creates a record in the provider's own shape.",
    input: z.object({ params: nativeParams, query: nativeQuery, body: input }),
    response: nativeRecord,
    status: 201,
  }),
  ...onRecord(
    nativePath,
    nativeParams.extend({ id: z.string() }),
    nativeQuery,
    nativeRecord,
    "the provider's own shape",
  ),
};

const unifiedPath = '/v1/unified/{model}/{resource}';
const unifiedParams = z.strictObject({ model: z.string(), resource: z.string() });
const unifiedQuery = z.looseObject({ ...account, ...view });
/** Parameters of ours; every other one is a filter of the model. */
export const UNIFIED_PARAMETERS = Object.keys({ ...listing, ...view });

export const unifiedEndpoints = {
  list: endpoint({
    method: 'GET',
    path: unifiedPath,
    scopes: ['read'],
    summary: 'Lists unified records; other parameters are filters of the model.',
    input: z.object({
      params: unifiedParams,
      query: z.looseObject({ ...listing, ...view }),
    }),
    response: recordsOf(unifiedRecord),
    status: 200,
  }),
  create: endpoint({
    method: 'POST',
    path: unifiedPath,
    scopes: ['write'],
    summary: 'Creates a record from unified fields.',
    input: z.object({ params: unifiedParams, query: unifiedQuery, body: input }),
    response: unifiedRecord,
    status: 201,
  }),
  ...onRecord(
    unifiedPath,
    unifiedParams.extend({ id: z.string() }),
    unifiedQuery,
    unifiedRecord,
    'the unified shape',
  ),
};

/** What is done to one record, by its id. */
function onRecord<One extends z.ZodType, Query extends z.ZodType, Record extends z.ZodType>(
  path: string,
  one: One,
  query: Query,
  record: Record,
  shape: string,
) {
  return {
    get: endpoint({
      method: 'GET',
      path: `${path}/{id}`,
      scopes: ['read'],
      summary: `Reads one record in ${shape}.`,
      input: z.object({ params: one, query }),
      response: record,
      status: 200,
    }),
    update: endpoint({
      method: 'PATCH',
      path: `${path}/{id}`,
      scopes: ['write'],
      summary: `Changes the given fields of a record in ${shape}; null clears one.`,
      input: z.object({ params: one, query, body: input }),
      response: record,
      status: 200,
    }),
    remove: endpoint({
      method: 'DELETE',
      path: `${path}/{id}`,
      scopes: ['write'],
      summary: 'Deletes a record at the provider.',
      input: z.object({ params: one, query }),
      response: noBody,
      status: 204,
    }),
  };
}

export const recordEndpoints = [
  ...Object.values(nativeEndpoints),
  ...Object.values(unifiedEndpoints),
] as const;
