import { ProviderError } from '../../../../shared/wire/provider-errors.ts';
import { lister, things } from '../../../support/worlds/lister.ts';

const SCROLL = {
  query: { fields: 'all' },
  pagination: {
    kind: 'cursor',
    param: 'scroll',
    cursor: 'headers.`x-scroll`',
    constant: true,
    first_page_only: ['fields'],
  },
};

const page = (...ids: number[]) => ({
  headers: { 'x-scroll': 's1' },
  body: { things: things(...ids) },
});

describe('one token for the whole list', () => {
  it('is sent again until a page is empty', async () => {
    const { all, asked } = lister(SCROLL, page(1), page(2), page());

    expect(await all()).toEqual(['1', '2']);
    expect(asked()).toEqual(['/things?fields=all', '/things?scroll=s1', '/things?scroll=s1']);
  });

  it('is kept where only the first answer brings it', async () => {
    const later = { body: { things: things(2) } };
    const { all, asked } = lister(SCROLL, page(1), later, { body: { things: [] } });

    expect(await all()).toEqual(['1', '2']);
    expect(asked().at(-1)).toBe('/things?scroll=s1');
  });

  it('must be there: without it the list would end unnoticed', async () => {
    const { all } = lister(SCROLL, { body: { things: things(1) } });

    await expect(all()).rejects.toThrow(ProviderError);
  });

  it('does not hide a list that turns in a circle', async () => {
    const { all } = lister(SCROLL, page(1));

    await expect(all()).rejects.toThrow(ProviderError);
  });

  it('ends with a list that has nothing', async () => {
    const { all, sent } = lister(SCROLL, { body: { things: [] } });

    expect(await all()).toEqual([]);
    expect(sent).toHaveLength(1);
  });
});

describe('a list of empty pages with ever new cursors', () => {
  const CURSOR = { pagination: { kind: 'cursor', param: 'c', cursor: 'body.next' } };
  const NEXT_URL = { pagination: { kind: 'next_url', next: 'body.next' } };
  const LINK = { pagination: { kind: 'link_header' } };
  const EXPR = {
    query: { n: '{{page.n}}' },
    pagination: { kind: 'expr', init: "{ 'n': 0 }", next: "{ 'n': page.n + 1 }" },
  };
  const empty = (n: number) => ({
    headers: { link: `</v1/things?c=${n}>; rel="next"` },
    body: { things: [], next: `/v1/things?c=${n}` },
  });
  const EMPTY = Array.from({ length: 1_001 }, (_, n) => empty(n));

  it.each([
    ['cursor', CURSOR],
    ['next_url', NEXT_URL],
    ['link_header', LINK],
    ['expr', EXPR],
  ])('fails after a thousand of them, by %s', async (_kind, list) => {
    const { page, sent } = lister(list, ...EMPTY);
    const toTheEnd = async () => {
      let { next } = await page();
      while (next) ({ next } = await page({ cursor: next }));
    };

    await expect(toTheEnd()).rejects.toMatchObject({
      class: 'config',
      provider: { message: 'the list goes on for ever without records' },
    });
    expect(sent).toHaveLength(1_000);
  });

  it('counts from a page with records anew, though all of them are filtered', async () => {
    const filled = { body: { things: things(1), next: 'c2' } };
    const { page } = lister({ ...CURSOR, filter: 'id > 1' }, filled, empty(3));

    const first = await page({ cursor: { at: 'c1', seen: [], empties: 999 } });
    const second = await page({ cursor: first.next! });

    expect(first).toMatchObject({ records: [], next: { at: 'c2' } });
    expect(first.next).not.toHaveProperty('empties');
    expect(second.next).toMatchObject({ empties: 1 });
  });
});

it('a token that comes a second time is a circle where every page has its own', async () => {
  const { all } = lister(
    { pagination: { kind: 'cursor', param: 'c', cursor: 'body.next' } },
    { body: { things: things(1), next: 'c1' } },
    { body: { things: things(2), next: 'c1' } },
  );

  await expect(all()).rejects.toThrow(ProviderError);
});
