import { IntegrationInvalidError } from '#shared/integration/catalogue/errors.ts';
import { aCatalogue } from '../../../support/builders/an-integration.ts';

const MODEL = {
  spec: 1,
  model: 'crm',
  title: 'CRM',
  resources: { contacts: { required: ['id'], properties: { id: { type: 'string' } } } },
};
const list = { path: '/people', records: 'body' };
const create = { path: '/people', body: '{{input}}' };

function mapping(change: object, methods: object = { list, create }) {
  const catalogue = aCatalogue(
    {
      connection: { region: { pattern: '^[a-z]+$', default: 'eu' } },
      resources: { people: methods },
    },
    {
      models: [MODEL],
      mappings: [
        {
          spec: 1,
          integration: 'acme',
          model: 'crm',
          resource: 'contacts',
          source: 'people',
          fields: { id: 'response.id' },
          ...change,
        },
      ],
    },
  );
  try {
    return catalogue.mapping('acme', 'crm', 'contacts');
  } catch (error) {
    if (!(error instanceof IntegrationInvalidError)) throw error;
    return error.faults;
  }
}

describe('a mapping', () => {
  it('compiles what it writes, its headers and its rules of errors', () => {
    const compiled = mapping({
      write: { 'name.full': 'input.name' },
      headers: { 'x-region': '{{conn.region}}' },
      errors: [{ when: 'status = 409', class: 'conflict' }],
    });

    expect(compiled).toMatchObject({
      write: { 'name.full': { text: 'input.name' } },
      headers: { 'x-region': { paths: ['conn.region'] } },
      errors: [{ class: 'conflict', when: { text: 'status = 409' } }],
    });
  });

  it('without write cannot be written', () => {
    expect(mapping({})).toMatchObject({ write: undefined, headers: {}, errors: [] });
  });

  it('is refused with the place of every broken expression and template', () => {
    expect(
      mapping({
        query: { email: { param: 'q', value: '(' } },
        headers: { 'x-region': '{{conn.zone}}', 'x-token': '{{cred.token}}' },
        write: { 'a..b': 'input.name', name: ')' },
        errors: [{ when: '(', class: 'conflict' }],
      }),
    ).toMatchObject([
      { path: 'query.email.value' },
      { path: 'headers.x-token' },
      { path: 'write["a..b"]', message: 'must be names with dots between them' },
      { path: 'write.name' },
      { path: 'errors[0].when' },
      {
        path: 'headers.x-region',
        message: 'looks up a connection input that is not declared',
      },
    ]);
  });

  it('is refused where it writes what the integration cannot write', () => {
    expect(mapping({ write: { name: 'input.name' } }, { list })).toEqual([
      { path: 'write', message: 'the resource has neither create nor update' },
    ]);
  });
});
