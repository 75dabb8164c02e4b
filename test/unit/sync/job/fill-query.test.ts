import type { JsonObject } from '#shared/kernel/json.ts';
import { fillQuery } from '#shared/sync/job/fill-query.ts';
import { PlaceholderError, parsePlaceholder } from '#shared/sync/job/placeholder.ts';

const RESOURCES = ['ticketing/tickets', 'ticketing/comments', 'issues'];

function fill(query: JsonObject): JsonObject {
  const bindings = {
    previousRunDate: '1970-01-01T00:00:00.000Z',
    args: { since: 7, nested: { flag: false } },
    records: new Map<string, JsonObject>([
      ['ticketing/tickets', { id: 12, subject: 'x', author: { id: 'u1' }, none: null }],
      ['issues', { id: 'i-1' }],
    ]),
  };
  return fillQuery(query, bindings, RESOURCES);
}

describe('fillQuery', () => {
  it.each([
    ['{{previous_run_date}}', '1970-01-01T00:00:00.000Z'],
    ['{{ previous_run_date }}', '1970-01-01T00:00:00.000Z'],
    ['{{resources.ticketing.tickets.id}}', 12],
    ['{{resources.ticketing.tickets.author.id}}', 'u1'],
    ['{{resources.issues.id}}', 'i-1'],
    ['{{args.since}}', 7],
    ['{{args.nested.flag}}', false],
    ['/tickets/{{resources.ticketing.tickets.id}}/x-{{args.since}}', '/tickets/12/x-7'],
    ['no placeholder', 'no placeholder'],
  ])('fills %s', (text, expected) => {
    expect(fill({ value: text })).toEqual({ value: expected });
  });

  it('fills at any depth and leaves other values as they are', () => {
    const query = {
      updated_at: { gt: '{{previous_run_date}}' },
      ids: ['{{args.since}}', 1],
      n: null,
    };
    expect(fill(query)).toEqual({
      updated_at: { gt: '1970-01-01T00:00:00.000Z' },
      ids: [7, 1],
      n: null,
    });
  });

  it('evaluates { expr } over the same names', () => {
    const expr = 'resources.ticketing.tickets.subject & "-" & args.since';
    expect(fill({ q: { expr } })).toEqual({ q: 'x-7' });
  });

  it.each([
    '{{resources.ticketing.tickets.missing}}',
    '{{resources.ticketing.tickets.none}}',
    '{{resources.ticketing.tickets.constructor}}',
    '{{resources.ticketing.comments.id}}',
    '{{args.other}}',
    '{{nonsense}}',
  ])('refuses %s, which has no value', (text) => {
    expect(() => fill({ value: text })).toThrow(PlaceholderError);
  });
});

describe('parsePlaceholder', () => {
  it('prefers the longest resource that fits', () => {
    const resources = ['ticketing', 'ticketing/tickets'];
    expect(parsePlaceholder('resources.ticketing.tickets.id', resources)).toEqual({
      kind: 'resources',
      resource: 'ticketing/tickets',
      path: ['id'],
    });
  });
});
