import { readFileSync } from 'node:fs';
import { VERSION } from '#shared/api/http/version.ts';
import { aRequest, jsonOf } from '../../support/builders/api-requests.ts';
import { type ControlPlane, startControlPlane } from '../../support/worlds/control-plane-world.ts';

/** The routes of the contract that exist. */
const ROUTES = `
GET /v1/health
GET /v1/openapi.json
POST /v1/api-keys
GET /v1/api-keys
DELETE /v1/api-keys/{id}
PUT /v1/tenants/{tenant_id}
GET /v1/tenants/{tenant_id}
GET /v1/tenants
DELETE /v1/tenants/{tenant_id}
GET /v1/integrations
GET /v1/integrations/{name}
PUT /v1/integrations/{name}/app
POST /v1/integrations/validate
GET /v1/providers/status
POST /v1/integrated-accounts
GET /v1/integrated-accounts
GET /v1/integrated-accounts/{id}
PATCH /v1/integrated-accounts/{id}
DELETE /v1/integrated-accounts/{id}
POST /v1/integrated-accounts/{id}/verify
POST /v1/integrated-accounts/{id}/refresh
GET /v1/integrated-accounts/{id}/capabilities
GET /v1/integrations/{name}/capabilities
GET /v1/resources/{resource}
POST /v1/resources/{resource}
GET /v1/resources/{resource}/{id}
PATCH /v1/resources/{resource}/{id}
DELETE /v1/resources/{resource}/{id}
GET /v1/unified/{model}/{resource}
POST /v1/unified/{model}/{resource}
GET /v1/unified/{model}/{resource}/{id}
PATCH /v1/unified/{model}/{resource}/{id}
DELETE /v1/unified/{model}/{resource}/{id}
GET /v1/integrated-accounts/{id}/override
PUT /v1/integrated-accounts/{id}/override
DELETE /v1/integrated-accounts/{id}/override
GET /v1/integrated-accounts/{id}/override/versions
GET /v1/integrated-accounts/{id}/override/versions/{version}
POST /v1/integrated-accounts/{id}/override/rollback
GET /v1/integrations/{name}/override
PUT /v1/integrations/{name}/override
DELETE /v1/integrations/{name}/override
GET /v1/integrations/{name}/override/versions
GET /v1/integrations/{name}/override/versions/{version}
POST /v1/integrations/{name}/override/rollback
POST /v1/mappings/test
GET /v1/proxy/{path}
POST /v1/proxy/{path}
PUT /v1/proxy/{path}
PATCH /v1/proxy/{path}
DELETE /v1/proxy/{path}
POST /v1/sync-jobs
GET /v1/sync-jobs
GET /v1/sync-jobs/{id}
PATCH /v1/sync-jobs/{id}
DELETE /v1/sync-jobs/{id}
POST /v1/sync-jobs/{id}/runs
POST /v1/sync-jobs/{id}/stream
GET /v1/sync-jobs/{id}/cursors/{integrated_account_id}
DELETE /v1/sync-jobs/{id}/cursors/{integrated_account_id}
GET /v1/sync-runs
GET /v1/sync-runs/{id}
POST /v1/sync-runs/{id}/cancel
POST /v1/sync-runs/{id}/pause
POST /v1/sync-runs/{id}/resume
POST /v1/webhook-subscriptions
GET /v1/webhook-subscriptions
GET /v1/webhook-subscriptions/{id}
PATCH /v1/webhook-subscriptions/{id}
DELETE /v1/webhook-subscriptions/{id}
POST /v1/webhook-subscriptions/{id}/rotate-secret
POST /v1/webhook-subscriptions/{id}/test
POST /v1/webhook-subscriptions/{id}/enable
GET /v1/webhook-subscriptions/{id}/deliveries
`
  .trim()
  .split('\n');

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, unknown>>;
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
  readonly security?: readonly unknown[];
}
interface Document {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly servers: readonly unknown[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

let plane: ControlPlane;
let document: Document;
const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

beforeAll(async () => {
  plane = await startControlPlane();
  const answer = await plane.serve({ ...aRequest('GET', '/v1/openapi.json'), headers: {} });
  document = jsonOf(answer) as Document;
});
afterAll(() => plane.stop());

/** Everything in the document that refers to something, and what it refers to. */
function refsIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) =>
    name === '$ref' ? [String(value)] : refsIn(value),
  );
}

function resolve(ref: string): unknown {
  return ref
    .slice(2)
    .split('/')
    .reduce<unknown>(
      (node, step) => (node as Record<string, unknown> | undefined)?.[step],
      document,
    );
}

it('is OpenAPI 3.1 of this version', () => {
  expect(document.openapi).toBe('3.1.1');
  expect(document.info.version).toBe(VERSION);
  expect(JSON.parse(readFileSync('package.json', 'utf8')).version).toBe(VERSION);
});

it('says where the API is: where the document is', () => {
  expect(document.servers).toEqual([{ url: '/' }]);
});

it('names both answers of a PUT that may make what was not there', () => {
  const put = document.paths['/v1/tenants/{tenant_id}']?.['put'];

  expect(Object.keys(put?.responses ?? {})).toEqual(['200', '201', '4XX', '5XX']);
});

it('describes every route, and no other', () => {
  const described = operations().map(({ method, path }) => `${method.toUpperCase()} ${path}`);

  expect(described.toSorted()).toEqual(ROUTES.toSorted());
});

it('refers to nothing that is not there', () => {
  const refs = refsIn(document);

  expect(refs.length).toBeGreaterThan(50);
  expect(refs.filter((ref) => !ref.startsWith('#/') || resolve(ref) === undefined)).toEqual([]);
});

it('has no place of zod left in it', () => {
  expect(JSON.stringify(document)).not.toMatch(/\$defs|__schema/);
});

it('gives every operation an id of its own', () => {
  const ids = operations().map(({ operation }) => operation.operationId);

  expect(new Set(ids).size).toBe(ids.length);
});

it('declares every parameter of every path', () => {
  for (const { path, operation } of operations()) {
    const declared = operation.parameters
      .filter((each) => each.in === 'path')
      .map(({ name }) => name);

    expect([path, declared]).toEqual([
      path,
      [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
    ]);
  }
});

it('answers errors as problem documents everywhere', () => {
  for (const { operation } of operations()) {
    expect(operation.responses).toMatchObject({
      '4XX': { $ref: '#/components/responses/Problem' },
      '5XX': { $ref: '#/components/responses/Problem' },
    });
  }
});

it('takes merge-patch for every PATCH of ours', () => {
  const patches = operations().filter(
    ({ method, path }) => method === 'patch' && !path.includes('proxy'),
  );

  for (const { operation } of patches) {
    expect(Object.keys(operation.requestBody?.content ?? {})).toEqual([
      'application/merge-patch+json',
    ]);
  }
});

it('says which routes need no key', () => {
  const open = operations().filter(({ operation }) => operation.security?.length === 0);

  expect(open.map(({ path }) => path).toSorted()).toEqual(['/v1/health', '/v1/openapi.json']);
});
