import { anAccount, type Canned } from '../../support/builders/an-integration.ts';
import { aRecord, aUnifiedApi } from '../../support/worlds/unified-calls.ts';

const PERSON = { body: { person: aRecord(7, { city: 'Ulm' }) } };
const FAILED: Canned = { status: 503 };
const sentBody = ({ send }: ReturnType<typeof aUnifiedApi>, index = 0) =>
  JSON.parse(send.sent[index]?.body ?? 'null');

describe('writeRecord', () => {
  it('maps the input, leaves out what is absent and keeps what is null', async () => {
    const api = aUnifiedApi(PERSON);

    await api.write('create', { name: 'Ada', born_on: '1815-12-10', kind: null });

    expect(sentBody(api)).toEqual({
      person: { name: 'Ada', more: { born: '1815-12-10' }, kind: null, place: 'main' },
    });
  });

  it('hands the mapping its free members, and the id of what is changed', async () => {
    const api = aUnifiedApi({ body: {} }, PERSON);

    await api.write('update', { custom_fields: { shoe: 43 } });

    expect(sentBody(api)).toEqual({ extra: { shoe: 43 }, place: 'main', self: '7' });
  });

  it('sends the key of the operation and the headers of the mapping', async () => {
    const api = aUnifiedApi(PERSON);

    await api.write('create', { name: 'Ada' });

    expect(api.send.sent[0]?.headers).toMatchObject({
      'idempotency-key': 'op-1',
      'x-view': 'full',
    });
  });

  it('answers with the record of the answer, and asks no second time', async () => {
    const api = aUnifiedApi(PERSON);

    const { id, record } = await api.write('create', { name: 'Ada' });

    expect(id).toBe('7');
    expect(record?.reveal()).toMatchObject({ id: '7', name: 'N7' });
    expect(api.send.sent).toHaveLength(1);
  });

  it('reads the record where no more than its id comes back', async () => {
    const api = aUnifiedApi({ status: 201, body: { person: { id: 7 } } }, PERSON);

    const { id, record } = await api.write('create', { name: 'Ada' });

    expect(api.send.sent.map(({ url }) => url)).toEqual([
      'https://api.acme.com/v1/people',
      'https://api.acme.com/v1/people/7',
    ]);
    expect([id, record?.reveal()]).toEqual(['7', expect.objectContaining({ name: 'N7' })]);
  });

  it('reads the record where nothing comes back from a change', async () => {
    const api = aUnifiedApi({ status: 204 }, PERSON);

    const { record } = await api.write('update', { name: 'Ada' });

    expect(record?.reveal()).toMatchObject({ id: '7', name: 'N7' });
  });

  it('does not fail for what went wrong after the provider had done it', async () => {
    const api = aUnifiedApi({ status: 204 }, FAILED);

    const { id, record } = await api.write('update', { name: 'Ada' });

    expect([id, record?.reveal()]).toEqual(['7', { id: '7' }]);
  });

  it('tells the id where the provider cannot be asked for the record', async () => {
    const api = aUnifiedApi({ body: { person: { id: 7 } } });

    const { record } = await api.write('create', {}, { ref: { resource: 'names' } });

    expect(record?.reveal()).toEqual({ id: '7' });
    expect(api.send.sent).toHaveLength(1);
  });

  it('tells the id where the new record does not fit its model', async () => {
    const api = aUnifiedApi({ body: { person: { id: 7, name: 5 } } });

    const { record } = await api.write('create', { name: 'Ada' });

    expect(record?.reveal()).toEqual({ id: '7' });
  });

  it('takes an answer without any id for the integration’s error', async () => {
    const api = aUnifiedApi({ status: 201, body: {} });

    await expect(api.write('create', { name: 'Ada' })).rejects.toMatchObject({
      code: 'provider_error',
      status: 502,
      provider: { status: 201, message: 'the new record has no id' },
    });
  });

  it('answers with a native record as it is, even without an id', async () => {
    const person = { name: 'Ada', city: 'Ulm' };
    const api = aUnifiedApi({ body: { person } });

    const { record } = await api.write('create', {}, { ref: { resource: 'people' } });

    expect(record?.reveal()).toEqual(person);
  });

  it('writes native input as it is', async () => {
    const api = aUnifiedApi(PERSON);
    const input = { anything: [{ goes: null }] };

    const { record } = await api.write('create', input, { ref: { resource: 'people' } });

    expect(sentBody(api)).toEqual({ person: input });
    expect(record?.reveal()).toEqual(PERSON.body.person);
  });

  it('deletes, and tells of no record', async () => {
    const api = aUnifiedApi({ status: 204 });

    const answer = await api.write('delete');

    expect(answer).toMatchObject({ id: '7' });
    expect(answer.record).toBeUndefined();
    expect(api.send.sent[0]).toMatchObject({
      method: 'DELETE',
      url: 'https://api.acme.com/v1/people/7',
    });
  });

  it('is not supported for a way to authenticate that may not', async () => {
    const api = aUnifiedApi({ status: 204 });
    const account = anAccount({ auth: 'guest', connection: { site: 'main' } });

    await expect(api.write('delete', {}, { account })).rejects.toMatchObject({
      code: 'method_not_supported',
      allowed: ['GET', 'PATCH'],
    });
    expect(api.send.sent).toEqual([]);
  });

  it('lets no query change the record that the path names', async () => {
    const api = aUnifiedApi({ status: 204 });

    await api.write('delete', {}, { ref: { resource: 'people' }, query: { id: '8' } });

    expect(api.send.sent[0]?.url).toBe('https://api.acme.com/v1/people/7');
  });

  it('passes the provider’s refusal on', async () => {
    const api = aUnifiedApi({ status: 409, body: { error: 's3cret' } });

    const failed = api.write('create', { name: 'Ada' });

    await expect(failed).rejects.toMatchObject({ code: 'provider_error', status: 409 });
    await failed.catch((error: Error) => expect(error.message).not.toContain('s3cret'));
  });
});
