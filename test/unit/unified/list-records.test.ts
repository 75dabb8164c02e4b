import { RateLimitedError } from '../../../shared/wire/provider-errors.ts';
import { anAccount } from '../../support/builders/an-integration.ts';
import { aRecord, aUnifiedApi } from '../../support/worlds/unified-calls.ts';

const EMPTY = { body: { people: [], more: true } };
const revealed = ({ records }: Awaited<ReturnType<ReturnType<typeof aUnifiedApi>['list']>>) =>
  records.reveal();

describe('listRecords', () => {
  it('asks for the page size that the caller wants, with what the mapping adds', async () => {
    const { list, send } = aUnifiedApi({ body: { people: [aRecord(1)] } });

    await list({ limit: 7 });

    expect(send.sent[0]).toMatchObject({
      url: 'https://api.acme.com/v1/people?per=7&page=1',
      headers: { 'x-view': 'full' },
    });
  });

  it('asks for no more than the integration does', async () => {
    const { list, send } = aUnifiedApi({ body: { people: [] } });

    await list({ limit: 200 });

    expect(send.sent[0]?.url).toContain('per=50');
  });

  it('remembers the size of its pages with the place', async () => {
    const { list, send } = aUnifiedApi(
      { body: { people: [aRecord(1)], more: true } },
      { body: { people: [aRecord(2)] } },
    );
    const { next } = await list({ limit: 7 });

    await list({ limit: 50, position: next });

    expect(next).toMatchObject({ size: 7 });
    expect(send.sent[1]?.url).toContain('per=7&page=2');
  });

  it('passes over pages without records', async () => {
    const { list, send } = aUnifiedApi(EMPTY, EMPTY, { body: { people: [aRecord(3)] } });

    const page = await list();

    expect(revealed(page)).toMatchObject([{ id: '3' }]);
    expect(send.sent.map(({ url }) => new URL(url).searchParams.get('page'))).toEqual([
      '1',
      '2',
      '3',
    ]);
  });

  it('passes over five at most, and says where to go on', async () => {
    const { list, send } = aUnifiedApi(EMPTY);

    const page = await list();

    expect(send.sent).toHaveLength(5);
    expect(revealed(page)).toEqual([]);
    expect(page.next).toBeDefined();
  });

  it('counts a page whose records do not fit as one with records', async () => {
    const { list, send } = aUnifiedApi({ body: { people: [{ id: 1 }], more: true } });

    const page = await list();

    expect(send.sent).toHaveLength(1);
    expect(page.leftOut).toEqual([{ id: '1', code: 'model_mismatch', message: 'name is missing' }]);
  });

  it('tells of a record that is gone, whatever fields are wanted', async () => {
    const { list } = aUnifiedApi({ body: { people: [{ id: 1, gone: true }, aRecord(2)] } });

    const page = await list({ fields: ['name'] });

    expect(revealed(page)).toEqual([{ id: '1', deleted: true }, { name: 'N2' }]);
  });

  it('leaves a native record that is gone as it is', async () => {
    const { list } = aUnifiedApi({ body: { people: [{ id: 1, gone: true }] } });

    const page = await list({ ref: { resource: 'people' } });

    expect(revealed(page)).toEqual([{ id: 1, gone: true }]);
  });

  it('hands a rate limit to the caller', async () => {
    const { list } = aUnifiedApi(EMPTY, { status: 429, headers: { 'retry-after': '3' } });

    await expect(list()).rejects.toBeInstanceOf(RateLimitedError);
  });

  it('lists one of those that a resource stands for', async () => {
    const { list, send } = aUnifiedApi({ body: { objects: [aRecord(1)] } });

    await list({ ref: { resource: 'objects:cars' } });

    expect(send.sent[0]?.url).toBe('https://api.acme.com/v1/objects/cars');
  });

  it('must be told which one', async () => {
    const { list } = aUnifiedApi({ body: {} });

    await expect(list({ ref: { resource: 'objects' } })).rejects.toMatchObject({
      faults: [{ path: 'kind', message: 'is needed' }],
    });
  });

  it('knows no instance of a resource that is one', async () => {
    const { list } = aUnifiedApi({ body: {} });

    await expect(list({ ref: { resource: 'people:cars' } })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('cannot tell what changed since where the integration cannot', async () => {
    const { list } = aUnifiedApi({ body: {} });

    await expect(list({ updatedAfter: '2026-01-01' })).rejects.toMatchObject({
      faults: [{ path: 'updated_after' }],
    });
  });

  it('asks nothing for an account whose mapping is not there', async () => {
    const { list, send } = aUnifiedApi({ body: {} });
    const account = anAccount({ integration: 'none' });

    await expect(list({ account })).rejects.toMatchObject({ code: 'not_found' });
    expect(send.sent).toEqual([]);
  });
});
