import { InvalidRequestError } from '../../../shared/kernel/errors.ts';
import type { JsonObject } from '../../../shared/kernel/json.ts';
import { checkQueryNames, toNativeQuery } from '../../../shared/unified/filters.ts';
import { findResource, isFault } from '../../../shared/unified/resource-ref.ts';
import { aCatalogue } from '../../support/builders/an-integration.ts';

const INCREMENTAL = { cursor: 'at', format: 'iso8601', since: { param: 'since_at' } };
const catalogue = aCatalogue(
  {
    resources: {
      tickets: {
        list: { path: '/t', records: 'body', incremental: INCREMENTAL },
        get: { path: '/t/{{id}}', record: 'body' },
        delete: { path: '/t/{{id}}' },
      },
      notes: { list: { path: '/t/{{params.ticket}}/n', params: ['ticket'], records: 'body' } },
      logs: {
        list: { path: '/l', records: 'body' },
        changes: { path: '/lc', records: 'body', incremental: INCREMENTAL },
      },
    },
  },
  {
    models: [
      {
        spec: 1,
        model: 'ticketing',
        title: 'T',
        resources: {
          tickets: { required: ['id'], properties: { id: { type: 'string' } } },
          comments: { required: ['id'], properties: { id: { type: 'string' } } },
          users: { properties: { id: { type: 'string' } } },
        },
      },
    ],
    mappings: [
      {
        spec: 1,
        integration: 'acme',
        model: 'ticketing',
        resource: 'tickets',
        source: 'tickets',
        since: 'updated_at',
        query: { status: { param: 'state', value: "value = 'open' ? 1 : 2" } },
        fields: { id: 'response.id' },
      },
      {
        spec: 1,
        integration: 'acme',
        model: 'ticketing',
        resource: 'comments',
        source: 'notes',
        params: { ticket_id: 'ticket' },
        fields: { id: 'response.id' },
      },
    ],
  },
);
const target = (resource: string, method = 'list') => {
  const found = findResource(catalogue, 'acme', resource, method);
  if (isFault(found)) throw new Error(found.message);
  return found;
};
const native = (resource: string, query: JsonObject, method = 'list') =>
  toNativeQuery(target(resource, method), query);
const faultsOf = (run: () => unknown) => {
  try {
    run();
    return [];
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.faults.map(({ path }) => path);
    throw error;
  }
};

describe('toNativeQuery', () => {
  it.each(['gt', 'gte'])('takes %s of the unified filter for since', (operator) => {
    const query = { updated_at: { [operator]: '2026-03-01T12:00:00.000Z' } };

    expect(native('ticketing/tickets', query).sinceMs).toBe(Date.parse('2026-03-01T12:00:00.000Z'));
  });

  it('maps a unified filter to the provider’s parameter', () => {
    expect(native('ticketing/tickets', { status: 'open' }).query).toEqual({ state: 1 });
  });

  it('maps a unified filter to the parameter of a sub-resource', () => {
    expect(native('ticketing/comments', { ticket_id: '7' }).params).toEqual({ ticket: '7' });
  });

  it('passes native parameters, and the provider’s own besides', () => {
    expect(native('notes', { ticket: '7', expand: 'all' })).toMatchObject({
      params: { ticket: '7' },
      query: { expand: 'all' },
    });
  });

  it('takes since for native resources', () => {
    expect(native('tickets', { since: '1970-01-01T00:00:00.000Z' }).sinceMs).toBe(0);
  });

  it('takes the wish for remote data', () => {
    expect(native('ticketing/tickets', { include_remote_data: true }).remoteData).toBe(true);
  });

  it.each<[string, JsonObject, string[]]>([
    ['ticketing/tickets', { colour: 'red', shape: 'round' }, ['query.colour', 'query.shape']],
    ['ticketing/tickets', { updated_at: { lt: '2026-03-01' } }, ['query.updated_at.lt']],
    ['ticketing/tickets', { updated_at: { gt: 'yesterday' } }, ['query.updated_at']],
    ['ticketing/comments', {}, ['query.ticket_id']],
    ['ticketing/comments', { ticket_id: '' }, ['query.ticket_id']],
    ['ticketing/comments', { ticket_id: null }, ['query.ticket_id']],
    ['notes', {}, ['query.ticket']],
  ])('refuses for %s %p', (resource, query, paths) => {
    expect(faultsOf(() => native(resource, query))).toEqual(paths);
  });

  it('needs the id of a single record', () => {
    expect(faultsOf(() => native('tickets', {}, 'get'))).toEqual(['query.id']);
    expect(native('tickets', { id: '7' }, 'get').params).toEqual({ id: '7' });
  });
});

describe('checkQueryNames', () => {
  it('looks at names and operators, not at placeholders', () => {
    const query = { updated_at: { gt: '{{previous_run_date}}' }, status: '{{args.status}}' };

    expect(checkQueryNames(target('ticketing/tickets'), query)).toEqual([]);
  });

  it('lists every fault with its path', () => {
    const query = { updated_at: { before: 'x' }, colour: 'red' };

    expect(checkQueryNames(target('ticketing/tickets'), query).map(({ path }) => path)).toEqual([
      'query.updated_at.before',
      'query.colour',
    ]);
  });

  it('misses a parameter that is needed', () => {
    expect(checkQueryNames(target('ticketing/comments'), {})).toEqual([
      { path: 'query.ticket_id', message: 'is needed' },
    ]);
  });

  it('knows that a resource with a changes method is incremental', () => {
    expect(checkQueryNames(target('logs'), { since: '{{previous_run_date}}' })).toEqual([]);
  });
});

describe('findResource', () => {
  it.each([
    ['nobody', 'tickets', 'list', 'integration_name'],
    ['acme', 'nothing', 'list', 'resource'],
    ['acme', 'ticketing/nothing', 'list', 'resource'],
    ['acme', 'nothing/tickets', 'list', 'resource'],
    ['acme', 'ticketing/users', 'list', 'resource'],
    ['acme', 'tickets', 'nothing', 'method'],
    ['acme', 'tickets', 'constructor', 'method'],
    ['acme', 'tickets', 'delete', 'method'],
  ])('of %s, %s, %s names %s as the fault', (integration, resource, method, path) => {
    expect(findResource(catalogue, integration, resource, method)).toMatchObject({ path });
  });
});
