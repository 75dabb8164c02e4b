import { compileExpression } from '../../../shared/expression/expression.ts';
import { ProviderError } from '../../../shared/wire/provider-errors.ts';
import { lister, listerOf, things } from '../../support/worlds/lister.ts';

const CURSOR = { kind: 'cursor', param: 'after', cursor: 'body.next' };

describe('a list that yields nothing', () => {
  it.each([
    ['is empty', 'body.things', { things: [] }],
    ['is empty on the way', 'body.data.edges.node', { data: { edges: [] } }],
    ['holds nothing but empty lists', 'body.groups.things', { groups: [{ things: [] }] }],
    ['has no record that fits', 'body.things[open]', { things: [{ id: 1, open: false }] }],
    ['is filtered to nothing', '$filter(body.things, function($t) { $t.open })', { things: [{}] }],
    ['is mapped from nothing', "body.things.{ 'id': key }", { things: [] }],
    ['is an object without members', 'body.things.*', { things: {} }],
    ['is chosen by a condition', "body.kind = 'a' ? body.a.x : body.b.x", { kind: 'b', b: [] }],
  ])('is empty where it %s', async (_what, records, body) => {
    expect(await lister({ records }, { body }).all()).toEqual([]);
  });

  it.each([
    ['is not there', 'body.things', {}],
    ['is renamed', 'body.data.edges.node', { data: { edges: [{ item: { id: 1 } }] } }],
    ['has lost its parent', 'body.data.edges.node', { data: null }],
    ['is null', 'body.things', { things: null }],
    ['is renamed below a filter', 'body.things[open]', { items: [] }],
  ])('is an error where it %s', async (_what, records, body) => {
    await expect(lister({ records }, { body }).all()).rejects.toMatchObject({
      class: 'config',
      provider: { message: 'the records are not where the integration says' },
    });
  });
});

describe('records that are gone', () => {
  it('are told, whatever the filter says', async () => {
    const { page } = lister(
      { deleted: 'is_deleted', filter: "kind = 'a'" },
      { body: { things: [{ id: 1, kind: 'a' }, { id: 2, is_deleted: true }, { id: 3 }] } },
    );
    const { records } = await page();

    expect(records.map(({ kind, ref }) => [kind, ref])).toEqual([
      ['record', '1'],
      ['deleted', '2'],
    ]);
    expect(records[1]?.kind === 'deleted' && records[1].value.reveal()).toEqual({
      id: 2,
      is_deleted: true,
    });
  });
});

describe('what a call brings along', () => {
  it('is looked up by the request, the map and the filter', async () => {
    const { page, asked } = lister(
      {
        query: { fields: { expr: "$join(properties, ',')" }, job: '{{job.id}}' },
        filter: 'owner = $parent.id',
        map: "$merge([$, { 'parent': $parent.name }])",
      },
      {
        body: {
          things: [
            { id: 1, owner: 7 },
            { id: 2, owner: 8 },
          ],
        },
      },
    );
    const scope = { parent: { id: 7, name: 'p' }, job: { id: 'j' }, properties: ['a', 'b'] };
    const { records } = await page({ scope });

    expect(asked()).toEqual(['/things?fields=a%2Cb&job=j']);
    expect(records.map((record) => record.kind === 'record' && record.value.reveal())).toEqual([
      { id: 1, owner: 7, parent: 'p' },
    ]);
  });
});

describe('errors of a list', () => {
  it('are judged by the mapping first, then the method, then the integration', async () => {
    const rule = (errorClass: string, when = 'status = 400') => ({ when, class: errorClass });
    const { page } = listerOf(
      { errors: [rule('conflict')] },
      { errors: [rule('not_found', 'body.code = 1')] },
      { status: 400, body: { code: 1 } },
      { status: 400, body: { code: 2 } },
      { status: 400, body: { code: 1 } },
    );

    await expect(page()).rejects.toMatchObject({ class: 'not_found' });
    await expect(page()).rejects.toMatchObject({ class: 'conflict' });
    const mapped = {
      when: compileExpression('status = 400'),
      class: 'permission' as const,
      action: undefined,
      message: undefined,
      code: undefined,
      fields: undefined,
    };
    await expect(page({ errors: [mapped] })).rejects.toMatchObject({ class: 'permission' });
  });

  it('that are to be ignored end the list', async () => {
    const { all } = lister(
      { errors: [{ when: 'status = 404', class: 'ignore' }], pagination: CURSOR },
      { body: { things: things(1), next: 'c' } },
      { status: 404, body: { next: 'd' } },
    );

    expect(await all()).toEqual(['1']);
  });

  it('that are to be ignored are a record that is not there', async () => {
    const { page } = lister(
      {
        records: undefined,
        record: 'body',
        errors: [{ when: 'body.gone', class: 'ignore' }],
      },
      { body: { gone: true } },
    );

    await expect(page()).rejects.toMatchObject({ code: 'provider_error', class: 'not_found' });
  });
});

describe('a list that is begun again', () => {
  const RESET = {
    pagination: CURSOR,
    errors: [{ when: "body.code = 'EXPIRED'", class: 'transient', action: 'reset_pagination' }],
  };
  const EXPIRED = { status: 400, body: { code: 'EXPIRED' } };

  it('is read from its first page', async () => {
    const { all, asked } = lister(
      RESET,
      { body: { things: things(1), next: 'c' } },
      EXPIRED,
      { body: { things: things(1), next: 'c' } },
      { body: { things: things(2) } },
    );

    expect(await all()).toEqual(['1', '1', '2']);
    expect(asked()).toEqual(['/things', '/things?after=c', '/things', '/things?after=c']);
  });

  it('fails the third time', async () => {
    const { all, sent } = lister(RESET, EXPIRED);

    await expect(all()).rejects.toThrow(ProviderError);
    expect(sent).toHaveLength(3);
  });

  it('remembers how often, whatever pages came between', async () => {
    const page = { body: { things: things(1), next: 'c' } };
    const { all } = lister(RESET, page, EXPIRED, page, EXPIRED, page, EXPIRED);

    await expect(all()).rejects.toMatchObject({ class: 'transient' });
  });

  it('begins the window again that it had come to', async () => {
    const { all, asked } = lister(
      {
        ...RESET,
        pagination: undefined,
        incremental: {
          cursor: 'at',
          format: 'date',
          since: { param: 'from' },
          window: 'P20D',
          earliest: '2026-02-01',
        },
      },
      { body: { things: things(1) } },
      EXPIRED,
      { body: { things: things(2) } },
    );

    expect(await all()).toEqual(['1', '2']);
    expect(asked()).toEqual([
      '/things?from=2026-02-01',
      '/things?from=2026-02-21',
      '/things?from=2026-02-21',
    ]);
  });
});
