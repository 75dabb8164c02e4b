/** The declarations of the override routes: an environment's over an integration, an account's. */
import * as z from 'zod';
import { overrideDocument } from '../../mapping/layers/override-schema.ts';
import { endpoint, noBody } from '../http/endpoint.ts';
import { listOf, paging } from '../http/list.ts';
import { time } from '../http/schemas.ts';

const override = z
  .object({
    integration: z.string(),
    integrated_account_id: z.string().nullable().describe("Null: the environment's."),
    version: z.int(),
    updated_at: time,
    mappings: z.record(z.string(), z.unknown()).describe('As they were put.'),
  })
  .meta({ id: 'OverrideView' });
export type OverrideView = z.input<typeof override>;

const versionView = z
  .object({
    version: z.int(),
    updated_at: time,
    deleted: z.boolean(),
    in_force: z.boolean(),
  })
  .meta({ id: 'OverrideVersion' });

const rollbackBody = z
  .strictObject({ version: z.int().positive() })
  .meta({ id: 'OverrideRollback' });

/** By name, as the path has them. */
type PathParams = z.ZodType<Readonly<Record<string, string>>>;

const OF = {
  environment: "this environment's layer over an integration's mappings",
  account: "an account's layer over its integration's mappings",
} as const;

function endpointsOf(path: string, name: string, what: keyof typeof OF) {
  const params: PathParams = z.strictObject({ [name]: z.string() });
  const withVersion: PathParams = z.strictObject({ [name]: z.string(), version: z.string() });
  return {
    put: endpoint({
      method: 'PUT',
      path,
      scopes: ['write'],
      summary: `Sets ${OF[what]}; every fault of it is listed with its path.`,
      input: z.object({ params, body: z.unknown() }),
      documentedBody: overrideDocument,
      response: override,
      status: 200,
      otherStatus: 201,
    }),
    read: endpoint({
      method: 'GET',
      path,
      scopes: ['read'],
      summary: `Reads ${OF[what]}.`,
      input: z.object({ params }),
      response: override,
      status: 200,
    }),
    remove: endpoint({
      method: 'DELETE',
      path,
      scopes: ['write'],
      summary: `Takes away ${OF[what]}; its versions stay.`,
      input: z.object({ params }),
      response: noBody,
      status: 204,
    }),
    versions: endpoint({
      method: 'GET',
      path: `${path}/versions`,
      scopes: ['read'],
      summary: `Lists the versions of ${OF[what]}, the newest first.`,
      input: z.object({ params, query: z.strictObject(paging) }),
      response: listOf(versionView),
      status: 200,
    }),
    version: endpoint({
      method: 'GET',
      path: `${path}/versions/{version}`,
      scopes: ['read'],
      summary: `Reads one version of ${OF[what]}.`,
      input: z.object({ params: withVersion }),
      response: override,
      status: 200,
    }),
    rollback: endpoint({
      method: 'POST',
      path: `${path}/rollback`,
      scopes: ['write'],
      summary: `Puts an earlier version of ${OF[what]} in force, as a new one.`,
      input: z.object({ params, body: rollbackBody }),
      response: override,
      status: 200,
    }),
  };
}

export type OverrideEndpoints = ReturnType<typeof endpointsOf>;

export const environmentOverride = endpointsOf(
  '/v1/integrations/{name}/override',
  'name',
  'environment',
);

export const accountOverride = endpointsOf(
  '/v1/integrated-accounts/{id}/override',
  'id',
  'account',
);
