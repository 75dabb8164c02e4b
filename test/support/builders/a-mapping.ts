/** A mapping of the integration `acme`, its model, and layers over it, as tests of layers need them. */

import type { Catalogue } from '#shared/integration/catalogue/catalogue.ts';
import { createCompileContext, toFaults } from '#shared/integration/template/context.ts';
import { findBase } from '#shared/mapping/effective-mapping.ts';
import type { LayerOrigin } from '#shared/mapping/layers/layer.ts';
import { readLayer } from '#shared/mapping/layers/read-layer.ts';
import type { Base } from '#shared/mapping/layers/stored-layer.ts';
import { aCatalogue } from './an-integration.ts';

const MODEL = {
  spec: 1,
  model: 'crm',
  title: 'CRM',
  resources: {
    contacts: {
      required: ['id'],
      properties: {
        id: { type: 'string' },
        first_name: { type: ['string', 'null'] },
        last_name: { type: ['string', 'null'] },
        tags: { type: 'array', items: { type: 'string' } },
        phone_numbers: { type: 'array', items: { type: 'object' } },
        address: { type: ['object', 'null'], properties: { city: { type: 'string' } } },
      },
    },
    users: { required: ['id'], properties: { id: { type: 'string' } } },
  },
};

export interface MappingParts {
  readonly fields?: Readonly<Record<string, string>>;
  readonly write?: Readonly<Record<string, string>>;
  readonly query?: object;
}

export const FIELDS = {
  id: 'response.id',
  first_name: 'response.first',
  tags: 'response.tags',
  custom_fields: 'response.extra',
};

export function aMappedCatalogue({ fields = FIELDS, write, query }: MappingParts = {}): Catalogue {
  const methods = {
    list: { path: '/p', records: 'body' },
    ...(write && { create: { path: '/p', body: '{{input}}' } }),
  };
  const common = { spec: 1, integration: 'acme', model: 'crm', source: 'people' };
  return aCatalogue(
    { resources: { people: methods } },
    {
      models: [MODEL],
      mappings: [
        {
          ...common,
          resource: 'contacts',
          fields,
          ...(write && { write }),
          ...(query && { query }),
        },
        { ...common, resource: 'users', fields: { id: 'response.id' } },
      ],
    },
  );
}

export function aBase(parts: MappingParts = {}): Base {
  return findBase(aMappedCatalogue(parts), 'acme', 'crm', 'contacts')!;
}

/** The layer, and what is wrong with it. */
export function aLayer(
  part: object,
  base: Base,
  origin: LayerOrigin = { layer: 'environment', version: 1 },
) {
  const context = createCompileContext();
  const layer = readLayer(part, [], base.ground, origin, context);
  return { layer, faults: toFaults(context.faults) };
}
