import { IntegrationInvalidError } from '../../../../shared/integration/catalogue/errors.ts';
import { lister, things } from '../../../support/worlds/lister.ts';

const OFFSET = {
  kind: 'offset',
  param: 'skip',
  more: 'body.more',
  size: { param: 'take', value: 3 },
};

const page = (more: boolean, ...ids: number[]) => ({ body: { things: things(...ids), more } });

describe('an offset', () => {
  it('moves on by what came', async () => {
    const { all, asked } = lister({ pagination: OFFSET }, page(true, 1, 2), page(false, 3));

    expect(await all()).toEqual(['1', '2', '3']);
    expect(asked()).toEqual(['/things?take=3&skip=0', '/things?take=3&skip=2']);
  });

  it('moves on by what was asked for, where pages are short of what may not be seen', async () => {
    const { all, asked } = lister(
      { pagination: { ...OFFSET, step: 'asked' } },
      page(true, 1, 2),
      page(true),
      page(false, 7),
    );

    expect(await all()).toEqual(['1', '2', '7']);
    expect(asked()).toEqual([
      '/things?take=3&skip=0',
      '/things?take=3&skip=3',
      '/things?take=3&skip=6',
    ]);
  });

  it('cannot move on by what nobody asks for', () => {
    const { size: _, ...unsized } = OFFSET;

    expect(() => lister({ pagination: { ...unsized, step: 'asked' } })).toThrow(
      IntegrationInvalidError,
    );
  });
});
