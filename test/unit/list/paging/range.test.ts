import { ProviderError } from '../../../../shared/wire/provider-errors.ts';
import { lister, things } from '../../../support/worlds/lister.ts';

const RANGE = { pagination: { kind: 'range', length: 2 } };

const partial = (range: string, ...ids: number[]) => ({
  status: 206,
  headers: { 'content-range': range },
  body: { things: things(...ids) },
});

describe('paging by Range', () => {
  it('asks for the next range until all are there', async () => {
    const { all, sent } = lister(RANGE, partial('items 0-1/3', 1, 2), partial('items 2-2/3', 3));

    expect(await all()).toEqual(['1', '2', '3']);
    expect(sent.map(({ headers }) => headers['range'])).toEqual(['items=0-1', 'items=2-3']);
  });

  it('goes on from where the answer says that it ends', async () => {
    const { all, sent } = lister(RANGE, partial('items 0-0/2', 1), partial('items 1-1/2', 2));

    expect(await all()).toEqual(['1', '2']);
    expect(sent[1]?.headers['range']).toBe('items=1-2');
  });

  it('ends at a page that is not full where no total is told', async () => {
    const { all } = lister(RANGE, partial('items 0-1/*', 1, 2), partial('items 2-2/*', 3));

    expect(await all()).toEqual(['1', '2', '3']);
  });

  it('ends where nothing is there from that offset on', async () => {
    const { all } = lister(RANGE, partial('items 0-1/*', 1, 2), { status: 416, body: {} });

    expect(await all()).toEqual(['1', '2']);
  });

  it('takes an answer without Content-Range for the whole list', async () => {
    const { all, sent } = lister(RANGE, { body: { things: things(1, 2, 3) } });

    expect(await all()).toEqual(['1', '2', '3']);
    expect(sent).toHaveLength(1);
  });

  it('finds out a provider that ignores the range', async () => {
    const { all } = lister(RANGE, partial('items 0-1/9', 1, 2));

    await expect(all()).rejects.toThrow(ProviderError);
  });

  it('uses the unit, the header and the start that the integration declares', async () => {
    const { all, sent } = lister(
      {
        pagination: { kind: 'range', length: 2, unit: 'things', header: 'X-Range', start: 1 },
      },
      partial('things 1-1/2', 1),
    );
    await all();

    expect(sent[0]?.headers['x-range']).toBe('things=1-2');
  });

  it('goes on from an end that is behind the last record, told in a header of its own', async () => {
    const told = (range: string, ...ids: number[]) => ({
      headers: { 'x-content-range': range },
      body: { things: things(...ids) },
    });
    const { all, sent } = lister(
      { pagination: { ...RANGE.pagination, answer_header: 'x-content-range', end: 'exclusive' } },
      told('things 0-2/3', 1, 2),
      told('things 2-3/3', 3),
    );

    expect(await all()).toEqual(['1', '2', '3']);
    expect(sent.map(({ headers }) => headers['range'])).toEqual(['items=0-2', 'items=2-4']);
  });

  it('obeys a rule that says whether there is more', async () => {
    const { all } = lister(
      { pagination: { ...RANGE.pagination, more: 'body.more' } },
      { ...partial('items 0-1/9', 1, 2), body: { things: things(1, 2), more: false } },
    );

    expect(await all()).toEqual(['1', '2']);
  });
});
