import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { IntegrationInvalidError } from '../../../../shared/integration/catalogue/errors.ts';
import {
  readCatalogueFolder,
  readIntegrationFolder,
  readModels,
} from '../../../../shared/integration/catalogue/read-catalogue.ts';

const INTEGRATION = `spec: 1
provider: acme
title: Acme
base_url: https://api.acme.com
hosts: [api.acme.com]
auth: { open: { kind: none } }
resources:
  people:
    list: { path: /people, records: body }
`;
const MODEL = `spec: 1
model: crm
title: CRM
resources:
  contacts:
    required: [id]
    properties:
      id: { type: string }
`;

let folder: string;

function write(name: string, text: string): void {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function faults() {
  try {
    readCatalogueFolder([folder]);
    return [];
  } catch (error) {
    if (!(error instanceof IntegrationInvalidError)) throw error;
    return error.faults.map(({ file, ...fault }) => ({
      ...fault,
      file: path.relative(folder, file ?? ''),
    }));
  }
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'catalogue-'));
  write('_models/crm.yaml', MODEL);
  write('acme/integration.yaml', INTEGRATION);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('readCatalogueFolder', () => {
  it('reads integrations, models and mappings, and knows from its path what a mapping maps', () => {
    write(
      'acme/mappings/crm/contacts.yaml',
      'spec: 1\nsource: people\nfields:\n  id: response.id\n',
    );
    const catalogue = readCatalogueFolder([folder]);

    expect(catalogue.integrations.map(({ provider }) => provider)).toEqual(['acme']);
    expect(catalogue.models.map(({ model }) => model)).toEqual(['crm']);
    expect(catalogue.mappings).toMatchObject([
      { integration: 'acme', model: 'crm', resource: 'contacts', source: 'people' },
    ]);
  });

  it('is plain JSON', () => {
    const catalogue = readCatalogueFolder([folder]);

    expect(JSON.parse(JSON.stringify(catalogue))).toEqual(catalogue);
  });

  it('names file, line and path of every fault of every file', () => {
    write('acme/integration.yaml', INTEGRATION.replace('title: Acme', 'titel: Acme'));
    write('_models/crm.yaml', MODEL.replace('type: string', 'type: text'));

    expect(faults()).toEqual([
      {
        file: '_models/crm.yaml',
        path: 'resources.contacts.properties.id.type',
        line: 8,
        message: 'must be a JSON Schema type',
      },
      { file: 'acme/integration.yaml', path: 'title', line: 1, message: expect.any(String) },
      {
        file: 'acme/integration.yaml',
        path: 'titel',
        line: 3,
        message: 'is no key that is known here',
      },
    ]);
  });

  it('refuses an integration whose name is not its folder’s', () => {
    write('acme/integration.yaml', INTEGRATION.replace('provider: acme', 'provider: other'));

    expect(faults()).toMatchObject([{ path: 'provider', line: 2 }]);
  });

  it('refuses a folder without integration.yaml', () => {
    mkdirSync(path.join(folder, 'empty'));

    expect(faults()).toEqual([
      { file: 'empty/integration.yaml', path: '', message: 'the file is missing' },
    ]);
  });

  it('refuses an integration that two folders declare', () => {
    expect(() => readCatalogueFolder([folder, folder])).toThrow(IntegrationInvalidError);
  });

  it.each([
    [
      'a field that the model does not have',
      'source: people\nfields: { id: response.id, age: response.age }',
      'fields.age',
    ],
    ['a required field that is not mapped', 'source: people\nfields: {}', 'fields'],
    [
      'a resource that the integration does not have',
      'source: persons\nfields: { id: response.id }',
      'source',
    ],
    [
      'a parameter that no method takes',
      'source: people\nparams: { a: b }\nfields: { id: response.id }',
      'params.a',
    ],
    [
      'a since of a resource that is not incremental',
      'source: people\nsince: updated_at\nfields: { id: response.id }',
      'since',
    ],
    ['a broken expression', 'source: people\nfields: { id: "response.(" }', 'fields.id'],
  ])('refuses a mapping with %s', (_what, text, expected) => {
    write('acme/mappings/crm/contacts.yaml', `spec: 1\n${text}\n`);

    expect(faults().map((fault) => [fault.file, fault.path])).toEqual([
      ['acme/mappings/crm/contacts.yaml', expected],
    ]);
  });
});

describe('readIntegrationFolder', () => {
  const read = () =>
    readIntegrationFolder(path.join(folder, 'acme'), [path.join(folder, '_models')]);

  it('knows nothing of a neighbour that is broken', () => {
    write('broken/integration.yaml', 'spec: 2\n');

    expect(read().faults).toEqual([]);
    expect(read().source.integrations.map(({ provider }) => provider)).toEqual(['acme']);
  });

  it('judges the expressions of what its schema refuses, and the mappings beside it', () => {
    write(
      'acme/integration.yaml',
      INTEGRATION.replace('title: Acme', 'title: 7').replace('body }', '"body[" }'),
    );
    write(
      'acme/mappings/crm/contacts.yaml',
      'spec: 1\nsource: people\nfields:\n  id: "response["\n',
    );

    expect(
      read().faults.map((fault) => [
        path.relative(folder, fault.file ?? ''),
        fault.path,
        fault.line,
      ]),
    ).toEqual([
      ['acme/integration.yaml', 'title', 3],
      ['acme/integration.yaml', 'resources.people.list.records', 9],
      ['acme/mappings/crm/contacts.yaml', 'fields.id', 4],
    ]);
  });
});

describe('readModels', () => {
  it('throws with every fault of the models', () => {
    write('_models/hris.yaml', 'spec: 1\nmodel: hr\n');

    expect(() => readModels([path.join(folder, '_models')])).toThrow(IntegrationInvalidError);
  });
});
