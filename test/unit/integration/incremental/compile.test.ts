import { IntegrationInvalidError } from '../../../../shared/integration/catalogue/errors.ts';
import { anIntegration } from '../../../support/builders/an-integration.ts';

function faultsOf(incremental: object, parts: object = {}): readonly string[] {
  try {
    anIntegration({
      resources: {
        things: {
          list: {
            path: '/things',
            records: 'body',
            incremental: { cursor: 'at', ...incremental },
            ...parts,
          },
        },
      },
    });
    return [];
  } catch (error) {
    if (!(error instanceof IntegrationInvalidError)) throw error;
    return error.faults.map(
      ({ path, message }) =>
        `${path.replace('resources.things.list.incremental.', '')}: ${message}`,
    );
  }
}

const SINCE = { since: { param: 'from' } };
const WINDOW = { ...SINCE, format: 'date', window: 'P30D', earliest: '2020-01-01' };

it.each([
  [
    'a picture that writes nothing',
    { ...SINCE, format: { picture: '[Q]' } },
    'format.picture: no instant can be written by this picture',
  ],
  [
    'a picture that cannot be read, where we filter',
    { format: { picture: '[FNn]' }, mode: 'client' },
    'format.picture: no instant can be read by this picture',
  ],
  [
    'windows of a provider that does not filter',
    { ...WINDOW, since: undefined, mode: 'feed' },
    'window: must be absent where the provider does not filter',
  ],
  [
    'a provider that filters and is never told',
    { format: 'date' },
    'since: must be present where nothing of the request looks since up',
  ],
  ['windows without end', { ...WINDOW, window: 'PT1S' }, 'window: must be at least PT1M'],
  [
    'windows without a beginning',
    { ...WINDOW, earliest: undefined },
    'earliest: must be present beside window',
  ],
])('loading refuses %s', (_what, incremental, fault) => {
  expect(faultsOf(incremental)).toEqual([fault]);
});

it.each([
  ['windows', WINDOW],
  ['a picture', { format: { picture: '[D01].[M01].[Y0001]' }, mode: 'client' }],
])('loading takes %s', (_what, incremental) => {
  expect(faultsOf(incremental)).toEqual([]);
});

it('loading takes a request that looks since up itself', () => {
  expect(faultsOf({ format: 'date' }, { query: { q: { expr: "'changed > ' & since" } } })).toEqual(
    [],
  );
});
