import { IntegrationInvalidError } from '../../../../shared/integration/catalogue/errors.ts';
import { anIntegration } from '../../../support/builders/an-integration.ts';

function faultsOf(resources: object) {
  try {
    anIntegration({ resources });
    return [];
  } catch (error) {
    if (!(error instanceof IntegrationInvalidError)) throw error;
    return error.faults.map(({ path, message }) => `${path}: ${message}`);
  }
}

const LIST = { path: '/x', records: 'body.items' };
const users = { id: 'id', list: LIST };
const tasks = (partition: object, more: object = {}) => ({
  users,
  tasks: {
    id: 'id',
    list: {
      ...LIST,
      path: '/users/{{params.user}}/tasks',
      partitions: [{ param: 'user', parent: 'users', ...partition }],
      ...more,
    },
  },
});
const AT = 'resources.tasks.list.partitions[0]';

describe('partitions', () => {
  it('may have parents of the integration', () => {
    expect(faultsOf(tasks({}))).toEqual([]);
  });

  it.each([
    ['a parent that is not there', tasks({ parent: 'nobody' }), `${AT}.parent: names no resource`],
    [
      'a method that is not there',
      tasks({ method: 'all' }),
      `${AT}.parent: names a resource without such a method`,
    ],
    [
      'a method that does not list',
      { ...tasks({}), users: { id: 'id', list: { path: '/x', record: 'body' } } },
      `${AT}.parent: names a method that does not list`,
    ],
    [
      'a parent that needs what is not known',
      { ...tasks({}), users: { id: 'id', list: { ...LIST, params: ['org'] } } },
      `${AT}.parent: names a method that needs \`org\`, which is not known here`,
    ],
    [
      'a parent that stands for many',
      {
        ...tasks({}),
        users: { id: 'id', discovered: { from: 'kinds', name: 'n', param: 'kind' }, list: LIST },
        kinds: { list: LIST },
      },
      `${AT}.parent: names a method that needs \`kind\`, which is not known here`,
    ],
    [
      'a parent without an id',
      { ...tasks({}), users: { list: LIST } },
      `${AT}.key: is needed: the parent says no id`,
    ],
    [
      'only changed parents of one that cannot tell',
      tasks({ changed_only: true }),
      `${AT}.changed_only: needs a parent that is incremental`,
    ],
    [
      'fields of a batch',
      tasks({ batch: 2, fields: { a: 'a' } }),
      `${AT}.fields: must not stand beside batch`,
    ],
    [
      'a parameter that nothing uses',
      tasks({}, { path: '/tasks' }),
      `${AT}.param: is used by no request`,
    ],
    [
      'one parameter twice',
      tasks(
        {},
        {
          partitions: [
            { param: 'user', values: ['a'] },
            { param: 'user', values: ['b'] },
          ],
        },
      ),
      'resources.tasks.list.partitions[1].param: is filled by another partition already',
    ],
    [
      'no records',
      tasks({}, { records: undefined }),
      'resources.tasks.list: a method that is asked for piece by piece needs records or record',
    ],
  ])('refuse %s', (_name, resources, fault) => {
    expect(faultsOf(resources)).toEqual([fault]);
  });

  it.each([
    ['a query', { path: '/x', query: { u: '{{params.user}}' } }],
    ['an expression of the body', { path: '/x', body: { u: { expr: '$uppercase(params.user)' } } }],
    ['all parameters at once', { path: '/x', body: { all: { expr: 'params' } } }],
    [
      'a job',
      {
        path: '/x',
        job: { create: { path: '/{{params.user}}' }, poll: { path: '/', done: 'true' } },
      },
    ],
  ])('may fill a parameter that %s uses', (_name, more) => {
    expect(faultsOf(tasks({}, more))).toEqual([]);
  });

  it('do not count a use in a filter, which would list the same for every value', () => {
    expect(faultsOf(tasks({}, { path: '/x', filter: 'user = $params.user' }))).toEqual([
      `${AT}.param: is used by no request`,
    ]);
  });

  it('may fill what a later parent needs', () => {
    const resources = {
      orgs: users,
      users: { id: 'id', list: { ...LIST, path: '/{{params.org}}/users', params: ['org'] } },
      tasks: {
        id: 'id',
        list: {
          ...LIST,
          path: '/{{params.user}}',
          partitions: [
            { param: 'org', parent: 'orgs' },
            { param: 'user', parent: 'users' },
          ],
        },
      },
    };

    expect(faultsOf(resources)).toEqual([]);
  });

  const chain = (levels: number, first: object = {}) =>
    Object.fromEntries(
      Array.from({ length: levels + 1 }, (_, level) => [
        `r${level}`,
        {
          id: 'id',
          list: {
            ...LIST,
            path: '/{{params.x}}',
            params: level === 0 && !('partitions' in first) ? [] : ['x'],
            partitions: [{ param: 'x', parent: `r${level - 1}` }],
            ...(level === 0 ? { path: '/r0', partitions: [], ...first } : {}),
          },
        },
      ]),
    );

  it('go four levels deep, and no deeper', () => {
    expect(faultsOf(chain(4))).toEqual([]);
    expect(faultsOf(chain(5))).toEqual([
      'resources.r5.list: has more than 4 levels of parents above it',
    ]);
  });

  it('do not lead back to where they came from', () => {
    const circle = chain(1, { path: '/{{params.x}}', partitions: [{ param: 'x', parent: 'r1' }] });

    expect(faultsOf(circle)).toEqual([
      'resources.r0.list: is made from itself',
      'resources.r1.list: is made from itself',
    ]);
  });
});

describe('properties and discovery', () => {
  const things = (properties: object, more: object = {}, resource: object = { id: 'id' }) => ({
    fields: { list: LIST },
    things: { ...resource, list: { ...LIST, properties, ...more } },
  });
  const CHUNKED = { names: ['a'], chunk: 1 };
  const JOB = { create: { path: '/' }, poll: { path: '/', done: 'true' } };

  it.each([
    [
      'fields of a resource that is not there',
      things({ from: { resource: 'nothing', name: 'n' } }),
      'resources.things.list.properties.from: names no resource',
    ],
    [
      'fields that are described by themselves',
      things({ from: { resource: 'things', name: 'n' } }),
      'resources.things.list: is made from itself',
    ],
    [
      'chunks without an id',
      things(CHUNKED, {}, {}),
      'resources.things.list.properties.chunk: needs the id of the resource, to join records by',
    ],
    [
      'chunks of a job',
      things(CHUNKED, { job: JOB }),
      'resources.things.list.properties.chunk: must not stand beside a job',
    ],
    [
      'chunks of a feed',
      things(CHUNKED, { incremental: { cursor: 'at', format: 'iso8601', mode: 'feed' } }),
      'resources.things.list.properties.chunk: must not stand beside a feed',
    ],
    [
      'a job of many windows',
      {
        things: {
          list: {
            ...LIST,
            job: JOB,
            incremental: {
              cursor: 'at',
              format: 'date',
              since: { param: 'from' },
              window: 'P1D',
              earliest: '2026-01-01',
            },
          },
        },
      },
      'resources.things.list.job: must not stand beside a window of incremental',
    ],
    [
      'names of a resource that is not there',
      { things: { discovered: { from: 'nothing', name: 'n', param: 'x' }, list: LIST } },
      'resources.things.discovered.from: names no resource',
    ],
  ])('refuse %s', (_name, resources, fault) => {
    expect(faultsOf(resources)).toEqual([fault]);
  });
});
