import { IntegrationInvalidError } from '../../../../shared/integration/catalogue/errors.ts';
import { knownParams, requiredParams } from '../../../../shared/integration/pieces/partition.ts';
import { anIntegration } from '../../../support/builders/an-integration.ts';

const withList = (list: object) =>
  anIntegration({
    resources: { things: { id: 'id', list: { path: '/things', records: 'body', ...list } } },
  }).resources['things']?.methods['list'];

function faultsOf(list: object): readonly string[] {
  try {
    withList(list);
    return [];
  } catch (error) {
    if (!(error instanceof IntegrationInvalidError)) throw error;
    return error.faults.map(({ path, message }) => `${path}: ${message}`);
  }
}

it('optional parameters are known to callers and never asked of them', () => {
  const method = withList({ params: ['shop'], optional_params: ['state'] });

  expect(method && knownParams(method)).toEqual(['shop', 'state']);
  expect(method && requiredParams(method)).toEqual(['shop']);
});

it.each([
  [
    'an optional parameter that is needed as well',
    { params: ['a'], optional_params: ['a'] },
    'resources.things.list.optional_params[0]: is one of `params` already',
  ],
  [
    'an optional parameter that the path needs',
    { path: '/things/{{params.a}}', optional_params: ['a'] },
    'resources.things.list.optional_params[0]: is needed by the path',
  ],
  [
    'a parameter that nobody declares',
    { params: ['shop'], query: { shop: '{{params.shpo}}' } },
    'resources.things.list.query.shop: looks up the parameter `shpo`, which the method does not declare',
  ],
  [
    'a query beside an address that is handed out',
    { url: '{{job.url}}', query: { a: 1 } },
    'resources.things.list.query: must be absent beside url',
  ],
])('loading refuses %s', (_what, list, fault) => {
  expect(faultsOf(list)).toEqual([fault]);
});

it('loading refuses a list of calls to verify that leaves an alternative out', () => {
  const parts = {
    auth: { token: { kind: 'none' }, admin: { kind: 'none' } },
    verify: [{ path: '/admin', auth: ['admin'] }],
  };

  expect(() => anIntegration(parts)).toThrow(
    expect.objectContaining({ faults: [{ path: 'verify', message: 'has no call for `token`' }] }),
  );
});
