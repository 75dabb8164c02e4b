/**
 * The OpenAPI 3.1 document of a set of routes, made from the schemas that parse their requests.
 *
 * Shape   schemas with an `id` in their metadata become components and are referred to; the rest
 *         stands where it is used
 * Source  OpenAPI 3.1.1; JSON Schema 2020-12
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { invariant } from '../../kernel/invariant.ts';
import { isJsonObject } from '../../kernel/json.ts';
import type { Endpoint } from './endpoint.ts';
import { PROBLEM_TYPE } from './problem.ts';
import { problem } from './problem-schema.ts';

type Tree = Readonly<Record<string, unknown>>;
type Components = Map<string, unknown>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const DEFINITIONS = '#/$defs/';
const COMPONENTS = '#/components/schemas/';

export function openApiDocument(endpoints: readonly Endpoint[], version: string): Tree {
  const components: Components = new Map();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replace('+}', '}');
    const operations = methodsOf(endpoint).map((method) => [
      method,
      operationOf(endpoint, method, components),
    ]);
    paths[path] = { ...paths[path], ...Object.fromEntries(operations) };
  }
  const failure = schemaOf(problem, 'output', components);
  return {
    openapi: '3.1.1',
    info: {
      title: 'Millrace',
      version,
      description: 'One API for many providers; keeps none of their data.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    // Relative to where the document was read from (OpenAPI 3.1.1 §4.8.5).
    servers: [{ url: '/' }],
    security: [{ api_key: [] }],
    paths,
    components: {
      schemas: Object.fromEntries([...components].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      responses: {
        Problem: {
          description: 'The request failed; `code` says why.',
          content: { [PROBLEM_TYPE]: { schema: failure } },
        },
      },
      securitySchemes: { api_key: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function methodsOf({ method }: Endpoint): readonly string[] {
  return method === 'ANY' ? METHODS : [method.toLowerCase()];
}

function operationOf(endpoint: Endpoint, method: string, components: Components): Tree {
  const body = requestBodyOf(endpoint, method, components);
  return {
    operationId: operationId(method, endpoint.path),
    summary: endpoint.summary,
    tags: [endpoint.path.split('/')[2] ?? 'api'],
    ...(endpoint.scopes.length === 0
      ? { security: [] }
      : { description: `Scope: ${endpoint.scopes.map((name) => `\`${name}\``).join(' or ')}.` }),
    parameters: [
      ...parametersOf('path', endpoint.input.shape.params, components),
      ...parametersOf('query', endpoint.input.shape.query, components),
      ...headersOf(endpoint, method),
    ],
    ...(body && { requestBody: body }),
    responses: {
      ...Object.fromEntries(
        statusesOf(endpoint).map((status) => [status, successOf(endpoint, components)]),
      ),
      '4XX': { $ref: '#/components/responses/Problem' },
      '5XX': { $ref: '#/components/responses/Problem' },
    },
  };
}

function statusesOf({ method, status, otherStatus }: Endpoint): readonly string[] {
  if (method === 'ANY') return ['default'];
  return [status, ...(otherStatus === undefined ? [] : [otherStatus])].map(String);
}

/** `post /v1/sync-jobs/{id}/runs` as `post_sync_jobs_id_runs`. */
function operationId(method: string, path: string): string {
  const words = path.replace('/v1/', '').match(/[A-Za-z0-9]+/g) ?? [];
  return [method, ...words].join('_');
}

function parametersOf(
  place: 'path' | 'query',
  schema: z.ZodType | undefined,
  components: Components,
) {
  if (!schema) return [];
  const { properties, required } = objectSchema.parse(schemaOf(schema, 'input', components));
  return Object.entries(properties).map(([name, member]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: member,
  }));
}

const objectSchema = z.object({
  properties: z.record(z.string(), z.unknown()),
  required: z.array(z.string()).default([]),
});

function headersOf(endpoint: Endpoint, method: string): readonly Tree[] {
  const idempotent = ['post', 'patch', 'delete'].includes(method) && endpoint.scopes.length > 0;
  return [
    {
      name: 'x-request-id',
      in: 'header',
      required: false,
      schema: { type: 'string', maxLength: 128 },
    },
    ...(idempotent
      ? [
          {
            name: 'idempotency-key',
            in: 'header',
            required: false,
            schema: { type: 'string', maxLength: 255 },
          },
        ]
      : []),
    ...(method === 'patch'
      ? [{ name: 'if-match', in: 'header', required: false, schema: { type: 'string' } }]
      : []),
  ];
}

function requestBodyOf(
  endpoint: Endpoint,
  method: string,
  components: Components,
): Tree | undefined {
  const body = endpoint.documentedBody ?? endpoint.input.shape.body;
  if (body) {
    const type = method === 'patch' ? 'application/merge-patch+json' : 'application/json';
    const schema = schemaOf(body, 'input', components);
    return { required: !body.safeParse({}).success, content: { [type]: { schema } } };
  }
  if (endpoint.requestType === undefined || method === 'get') return undefined;
  return { required: false, content: { [endpoint.requestType]: {} } };
}

function successOf(endpoint: Endpoint, components: Components): Tree {
  const description = 'Done.';
  if (endpoint.responseType !== undefined) {
    return { description, content: { [endpoint.responseType]: {} } };
  }
  if (endpoint.response instanceof z.ZodUndefined) return { description };
  const schema = schemaOf(endpoint.response, 'output', components);
  return { description, content: { 'application/json': { schema } } };
}

/** The schema as JSON Schema; what it defines moves to the document's components. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', components: Components): unknown {
  const { $schema: _, $defs = {}, ...own } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  const names = new Map(
    Object.entries($defs).map(([name, definition]) => [name, nameOf(name, definition)]),
  );
  for (const [name, definition] of Object.entries($defs)) {
    const moved = referred(definition, names);
    const component = names.get(name) ?? name;
    const present = components.get(component);
    invariant(
      present === undefined || JSON.stringify(present) === JSON.stringify(moved),
      `two schemas of the api do not share the name ${component}`,
    );
    components.set(component, moved);
  }
  return referred(own, names);
}

/** zod numbers recursive schemas that have no id anew each time; their content names them for good. */
function nameOf(name: string, definition: unknown): string {
  if (!name.startsWith('__schema')) return name;
  const text = JSON.stringify(definition).replaceAll(/__schema\d+/g, '');
  return `Recursive_${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}

function referred(node: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(node)) return node.map((member) => referred(member, names));
  if (!isJsonObject(node)) return node;
  return Object.fromEntries(
    Object.entries(node).map(([name, value]) => {
      if (name !== '$ref' || typeof value !== 'string') return [name, referred(value, names)];
      const target = value.replace(DEFINITIONS, '');
      return [name, `${COMPONENTS}${names.get(target) ?? target}`];
    }),
  );
}
