/** The catalogue of integrations, and the check of a new one. */
import * as z from 'zod';
import type { Catalogue } from '../../integration/catalogue/catalogue.ts';
import { validateIntegration } from '../../integration/catalogue/validate-integration.ts';
import type { Integration } from '../../integration/document/plan.ts';
import { NotFoundError } from '../../kernel/errors.ts';
import { endpoint } from '../http/endpoint.ts';
import { type Cursors, listOf, listReply, type PageRequest, paging } from '../http/list.ts';
import { type Route, route } from '../http/route.ts';

const integration = z
  .object({
    name: z.string(),
    title: z.string(),
    docs: z.array(z.string()),
    auth: z.array(
      z.object({
        name: z.string(),
        kind: z.string(),
        title: z.string(),
        credential_fields: z.array(
          z.object({
            name: z.string(),
            required: z.boolean(),
            title: z.string().optional(),
            pattern: z.string().optional(),
            example: z.string().optional(),
          }),
        ),
      }),
    ),
    connection: z.array(
      z.object({
        name: z.string(),
        title: z.string(),
        pattern: z.string(),
        default: z.string().optional(),
        example: z.string().optional(),
        required: z.boolean(),
        captured: z.boolean().describe('The engine finds it out by itself; it may be given.'),
        auth: z.array(z.string()).optional().describe('Alternatives that have it; absent: all.'),
      }),
    ),
    resources: z.record(z.string(), z.object({ methods: z.array(z.string()) })),
    models: z.record(z.string(), z.array(z.string())),
    sla: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  })
  .meta({ id: 'Integration' });

const list = endpoint({
  method: 'GET',
  path: '/v1/integrations',
  scopes: ['read'],
  summary: 'Lists the integrations that this deployment knows.',
  input: z.object({ query: z.strictObject(paging) }),
  response: listOf(integration),
  status: 200,
});

const read = endpoint({
  method: 'GET',
  path: '/v1/integrations/{name}',
  scopes: ['read'],
  summary: 'Reads an integration: how to connect, and what can be called.',
  input: z.object({ params: z.strictObject({ name: z.string() }) }),
  response: integration,
  status: 200,
});

const validate = endpoint({
  method: 'POST',
  path: '/v1/integrations/validate',
  scopes: ['read'],
  summary: 'Checks an integration.yaml, in YAML or JSON, and lists every fault.',
  input: z.object({}),
  requestType: 'application/yaml',
  response: z
    .object({
      valid: z.boolean(),
      name: z.string().optional(),
      errors: z.array(
        z.object({ path: z.string(), message: z.string(), line: z.int().optional() }),
      ),
    })
    .meta({ id: 'IntegrationCheck' }),
  status: 200,
});

export interface IntegrationRouteDeps {
  readonly catalogue: Catalogue;
  readonly cursors: Cursors;
}

export function integrationRoutes({ catalogue, cursors }: IntegrationRouteDeps): readonly Route[] {
  return [
    route(list, {
      run: ({ query, caller: { environmentId } }) =>
        listReply({
          cursors,
          list: { environmentId, path: list.path, filters: {} },
          query,
          fetch: async (page) => pageOf(catalogue.list(), page),
          view: viewOf,
        }),
    }),
    route(read, {
      async run({ params: { name } }) {
        const found = catalogue.integration(name);
        if (!found) throw new NotFoundError('there is no such integration');
        return { body: viewOf(found) };
      },
    }),
    route(validate, {
      async run({ request }) {
        const text = new TextDecoder().decode(request.body.reveal());
        const { source, faults } = validateIntegration(text);
        const name = source && { name: source.provider };
        return { body: { valid: faults.length === 0, ...name, errors: [...faults] } };
      },
    }),
  ];
}

/** By name, so that a page stays right when a new version knows more integrations. */
function pageOf(all: readonly Integration[], { limit, start = '' }: PageRequest) {
  const sorted = all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const rest = sorted.filter(({ name }) => name > start);
  const items = rest.slice(0, limit);
  return { items, next: rest.length > limit ? items.at(-1)?.name : undefined };
}

function viewOf(found: Integration): z.input<typeof integration> {
  return {
    name: found.name,
    title: found.title,
    docs: [...found.docs],
    auth: Object.values(found.auth).map(({ name, kind, title, credentialFields }) => ({
      name,
      kind,
      title,
      credential_fields: [...credentialFields],
    })),
    connection: Object.values(found.connection)
      .filter(({ derived }) => !derived)
      .map((input) => ({
        name: input.name,
        title: input.title,
        pattern: input.pattern,
        ...(input.default !== undefined && { default: input.default }),
        ...(input.example !== undefined && { example: input.example }),
        required: !input.optional && !input.captured && input.default === undefined,
        captured: input.captured,
        ...(input.authNames && { auth: [...input.authNames] }),
      })),
    resources: Object.fromEntries(
      Object.values(found.resources).map(({ name, methods }) => [
        name,
        { methods: Object.keys(methods) },
      ]),
    ),
    models: Object.fromEntries(
      Object.entries(found.models).map(([model, resources]) => [model, [...resources]]),
    ),
    sla: Object.fromEntries(
      Object.entries(found.sla).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : [...value],
      ]),
    ),
  };
}
