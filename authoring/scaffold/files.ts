/**
 * The files of a new integration: one that validates, whose fixture passes, and whose comments say
 * what to change.
 */
import { stringify } from 'yaml';
import type { ModelResource } from '#shared/integration/mapping/model.ts';
import type { AuthBlock } from './auth-blocks.ts';
import { ownQuery, type PaginationBlock, type ScaffoldPage } from './pagination-blocks.ts';
import { mappedFields, openFields, scaffoldRecord } from './record.ts';

export interface ScaffoldOptions {
  readonly name: string;
  readonly title: string;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly auth: AuthBlock;
  readonly paginationKind: string;
  readonly pagination: PaginationBlock;
  /** The unified resource that is mapped, and its shape. */
  readonly model: string;
  readonly resource: ModelResource;
  /** Path of a published schema as seen from a file of the folder. */
  schemaPath(schema: string, from: string): string;
}

/** Path below the integration's folder → text. */
export function scaffoldFiles(options: ScaffoldOptions): ReadonlyMap<string, string> {
  const { model, resource } = options;
  return new Map([
    ['integration.yaml', integrationFile(options)],
    [`mappings/${model}/${resource.name}.yaml`, mappingFile(options)],
    [`fixtures/${resource.name}.list.yaml`, fixtureFile(options)],
    [`fixtures/${resource.name}.get.yaml`, getFixtureFile(options)],
    ['fixtures/rate-limited.yaml', limitedFixtureFile(options)],
    ['fixtures/verify.yaml', verifyFixtureFile(options)],
  ]);
}

function integrationFile(options: ScaffoldOptions): string {
  const { name, title, baseUrl, auth, paginationKind, pagination, resource } = options;
  const query = ownQuery(paginationKind);
  return `${editorLine(options, 'integration', 'integration.yaml')}spec: 1
provider: ${name}
title: ${stringify(title).trim()}
# Where the facts below come from. Nothing here is guessed.
docs: [${baseUrl}/docs]
base_url: ${baseUrl}
# The only hosts that are ever called.
hosts: [${new URL(baseUrl).host}]
auth:
${indent(auth.yaml, 2)}
# A cheap call whose answer says whether an account works.
verify: { path: /me }
rate_limit:
  # How long to stay away, with its unit and an example that is checked when this loads.
  wait: [{ header: retry-after, unit: seconds, example: "30" }]
# What an answer means where its status does not say it; first match wins.
errors:
  - { when: status < 400 and $exists(body.error), class: validation, code: body.error.code, message: body.error.message }
pagination:
  pages:
${indent(pagination.yaml, 4)}
resources:
  ${resource.name}:
    id: id
    list:
      path: /${resource.name}
${query === undefined ? '' : `      query: ${query}\n`}      records: body.items
      pagination: pages
      # The provider does not filter here, so the engine does; see docs/authoring-integrations.md.
      incremental: { cursor: updated_at, format: iso8601, mode: client }
    get: { path: "/${resource.name}/{{id}}", record: body }
# What the provider promises, with the day on which it was read.
sla:
  rate_limit_model: Not documented.
  limited_shape: 429 with Retry-After in seconds.
  sources: [${baseUrl}/docs]
`;
}

function mappingFile(options: ScaffoldOptions): string {
  const { resource } = options;
  const open = openFields(resource).filter((name) => name !== 'custom_fields');
  const hint = open.length === 0 ? '' : `  # Still to be mapped: ${open.join(', ')}.\n`;
  const fields = Object.entries(mappedFields(resource)).map(
    ([field, expression]) => `  ${field}: ${expression}\n`,
  );
  return `${editorLine(options, 'mapping', `mappings/${options.model}/x.yaml`)}spec: 1
source: ${resource.name}
# The unified filter that asks for what changed since.
since: updated_at
fields:
${fields.join('')}${hint}`;
}

function fixtureFile(options: ScaffoldOptions): string {
  const { resource, pagination, model } = options;
  const url = `${options.baseUrl}/${resource.name}`;
  const pages = pagination.pages(url);
  const records = pages.map((_page, index) => scaffoldRecord(resource, index + 1));
  return fixture(`${model}/${resource.name}`, options, {
    method: 'list',
    exchanges: pages.map((page, index) => exchangeOf(url, page, records[index]?.native ?? {})),
    expect: { records: records.map(({ unified }) => unified) },
  });
}

function exchangeOf(url: string, page: ScaffoldPage, record: object): object {
  const { query, requestHeaders, answerHeaders, members } = page;
  return {
    request: { url: url + query, ...(requestHeaders && { headers: requestHeaders }) },
    answer: {
      ...(answerHeaders && { headers: answerHeaders }),
      body: { items: [record], ...members },
    },
  };
}

function getFixtureFile(options: ScaffoldOptions): string {
  const { resource, model } = options;
  const { native, unified } = scaffoldRecord(resource, 1);
  return fixture(`${model}/${resource.name}`, options, {
    method: 'get',
    id: '1',
    exchanges: [
      { request: { url: `${options.baseUrl}/${resource.name}/1` }, answer: { body: native } },
    ],
    expect: { record: unified },
  });
}

function limitedFixtureFile(options: ScaffoldOptions): string {
  const { resource, pagination } = options;
  const url = `${options.baseUrl}/${resource.name}`;
  const [first] = pagination.pages(url);
  return fixture(resource.name, options, {
    method: 'list',
    exchanges: [
      {
        request: { url: url + (first?.query ?? '') },
        answer: { status: 429, headers: { 'retry-after': '30' } },
      },
    ],
    expect: { error: { code: 'rate_limited', headers: { 'retry-after': '30' } } },
  });
}

function verifyFixtureFile(options: ScaffoldOptions): string {
  return fixture(undefined, options, {
    verify: true,
    exchanges: [{ request: { url: `${options.baseUrl}/me` }, answer: { body: { id: 1 } } }],
    expect: { verified: true },
  });
}

function fixture(resource: string | undefined, options: ScaffoldOptions, rest: object): string {
  const { auth } = options;
  const [name] = auth.yaml.split(':');
  const head = { ...(resource && { resource }), auth: name, credential: auth.credential };
  const text = stringify({ ...head, ...rest }, { lineWidth: 100 });
  return editorLine(options, 'fixture', 'fixtures/x.yaml') + text;
}

/** Tells an editor where the schema is. */
function editorLine(options: ScaffoldOptions, schema: string, from: string): string {
  const path = options.schemaPath(`${schema}.schema.json`, from);
  return `# yaml-language-server: $schema=${path}\n`;
}

function indent(text: string, by: number): string {
  return text.replaceAll(/^/gm, ' '.repeat(by));
}
