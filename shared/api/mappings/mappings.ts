/**
 * `POST /v1/mappings/test`: a mapping tried on a sample, in memory. The sample and what becomes of it
 * stand in the answer and nowhere else; errors name fields and reasons.
 */
import * as z from 'zod';
import type { AccountStore } from '../../account/account-store.ts';
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import type { Catalogue } from '../../integration/catalogue/catalogue.ts';
import { UnprocessableError } from '../../kernel/errors.ts';
import { type AccountId, brandId } from '../../kernel/id.ts';
import type { Overrides } from '../../mapping/change-override.ts';
import { checkTrial } from '../../mapping/check-trial.ts';
import { findBase } from '../../mapping/effective-mapping.ts';
import { tryMapping } from '../../mapping/try-mapping.ts';
import { endpoint } from '../http/endpoint.ts';
import { type Route, route } from '../http/route.ts';
import { checkOverrideSize } from './override-size.ts';

const operation = z.enum(['set', 'unset', 'rename', 'append']);
const layer = z.enum(['base', 'environment', 'account', 'unsaved']);

const provenance = z
  .object({
    layer,
    op: operation,
    expression: z.string().optional(),
    version: z.int().optional(),
    from: z.string().optional().describe('The field that the value was under.'),
    to: z.string().optional().describe('The field that the value is under now.'),
    get below() {
      return provenance.optional().describe('What was renamed or appended to.');
    },
  })
  .meta({ id: 'MappingProvenance' });

const object = z.record(z.string(), z.json());

const test = endpoint({
  method: 'POST',
  path: '/v1/mappings/test',
  scopes: ['read'],
  summary: 'Tries a mapping on a sample, with its layers; nothing is kept.',
  input: z.object({
    body: z
      .strictObject({
        integration: z.string().min(1),
        model: z.string().min(1),
        resource: z.string().min(1),
        method: z
          .enum(['list', 'get', 'create', 'update'])
          .describe("list, get: the sample is a provider's record; else a unified one."),
        sample: object,
        layer: object
          .optional()
          .describe("An override, or one resource's part of it, to try on top of what is stored."),
        integrated_account_id: z
          .string()
          .transform((text): AccountId => brandId(text))
          .optional()
          .describe("Adds the account's layer, and binds its connection."),
        up_to: z
          .enum(['base', 'environment', 'account'])
          .default('account')
          .describe('The last of the stored layers that count.'),
        params: object.default({}).describe('For `$params`.'),
        connection: z
          .record(z.string(), z.string())
          .default({})
          .describe('For `$conn`, where no account is named.'),
        id: z.string().optional().describe('Of the record that is updated.'),
      })
      .meta({ id: 'MappingTestInput' }),
  }),
  response: z
    .object({
      output: z.record(z.string(), z.unknown()).nullable(),
      provenance: z.record(z.string(), provenance),
      errors: z.array(z.object({ path: z.string(), message: z.string() })),
    })
    .meta({ id: 'MappingTest' }),
  status: 200,
});

type Body = z.output<(typeof test)['input']>['body'];

export interface MappingRouteDeps {
  readonly catalogue: Catalogue;
  readonly accounts: Pick<AccountStore, 'get'>;
  readonly overrides: Pick<Overrides, 'layersOf'>;
}

export function mappingRoutes({ catalogue, accounts, overrides }: MappingRouteDeps) {
  return [
    route(test, {
      async run({ body, caller: { environmentId } }) {
        const { integration, integrated_account_id: accountId } = body;
        if (body.layer) checkOverrideSize(body.layer);
        const account = accountId && (await accounts.get(environmentId, accountId));
        const base = findBase(catalogue, integration, body.model, body.resource);
        if (!base) throw impossible('resource', 'is not mapped by the integration');
        if (account && account.integration !== integration) {
          throw impossible('integrated_account_id', 'is an account of another integration');
        }
        const target = { environmentId, integration, ...(account && { account }) };
        const stored = upTo(body.up_to, await overrides.layersOf(target));
        const unsaved = body.layer && checkTrial(body.layer, catalogue, body, stored);
        const layers = unsaved ? [...stored, unsaved] : stored;
        const {
          output,
          provenance: of,
          errors,
        } = tryMapping(base, layers, sampleOf(body, account));
        return { body: { output, provenance: { ...of }, errors: [...errors] } };
      },
    }),
  ] satisfies readonly Route[];
}

function upTo(last: Body['up_to'], layers: Awaited<ReturnType<Overrides['layersOf']>>) {
  if (last === 'base') return [];
  return layers.filter(({ origin }) => last === 'account' || origin.layer === 'environment');
}

function sampleOf(body: Body, account: IntegratedAccount | undefined) {
  return {
    direction: body.method === 'list' || body.method === 'get' ? 'read' : 'write',
    value: body.sample,
    params: body.params,
    conn: account?.connection ?? body.connection,
    ...(body.id !== undefined && { id: body.id }),
  } as const;
}

function impossible(path: string, message: string): UnprocessableError {
  return new UnprocessableError('the mapping cannot be tried', [{ path, message }]);
}
