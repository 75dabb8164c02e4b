import { idempotencyKey } from '#shared/aws/keys.ts';
import { jsonOf, problemIn } from '../../support/builders/api-requests.ts';
import { ENVIRONMENT } from '../../support/worlds/control-plane-world.ts';
import { startUnifiedApi, type UnifiedApi } from '../../support/worlds/unified-world.ts';

let api: UnifiedApi;
/** While it is, the provider fails every write. */
let isDown = false;

beforeAll(async () => {
  api = await startUnifiedApi({
    size: { tickets: 25, comments: 40 },
    intercept: (method) => (method === 'POST' && isDown ? { status: 503 } : undefined),
    prepare: ({ tickets }) => {
      // A record that does not fit: its subject is no text.
      tickets[2] = { ...tickets[2]!, subject: { html: 's3cret' } as unknown as string };
    },
  });
});
afterAll(() => api.stop());

interface List {
  readonly data: Record<string, unknown>[];
  readonly next_cursor: string | null;
  readonly errors?: { readonly id?: string; readonly code: string; readonly message: string }[];
}

const TICKETS = '/v1/unified/ticketing/tickets';
const COMMENTS = '/v1/unified/ticketing/comments';

let made = 0;
function freshKey(): string {
  made += 1;
  return `key-${made}`;
}
const list = async (path: string, headers = {}) =>
  jsonOf(await api.call('GET', path, undefined, headers)) as List;
const bodyOf = async (answer: ReturnType<UnifiedApi['call']>) =>
  jsonOf(await answer) as Record<string, unknown>;
const errorsOf = async (answer: ReturnType<UnifiedApi['call']>) =>
  (problemIn(await answer).errors ?? []).map(({ path, message }) => [path, message]);
const idsIn = ({ data }: List) => data.map(({ id }) => id);

describe('lists of unified records', () => {
  it('answers a page of the size asked for, in the unified shape', async () => {
    const page = await list(`${TICKETS}?limit=2`);

    expect(page.data).toHaveLength(2);
    expect(page.data[0]).toEqual({
      id: '1000',
      subject: 'Printer does not load',
      description: expect.any(String),
      status: expect.any(String),
      status_label: expect.any(String),
      priority: expect.any(String),
      requester_id: expect.stringMatching(/^9\d{3}$/),
      assignee_id: null,
      tags: ['vip', 'renewal'],
      created_at: '2026-01-05T08:00:00.000Z',
      updated_at: '2026-01-06T08:00:00.000Z',
      custom_fields: { cf_plan: expect.any(String) },
    });
  });

  it('leads through all records once, and leaves out what does not fit', async () => {
    const seen: unknown[] = [];
    const leftOut: unknown[] = [];
    let query = '?limit=10';
    for (;;) {
      const page = await list(`${TICKETS}${query}`);
      seen.push(...idsIn(page));
      leftOut.push(...(page.errors ?? []));
      if (page.next_cursor === null) break;
      query = `?limit=10&cursor=${page.next_cursor}`;
    }

    const all = api.sandbox.data.tickets.map(({ id }) => String(id));
    expect(seen).toEqual(all.filter((id) => id !== '1002'));
    expect(leftOut).toEqual([
      { id: '1002', code: 'model_mismatch', message: 'subject must be string or null' },
    ]);
  });

  it('tells the provider’s rate limit beside success', async () => {
    const { headers } = await api.call('GET', `${TICKETS}?limit=1`);

    expect(headers).toMatchObject({
      'ratelimit-limit': '100000',
      'ratelimit-remaining': expect.stringMatching(/^\d+$/),
      'ratelimit-reset': expect.stringMatching(/^\d{10}$/),
      ratelimit: expect.stringMatching(/^"default";r=\d+;t=\d+$/),
      'ratelimit-policy': '"default";q=100000',
    });
  });

  it('keeps the size of its pages, whatever a later call asks for', async () => {
    const first = await list('/v1/unified/ticketing/users?limit=3');
    const second = await list(`/v1/unified/ticketing/users?limit=7&cursor=${first.next_cursor}`);

    expect([...idsIn(first), ...idsIn(second)]).toEqual(
      api.sandbox.data.users.slice(0, 6).map(({ id }) => String(id)),
    );
  });

  it('asks for what changed since', async () => {
    const after = '2026-01-07T06:00:00.000Z';
    const page = await list(`${TICKETS}?updated_after=${after}&limit=200`);

    const expected = api.sandbox.data.tickets.filter(({ updated_at }) => updated_at >= after);
    expect(idsIn(page)).toEqual(expected.map(({ id }) => String(id)));
    expect(page.data.length).toBeLessThan(25);
  });

  it('filters by what the model calls it', async () => {
    const { ticket_id: ticketId } = api.sandbox.data.comments[0]!;

    const page = await list(`${COMMENTS}?ticket_id=${ticketId}`);

    expect(new Set(page.data.map((each) => each['ticket_id']))).toEqual(new Set([`${ticketId}`]));
  });

  it('shows the fields that are asked for, and the provider’s record on request', async () => {
    const page = await list(`${TICKETS}?limit=1&fields=id,subject&include_remote_data=true`);

    expect(page.data).toEqual([
      {
        id: '1000',
        subject: 'Printer does not load',
        remote_data: expect.objectContaining({ id: 1_000, cf_plan: expect.any(String) }),
      },
    ]);
  });

  it.each([
    ['another account', `${TICKETS}?limit=2`, { 'x-integrated-account-id': 'ia_2' }],
    ['another resource', '/v1/unified/ticketing/users?limit=2', {}],
    ['another filter', `${TICKETS}?limit=2&updated_after=2026-01-01`, {}],
    ['the native list', '/v1/resources/tickets?limit=2', {}],
  ])('refuses the cursor in %s', async (_, path, headers) => {
    const { next_cursor: cursor } = await list(`${TICKETS}?limit=2`);

    const answer = await api.call('GET', `${path}&cursor=${cursor}`, undefined, headers);

    expect(problemIn(answer)).toMatchObject({ status: 400, code: 'invalid_cursor' });
  });

  it('shows nothing of the provider’s cursor in its own', async () => {
    const { next_cursor: cursor } = await list(`${TICKETS}?limit=2`);
    const theirs = Buffer.from('1001').toString('base64url');

    expect(Buffer.from(String(cursor), 'base64url').toString()).not.toContain(theirs);
  });

  it('names every fault of a query at once', async () => {
    const path = `${COMMENTS}?fields=id,colour,shape&updated_at=yesterday&weather=fine`;

    expect(await errorsOf(api.call('GET', path))).toEqual([
      ['updated_at', 'must be an instant in ISO 8601'],
      ['weather', 'is no filter that the integration maps'],
      ['ticket_id', 'is needed'],
      ['fields.colour', 'is not a field of the model'],
      ['fields.shape', 'is not a field of the model'],
    ]);
  });

  it.each(['limit=0', 'limit=201', 'updated_after=soon', 'include_remote_data=maybe'])(
    'refuses ?%s',
    async (query) => {
      const [[path]] = (await errorsOf(api.call('GET', `${TICKETS}?${query}`))) as [[string]];

      expect(path).toBe(query.split('=')[0]);
    },
  );

  it.each([
    ['an unknown model', '/v1/unified/weather/tickets'],
    ['an unknown resource', '/v1/unified/ticketing/rain'],
    ['a resource that is not mapped', '/v1/unified/crm/deals'],
    ['an unknown native resource', '/v1/resources/rain'],
    ['a path that names a native one as unified', '/v1/resources/ticketing%2Ftickets'],
  ])('answers 404 for %s', async (_, path) => {
    expect(problemIn(await api.call('GET', path))).toMatchObject({
      status: 404,
      code: 'not_found',
    });
  });
});

describe('one unified record', () => {
  it('is read, and tagged with what it is', async () => {
    const answer = await api.call('GET', `${TICKETS}/1001`);

    expect(jsonOf(answer)).toMatchObject({ id: '1001', subject: 'Invoice is too slow' });
    expect(answer.headers['etag']).toMatch(/^"/);
  });

  it('passes the provider’s 404 on', async () => {
    const problem = problemIn(await api.call('GET', `${TICKETS}/9`));

    expect(problem).toMatchObject({
      status: 404,
      code: 'provider_error',
      origin: 'provider',
      provider: { status: 404, code: 'not_found' },
    });
  });

  it('that does not fit its model is the integration’s error, told without values', async () => {
    const answer = await api.call('GET', `${TICKETS}/1002`);

    expect(problemIn(answer)).toMatchObject({
      status: 502,
      code: 'provider_error',
      provider: { message: 'model_mismatch: subject must be string or null' },
    });
    expect(JSON.stringify(jsonOf(answer))).not.toContain('s3cret');
  });
});

describe('writes of unified records', () => {
  const NEW = {
    subject: 'Door stuck',
    status: 'open',
    priority: 'high',
    requester_id: '9001',
    tags: ['vip'],
    custom_fields: { cf_plan: 'team' },
  };

  it('creates a record from unified fields, and answers with it', async () => {
    const answer = await api.call('POST', TICKETS, NEW);

    const created = api.sandbox.data.tickets.at(-1);
    expect(answer.status).toBe(201);
    expect(jsonOf(answer)).toMatchObject({ ...NEW, id: String(created?.id) });
    expect(created).toMatchObject({ requester_id: 9_001, tags: ['vip'], cf_plan: 'team' });
  });

  it('reads the record back where the provider answers with no more than its id', async () => {
    const input = { ticket_id: '1000', body: 'Seen.', is_public: false };
    const answer = await api.call('POST', COMMENTS, input);

    expect(answer.status).toBe(201);
    expect(jsonOf(answer)).toMatchObject({ ...input, id: expect.stringMatching(/^5\d{4}$/) });
  });

  it('changes what is given and nothing else, and clears with null', async () => {
    const { id } = await bodyOf(api.call('POST', TICKETS, { ...NEW, assignee_id: '9004' }));

    const answer = await api.call('PATCH', `${TICKETS}/${id}`, {
      status: 'solved',
      assignee_id: null,
    });

    expect(answer.status).toBe(200);
    expect(jsonOf(answer)).toMatchObject({ ...NEW, status: 'solved', assignee_id: null });
  });

  it('deletes', async () => {
    const { id } = await bodyOf(api.call('POST', TICKETS, NEW));

    const answer = await api.call('DELETE', `${TICKETS}/${id}`);

    expect(answer).toMatchObject({ status: 204, body: { kind: 'none' } });
    expect((await api.call('GET', `${TICKETS}/${id}`)).status).toBe(404);
  });

  it('names every fault of the input and of the query at once', async () => {
    const input = {
      id: '7',
      subject: 5,
      status: 'lost',
      tags: ['a', 1],
      created_at: '2026-01-01T00:00:00Z',
      status_label: 'x',
      colour: 'red',
      custom_fields: [],
      remote_data: {},
    };

    expect(await errorsOf(api.call('POST', `${TICKETS}?fields=size`, input))).toEqual([
      ['fields.size', 'is not a field of the model'],
      ['id', 'is set by the provider and cannot be written'],
      ['subject', 'must be string or null'],
      ['status', 'must be one of new, open, pending, on_hold, solved, closed'],
      ['tags[1]', 'must be string'],
      ['created_at', 'is set by the provider and cannot be written'],
      ['status_label', 'cannot be written: the integration does not map it'],
      ['colour', 'is not a field of the model'],
      ['custom_fields', 'must be object'],
      ['remote_data', 'is not a field of the model'],
    ]);
  });

  it('misses what the model requires of a new record, once', async () => {
    expect(await errorsOf(api.call('POST', COMMENTS, { body: 'x' }))).toEqual([
      ['ticket_id', 'is needed'],
    ]);
  });

  it('passes the provider’s refusal on, with its code', async () => {
    const answer = await api.call('PATCH', `${TICKETS}/1001`, { subject: '' });

    expect(problemIn(answer)).toMatchObject({
      status: 422,
      code: 'provider_error',
      provider: { status: 422, code: 'subject_missing', message: 'A ticket needs a subject.' },
    });
  });

  it('says what is supported where something is not', async () => {
    const answer = await api.call('DELETE', `${COMMENTS}/50001`);

    expect(problemIn(answer)).toMatchObject({
      status: 405,
      code: 'method_not_supported',
      errors: [
        { path: 'method', message: 'delete is not supported; supported are list, get, create' },
      ],
    });
    expect(answer.headers['allow']).toBe('GET');
  });

  it('does not write what only the mapping could not', async () => {
    const answer = await api.call('POST', '/v1/unified/crm/contacts', { first_name: 'Ada' });

    expect(problemIn(answer)).toMatchObject({ status: 405, code: 'method_not_supported' });
  });

  it('knows no other methods', async () => {
    const answer = await api.call('PUT', `${TICKETS}/1000`, NEW);

    expect(problemIn(answer).code).toBe('method_not_supported');
    expect(answer.headers['allow']).toBe('GET, PATCH, DELETE');
  });

  it('changes only what its caller has seen', async () => {
    const { id } = await bodyOf(api.call('POST', TICKETS, NEW));
    const path = `${TICKETS}/${id}`;
    const { headers } = await api.call('GET', path);
    const seen = { 'if-match': headers['etag'] };
    const changed = await api.call('PATCH', path, { status: 'solved' }, seen);

    const late = await api.call('DELETE', path, undefined, seen);

    expect(changed.status).toBe(200);
    expect(problemIn(late)).toMatchObject({ status: 412, code: 'etag_mismatch' });
  });
});

describe('writes with an idempotency key', () => {
  const INPUT = { subject: 'Once' };
  const count = () => api.sandbox.data.tickets.filter(({ subject }) => subject === 'Once').length;

  it('take effect once; a repeat reads the record as it is now', async () => {
    const headers = { 'idempotency-key': freshKey() };
    const before = count();
    const first = await bodyOf(api.call('POST', TICKETS, INPUT, headers));
    await api.call('PATCH', `${TICKETS}/${first['id']}`, { status: 'closed' });

    const repeat = await api.call('POST', TICKETS, INPUT, headers);

    expect(count()).toBe(before + 1);
    expect(repeat.status).toBe(201);
    expect(repeat.headers['idempotency-replayed']).toBe('true');
    expect(jsonOf(repeat)).toMatchObject({ id: first['id'], status: 'closed' });
  });

  it('store no more than the status, and the id for whoever has the key', async () => {
    const key = freshKey();
    const { id } = await bodyOf(
      api.call('POST', TICKETS, { subject: 'canary-4711' }, { 'idempotency-key': key }),
    );

    const stored = await api.storage.table.get(idempotencyKey(ENVIRONMENT, key));

    expect(stored).toMatchObject({ state: 'done' });
    expect(Object.values(stored ?? {})).not.toContain(id);
    expect(JSON.stringify(stored)).not.toContain('canary-4711');
  });

  it('refuse another request with the same key', async () => {
    const headers = { 'idempotency-key': freshKey() };
    await api.call('POST', TICKETS, INPUT, headers);

    const other = await api.call('POST', TICKETS, { subject: 'Other' }, headers);

    expect(problemIn(other)).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
  });

  it('refuse the same request for another account', async () => {
    const headers = { 'idempotency-key': freshKey() };
    await api.call('POST', TICKETS, INPUT, headers);
    const before = count();

    const other = await api.call('POST', TICKETS, INPUT, {
      ...headers,
      'x-integrated-account-id': 'ia_2',
    });

    expect(problemIn(other)).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    expect(count()).toBe(before);
  });

  it('hand providers a key of their own, not that of the caller', async () => {
    const headers = { 'idempotency-key': freshKey() };
    await api.call('POST', TICKETS, INPUT, headers);
    const [first] = [...api.sandbox.data.createdByKey.keys()].slice(-1);
    await api.call('POST', TICKETS, INPUT);
    const [random] = [...api.sandbox.data.createdByKey.keys()].slice(-1);

    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    expect(first).toMatch(uuid);
    expect(random).toMatch(uuid);
    expect(first).not.toContain(headers['idempotency-key']);
    expect(random).not.toBe(first);
  });

  it('are not made again where nobody knows whether the provider made them', async () => {
    const headers = { 'idempotency-key': freshKey() };
    const path = '/v1/resources/comments?ticket_id=1000';
    isDown = true;
    const failed = await api.call('POST', path, { body: 'Once' }, headers);
    isDown = false;

    const repeat = await api.call('POST', path, { body: 'Once' }, headers);

    expect(problemIn(failed)).toMatchObject({ status: 502, code: 'provider_error' });
    expect(problemIn(repeat)).toMatchObject({
      status: 409,
      code: 'idempotency_outcome_unknown',
      retryable: false,
    });
    expect(api.sandbox.data.comments.filter(({ body }) => body === 'Once')).toEqual([]);
  });

  it('are made again where the provider tells a repeat by its key', async () => {
    const headers = { 'idempotency-key': freshKey() };
    const before = count();
    isDown = true;
    const failed = await api.call('POST', TICKETS, INPUT, headers);
    isDown = false;

    const repeat = await api.call('POST', TICKETS, INPUT, headers);

    expect([failed.status, repeat.status]).toEqual([502, 201]);
    expect(count()).toBe(before + 1);
  });

  it('delete once', async () => {
    const { id } = await bodyOf(api.call('POST', TICKETS, INPUT));
    const headers = { 'idempotency-key': freshKey() };

    const first = await api.call('DELETE', `${TICKETS}/${id}`, undefined, headers);
    const repeat = await api.call('DELETE', `${TICKETS}/${id}`, undefined, headers);

    expect([first.status, repeat.status]).toEqual([204, 204]);
    expect(repeat.headers['idempotency-replayed']).toBe('true');
  });
});

describe('the provider’s own records', () => {
  it('come as they are, with our paging', async () => {
    const first = await list('/v1/resources/tickets?limit=2');
    const second = await list(`/v1/resources/tickets?limit=2&cursor=${first.next_cursor}`);

    expect(first.data[0]).toEqual(api.sandbox.data.tickets[0]);
    expect(idsIn(second)).toEqual([1_002, 1_003]);
    expect(second.errors).toBeUndefined();
  });

  it('are filtered by the provider’s own parameters', async () => {
    const since = '2026-01-07T06:00:00.000Z';
    const page = await list(`/v1/resources/tickets?updated_since=${since}`);

    expect(page.data.length).toBeLessThan(25);
    expect(page.data.every((each) => String(each['updated_at']) >= since)).toBe(true);
  });

  it('take parameters that their path needs', async () => {
    expect(await errorsOf(api.call('GET', '/v1/resources/comments'))).toEqual([
      ['ticket_id', 'is needed'],
    ]);
    const page = await list('/v1/resources/comments?ticket_id=1000');
    expect(page.data.every((each) => each['ticket_id'] === 1_000)).toBe(true);
  });

  it('are created, read, changed and deleted in their own shape', async () => {
    const input = { subject: 'Native', requester_id: 9_002, cf_plan: 'free' };
    const created = await api.call('POST', '/v1/resources/tickets', input);
    const { id } = jsonOf(created) as { id: number };
    const path = `/v1/resources/tickets/${id}`;
    const changed = await api.call('PATCH', path, { cf_plan: 'team' });
    const read = await api.call('GET', path);
    const deleted = await api.call('DELETE', path);

    expect(created.status).toBe(201);
    expect(jsonOf(created)).toMatchObject(input);
    expect(jsonOf(changed)).toMatchObject({ ...input, cf_plan: 'team' });
    expect(jsonOf(read)).toEqual(jsonOf(changed));
    expect(deleted.status).toBe(204);
  });
});

describe('who may call', () => {
  it('reads with one scope and writes with another', async () => {
    const authorization = `Bearer ${await api.keyWith(['read'])}`;

    const read = await api.call('GET', `${TICKETS}?limit=1`, undefined, { authorization });
    const written = await api.call('POST', TICKETS, { subject: 'x' }, { authorization });

    expect(read.status).toBe(200);
    expect(problemIn(written)).toMatchObject({ status: 403, code: 'forbidden' });
  });

  it('names the account by query or header, and must name one', async () => {
    const none = { 'x-integrated-account-id': '' };
    const byQuery = `${TICKETS}?limit=1&integrated_account_id=ia_1`;

    expect((await api.call('GET', byQuery, undefined, none)).status).toBe(200);
    expect(await errorsOf(api.call('GET', TICKETS, undefined, none))).toEqual([
      ['integrated_account_id', 'is required, here or as the header x-integrated-account-id'],
    ]);
  });

  it('calls nobody for an account that is paused, or not there', async () => {
    const of = (id: string) =>
      api.call('GET', TICKETS, undefined, { 'x-integrated-account-id': id });

    expect(problemIn(await of('ia_3'))).toMatchObject({ status: 409, code: 'conflict' });
    expect(problemIn(await of('ia_9'))).toMatchObject({ status: 404, code: 'not_found' });
  });
});
