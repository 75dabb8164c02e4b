/** `integration new`: writes the files of a new integration, and refuses to touch an old one. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadCatalogue } from '#shared/integration/catalogue/catalogue.ts';
import { readModels } from '#shared/integration/catalogue/read-catalogue.ts';
import type { ModelResource } from '#shared/integration/mapping/model.ts';
import { nameSource } from '#shared/integration/template/values-source.ts';
import { modelFolders } from '../open-folder.ts';
import { UsageError } from '../usage-error.ts';
import { AUTH_KINDS, authBlock } from './auth-blocks.ts';
import { scaffoldFiles } from './files.ts';
import { PAGINATION_KINDS, paginationBlock } from './pagination-blocks.ts';

const SCHEMAS = path.join(import.meta.dirname, '../../docs/schema');

export interface NewIntegration {
  readonly name: string;
  /** Folder of integrations. */
  readonly directory: string;
  readonly baseUrl: string;
  readonly title?: string | undefined;
  readonly auth: string;
  readonly pagination: string;
  /** `crm/contacts`. */
  readonly maps: string;
}

/** The new folder. @throws UsageError */
export function scaffoldIntegration(asked: NewIntegration): string {
  if (!nameSource.safeParse(asked.name).success) {
    throw new UsageError('the name must be in snake_case: acme_crm');
  }
  const folder = path.join(asked.directory, asked.name);
  if (existsSync(folder)) throw new UsageError(`${folder} exists already`);
  const baseUrl = checkedUrl(asked.baseUrl);
  const auth = authBlock(asked.auth, new URL(baseUrl).origin);
  if (!auth) throw new UsageError(`--auth takes one of ${AUTH_KINDS.join(', ')}`);
  const pagination = paginationBlock(asked.pagination);
  if (!pagination) throw new UsageError(`--pagination takes one of ${PAGINATION_KINDS.join(', ')}`);
  const { model, resource } = findModel(folder, asked.maps);
  const files = scaffoldFiles({
    name: asked.name,
    title: asked.title ?? titleOf(asked.name),
    baseUrl,
    auth,
    pagination,
    paginationKind: asked.pagination,
    model,
    resource,
    schemaPath: (schema, from) =>
      path.relative(path.dirname(path.resolve(folder, from)), path.join(SCHEMAS, schema)),
  });
  for (const [name, text] of files) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new UsageError('--base-url takes an address without a query: https://api.acme.com/v1');
  }
  return url.href.replace(/\/+$/, '');
}

function findModel(folder: string, maps: string): { model: string; resource: ModelResource } {
  const models = loadCatalogue({
    integrations: [],
    mappings: [],
    models: readModels(modelFolders(folder)),
  });
  const [model = '', name = ''] = maps.split('/');
  const resource = models.model(model)?.resources[name];
  if (resource) return { model, resource };
  const known = models
    .models()
    .flatMap((one) => Object.keys(one.resources).map((key) => `${one.name}/${key}`));
  throw new UsageError(`--maps takes one of ${known.join(', ')}`);
}

/** `acme_crm` → `Acme Crm`. */
function titleOf(name: string): string {
  return name.replaceAll(/(?:^|_)([a-z0-9])/g, (_all, letter: string, at: number) =>
    at === 0 ? letter.toUpperCase() : ` ${letter.toUpperCase()}`,
  );
}
