import { createApplyMapping } from '../../../shared/mapping/apply.ts';
import { aCatalogue } from '../../support/builders/an-integration.ts';

const MODEL = {
  spec: 1,
  model: 'crm',
  title: 'CRM',
  resources: {
    contacts: {
      required: ['id'],
      properties: {
        id: { type: 'string' },
        name: { type: 'string' },
        tags: { type: 'array', items: { type: 'string' } },
      },
    },
  },
};

function apply(fields: object) {
  const catalogue = aCatalogue(
    { resources: { people: { list: { path: '/p', records: 'body' } } } },
    {
      models: [MODEL],
      mappings: [
        {
          spec: 1,
          integration: 'acme',
          model: 'crm',
          resource: 'contacts',
          source: 'people',
          fields,
        },
      ],
    },
  );
  return createApplyMapping(
    catalogue.mapping('acme', 'crm', 'contacts')!,
    catalogue.model('crm')!.resources['contacts']!,
  );
}

describe('createApplyMapping', () => {
  it('evaluates one expression per field', () => {
    const map = apply({ id: '$string(response.id)', name: 'response.n', tags: 'response.t' });

    expect(map({ id: 7, n: 'Ada', t: ['x'] }, { params: {}, conn: {} })).toEqual({
      kind: 'mapped',
      record: { id: '7', name: 'Ada', tags: ['x'], custom_fields: {} },
    });
  });

  it('has every field of the model, null or empty where there is nothing', () => {
    expect(apply({ id: 'response.id' })({ id: '7' }, { params: {}, conn: {} })).toEqual({
      kind: 'mapped',
      record: { id: '7', name: null, tags: [], custom_fields: {} },
    });
  });

  it('adds the provider’s record where it is asked for', () => {
    const mapped = apply({ id: 'response.id' })(
      { id: '7', x: 1 },
      { params: {}, conn: {}, remoteData: true },
    );

    expect(mapped).toMatchObject({ record: { remote_data: { id: '7', x: 1 } } });
  });

  it('binds the parameters of the call', () => {
    expect(apply({ id: '$params.p' })({}, { params: { p: '9' }, conn: {} })).toMatchObject({
      record: { id: '9' },
    });
  });

  it('rejects a record that lacks what the model requires, naming the field alone', () => {
    expect(
      apply({ id: 'response.id', name: 'response.n' })({ n: 'Ada' }, { params: {}, conn: {} }),
    ).toEqual({
      kind: 'rejected',
      code: 'model_mismatch',
      message: 'id is missing',
    });
  });

  it('rejects a record on which an expression fails, naming field and code alone', () => {
    expect(apply({ id: '$number(response.id)' })({ id: 'Ada' }, { params: {}, conn: {} })).toEqual({
      kind: 'rejected',
      code: 'mapping_failed',
      message: 'id: the expression failed (D3030)',
    });
  });

  it('lists several misfits', () => {
    const mapped = apply({ id: 'response.id', name: 'response.n' })(
      { id: 7, n: 8 },
      { params: {}, conn: {} },
    );

    expect(mapped).toMatchObject({ message: 'id must be string; name must be string or null' });
  });
});
