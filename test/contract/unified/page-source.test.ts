import { Transient } from '../../../shared/kernel/transient.ts';
import type { FetchPage } from '../../../shared/unified/fetch-page.ts';
import { createFetchPage } from '../../../shared/unified/page-source.ts';
import {
  aCatalogue,
  aDeps,
  anAccount,
  aSendHttp,
  type Canned,
} from '../../support/builders/an-integration.ts';

const catalogue = aCatalogue(
  {
    resources: {
      people: {
        id: 'id',
        list: {
          path: '/people',
          records: 'body.people',
          pagination: { kind: 'cursor', cursor: 'body.next', param: 'c' },
          deleted: 'gone',
        },
        changes: {
          path: '/changes',
          records: 'body.people',
          incremental: { cursor: 'at', format: 'epoch_s', since: { param: 'start' } },
        },
        get: { path: '/people/{{id}}', record: 'body.person' },
      },
    },
  },
  {
    models: [
      {
        spec: 1,
        model: 'crm',
        title: 'CRM',
        resources: {
          contacts: {
            required: ['id'],
            properties: { id: { type: 'string' }, first_name: { type: 'string' } },
          },
        },
      },
    ],
    mappings: [
      {
        spec: 1,
        integration: 'acme',
        model: 'crm',
        resource: 'contacts',
        source: 'people',
        since: 'updated_at',
        fields: { id: '$string(response.id)', first_name: 'response.name' },
      },
    ],
  },
);

function setUp(...answers: readonly Canned[]) {
  const send = aSendHttp(...answers);
  // The type is the contract: the sync engine takes this very function.
  const fetchPage: FetchPage = createFetchPage({ ...aDeps(send), catalogue });
  const page = (parts: Partial<Parameters<FetchPage>[0]> = {}) =>
    fetchPage({
      requestId: 'req-1',
      account: anAccount(),
      resource: 'crm/contacts',
      method: 'list',
      query: Transient.of({}),
      ...parts,
    });
  return { send, page };
}

const values = (page: Awaited<ReturnType<FetchPage>>) =>
  page.records.map((record) => (record.kind === 'record' ? record.value.reveal() : record));

describe('createFetchPage', () => {
  it('maps the records of a unified resource', async () => {
    const { page } = setUp({ body: { people: [{ id: 1, name: 'Ada' }] } });

    expect(values(await page())).toEqual([{ id: '1', first_name: 'Ada', custom_fields: {} }]);
  });

  it('maps a page once, however often it is read', async () => {
    const { page } = setUp({ body: { people: [{ id: 1, name: 'Ada' }] } });
    const listed = await page();
    const { records } = listed;

    expect(listed.records).toBe(records);
    expect(records).toHaveLength(1);
  });

  it('leaves the records of a native resource as they are', async () => {
    const { page } = setUp({ body: { people: [{ id: 1, name: 'Ada' }] } });

    expect(values(await page({ resource: 'people' }))).toEqual([{ id: 1, name: 'Ada' }]);
  });

  it('rejects a record that does not fit, and goes on with the page', async () => {
    const { page } = setUp({
      body: {
        people: [
          { id: 1, name: { a: 1 } },
          { id: 2, name: 'Bob' },
        ],
      },
    });

    expect(values(await page())).toEqual([
      {
        kind: 'rejected',
        ref: '1',
        code: 'model_mismatch',
        message: 'first_name must be string or null',
      },
      { id: '2', first_name: 'Bob', custom_fields: {} },
    ]);
  });

  it('yields what is gone as no more than that, where it is unified', async () => {
    const { page } = setUp({ body: { people: [{ id: 1, gone: true }] } });

    expect(values(await page())).toEqual([{ id: '1', deleted: true }]);
    expect(values(await page({ resource: 'people' }))).toEqual([{ id: 1, gone: true }]);
  });

  it('hands out a cursor that fetches the next page', async () => {
    const { send, page } = setUp({ body: { people: [], next: 'x' } }, { body: { people: [] } });
    const first = await page();
    // As a store would keep it.
    const second = await page({ cursor: JSON.parse(JSON.stringify(first.next)) });

    expect(send.sent[1]?.url).toBe('https://api.acme.com/v1/people?c=x');
    expect(second.next).toBeUndefined();
  });

  it('fetches the same page for the same cursor', async () => {
    const { send, page } = setUp(
      { body: { people: [], next: 'x' } },
      { body: { people: [], next: 'y' } },
    );
    const { next } = await page();
    const [once, again] = [await page({ cursor: next! }), await page({ cursor: next! })];

    expect(again).toEqual(once);
    expect(send.sent[2]?.url).toBe(send.sent[1]?.url);
  });

  it('lists in a first sync, and asks for changes from then on', async () => {
    const { send, page } = setUp({ body: { people: [] } });
    await page({ query: Transient.of({ updated_at: { gt: '1970-01-01T00:00:00.000Z' } }) });
    await page({ query: Transient.of({ updated_at: { gt: '2026-03-01T12:00:00.000Z' } }) });

    expect(send.sent.map(({ url }) => url)).toEqual([
      'https://api.acme.com/v1/people',
      'https://api.acme.com/v1/changes?start=1772366400',
    ]);
  });

  it('adds the provider’s record on request', async () => {
    const { page } = setUp({ body: { people: [{ id: 1 }] } });
    const query = Transient.of({ include_remote_data: true });

    expect(values(await page({ query }))).toMatchObject([{ id: '1', remote_data: { id: 1 } }]);
  });

  it('fetches a single record', async () => {
    const { send, page } = setUp({ body: { person: { id: 7 } } });
    const one = await page({ method: 'get', query: Transient.of({ id: '7' }) });

    expect(send.sent[0]?.url).toBe('https://api.acme.com/v1/people/7');
    expect(values(one)).toMatchObject([{ id: '7' }]);
  });
});
