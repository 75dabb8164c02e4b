/** Pages that are written by `npm run docs` say what configurations and schemas say today. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { generatedDocs } from '../../scripts/docs.ts';
import { integrationFolders } from '../support/builders/integration-folders.ts';

const ROOT = path.join(__dirname, '../..');
const generated = generatedDocs();

describe.each([...generated.keys()])('%s', (name) => {
  it('is up to date: npm run docs', () => {
    expect(readFileSync(path.join(ROOT, name), 'utf8')).toBe(generated.get(name));
  });
});

function validatorOf(name: string) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  return ajv.compile(JSON.parse(generated.get(`docs/schema/${name}.schema.json`) ?? ''));
}

const accepts = (name: string) => {
  const validate = validatorOf(name);
  return (value: unknown) => (validate(value) ? [] : validate.errors);
};
const read = (file: string): unknown => parse(readFileSync(file, 'utf8'), { schema: 'core' });

describe('the published schemas', () => {
  const integration = accepts('integration');
  const mapping = accepts('mapping');
  const fixture = accepts('fixture');

  it.each(integrationFolders.map(({ name, folder }) => [name, folder] as const))(
    'accept %s as it is written',
    (_name, folder) => {
      expect(integration(read(path.join(folder, 'integration.yaml')))).toEqual([]);
    },
  );

  it('accept every mapping and fixture as it is written', () => {
    for (const { integration: opened, fixtures } of integrationFolders) {
      for (const { file } of opened?.mappings ?? []) {
        expect({ file, errors: mapping(read(file)) }).toEqual({ file, errors: [] });
      }
      for (const { file } of fixtures) {
        expect({ file, errors: fixture(read(file)) }).toEqual({ file, errors: [] });
      }
    }
  });

  const valid = {
    spec: 1,
    provider: 'acme',
    title: 'Acme',
    base_url: 'https://api.acme.com',
    hosts: ['api.acme.com'],
    auth: { open: { kind: 'none' } },
    resources: { orders: { list: { path: '/orders' } } },
  };

  it('accept what holds no more than it must', () => {
    expect(integration(valid)).toEqual([]);
    expect(mapping({ spec: 1, source: 'orders', fields: {} })).toEqual([]);
  });

  it.each([
    ['at the top', { ...valid, surprise: 1 }],
    ['of an alternative of auth', { ...valid, auth: { open: { kind: 'none', surprise: 1 } } }],
    [
      'of a method',
      { ...valid, resources: { orders: { list: { path: '/orders', surprise: 1 } } } },
    ],
    [
      'of a pagination',
      { ...valid, pagination: { pages: { kind: 'page', param: 'page', surprise: 1 } } },
    ],
    [
      'of a wait',
      {
        ...valid,
        rate_limit: { wait: [{ header: 'x-in', unit: 'seconds', example: '1', surprise: 1 }] },
      },
    ],
    ['of a webhook', { ...valid, webhook: { surprise: 1 } }],
  ])('refuse an unknown key %s', (_where, value) => {
    expect(integration(value)).not.toEqual([]);
  });

  it('refuse an unknown key of a mapping and of a fixture', () => {
    expect(mapping({ spec: 1, source: 'orders', fields: {}, surprise: 1 })).not.toEqual([]);
    expect(
      fixture({ auth: 'open', verify: true, exchanges: [], expect: {}, surprise: 1 }),
    ).not.toEqual([]);
  });

  it('refuse a time without its unit, and a method whose name is none', () => {
    const untimed = { ...valid, rate_limit: { wait: [{ header: 'x-in', example: '1' }] } };
    const misnamed = { ...valid, resources: { orders: { listAll: { path: '/orders' } } } };

    expect(integration(untimed)).not.toEqual([]);
    expect(integration(misnamed)).not.toEqual([]);
  });
});
