import { ProviderError } from '../../../../shared/wire/provider-errors.ts';
import { lister, things } from '../../../support/worlds/lister.ts';

const LINK = {
  pagination: {
    kind: 'link_header',
    attribute: { name: 'cursor', param: 'cursor' },
    only_if: { attribute: 'results', equals: 'true' },
  },
};
const linked = (attributes: string, ...ids: number[]) => ({
  headers: { link: `<https://api.acme.com/v1/things?x=1>; rel="next"${attributes}` },
  body: { things: things(...ids) },
});

describe('paging by attributes of a link', () => {
  it('asks with the token of the attribute, until the link does not count', async () => {
    const { all, asked } = lister(
      LINK,
      linked('; results="true"; cursor="0:100:0"', 1),
      linked('; results="false"; cursor="0:200:0"', 2),
    );

    expect(await all()).toEqual(['1', '2']);
    expect(asked()).toEqual(['/things', '/things?cursor=0%3A100%3A0']);
  });

  it('follows the URL where only the condition is an attribute', async () => {
    const { all, asked } = lister(
      { pagination: { kind: 'link_header', only_if: LINK.pagination.only_if } },
      linked('; results="true"', 1),
      linked('; results="false"', 2),
    );

    expect(await all()).toEqual(['1', '2']);
    expect(asked()).toEqual(['/things', '/things?x=1']);
  });

  it.each([
    ['does not say whether it counts', '; cursor="c"'],
    ['has no token', '; results="true"'],
  ])('fails where the link %s', async (_what, attributes) => {
    await expect(lister(LINK, linked(attributes, 1)).all()).rejects.toThrow(ProviderError);
  });

  it('finds out a token that repeats', async () => {
    const { all } = lister(LINK, linked('; results="true"; cursor="c"', 1));

    await expect(all()).rejects.toMatchObject({
      provider: { message: 'the list turned in a circle' },
    });
  });
});
