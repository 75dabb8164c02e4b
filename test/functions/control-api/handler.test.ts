import { Ajv2020 } from 'ajv/dist/2020.js';
import { jsonOf, problemIn } from '../../support/builders/api-requests.ts';
import { type ControlPlane, startControlPlane } from '../../support/worlds/control-plane-world.ts';

let plane: ControlPlane;
let made = 0;
function fresh(prefix: string): string {
  made += 1;
  return `${prefix}-${made}`;
}

beforeAll(async () => {
  plane = await startControlPlane();
});
afterAll(() => plane.stop());
beforeEach(() => {
  plane.asked.length = 0;
});

type Body = Record<string, never>;
const bodyOf = async (answer: ReturnType<ControlPlane['call']>) => jsonOf(await answer) as Body;

const anAccount = (tenant: string) => ({
  tenant_id: tenant,
  integration: 'sandbox',
  auth: 'api_token',
  credentials: { token: 's3cret-token' },
  connection: { base_url: 'https://sandbox.example' },
});

const aJob = (change = {}) => ({
  integration_name: 'sandbox',
  resources: [{ resource: 'ticketing/tickets', method: 'list' }],
  ...change,
});

const subscribe = () =>
  plane.call('POST', '/v1/webhook-subscriptions', {
    url: 'https://hooks.example.com/in',
    events: ['sync_job_run:*', 'record:*', 'integrated_account:*'],
  });

describe('api keys', () => {
  it('shows a new key once, and honours it', async () => {
    const created = await bodyOf(plane.call('POST', '/v1/api-keys', { scopes: ['read'] }));
    const authorization = `Bearer ${created['key']}`;

    const used = await plane.call('GET', '/v1/tenants', undefined, { authorization });
    const listed = await bodyOf(plane.call('GET', '/v1/api-keys'));

    expect(used.status).toBe(200);
    expect(JSON.stringify(listed)).not.toContain(created['key']);
  });

  it('holds a key to its scopes', async () => {
    const authorization = `Bearer ${await plane.keyWith(['read'])}`;

    const refused = await plane.call(
      'POST',
      '/v1/api-keys',
      { scopes: ['admin'] },
      { authorization },
    );

    expect(problemIn(refused)).toMatchObject({ status: 403, code: 'forbidden' });
  });

  it('does not show the key again in an idempotent repeat', async () => {
    const headers = { 'idempotency-key': fresh('key') };
    const first = await bodyOf(plane.call('POST', '/v1/api-keys', { scopes: ['read'] }, headers));

    const repeat = await plane.call('POST', '/v1/api-keys', { scopes: ['read'] }, headers);

    expect(repeat.status).toBe(201);
    expect(jsonOf(repeat)).toEqual({
      id: first['id'],
      name: null,
      scopes: ['read'],
      created_at: first['created_at'],
    });
  });

  it('ends a key', async () => {
    const { id } = await bodyOf(plane.call('POST', '/v1/api-keys', { scopes: ['read'] }));

    const ended = await plane.call('DELETE', `/v1/api-keys/${id}`);
    const again = await plane.call('DELETE', `/v1/api-keys/${id}`);

    expect(ended).toMatchObject({ status: 204, body: { kind: 'none' } });
    expect(problemIn(again).code).toBe('not_found');
  });
});

describe('tenants', () => {
  it('makes, replaces, reads and lists them', async () => {
    const tenant = fresh('tenant');

    const first = await plane.call('PUT', `/v1/tenants/${tenant}`, { name: 'Acme' });
    const second = await plane.call('PUT', `/v1/tenants/${tenant}`);

    expect([first.status, second.status]).toEqual([201, 200]);
    expect(jsonOf(second)).toEqual({
      id: tenant,
      name: null,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updated_at: expect.any(String),
    });
  });

  it('honours If-Match', async () => {
    const path = `/v1/tenants/${fresh('tenant')}`;
    const { headers } = await plane.call('PUT', path);
    await plane.call('PUT', path, { name: 'changed' }, { 'if-match': headers['etag'] });

    const late = await plane.call('PUT', path, { name: 'late' }, { 'if-match': headers['etag'] });

    expect(problemIn(late)).toMatchObject({ status: 412, code: 'etag_mismatch' });
  });

  it('erases nothing that has changed since it was read', async () => {
    const path = `/v1/tenants/${fresh('tenant')}`;
    const { headers } = await plane.call('PUT', path);
    await plane.call('PUT', path, { name: 'changed' });

    const ifMatch = { 'if-match': headers['etag'] };
    const late = await plane.call('DELETE', path, undefined, ifMatch);

    expect(problemIn(late)).toMatchObject({ status: 412, code: 'etag_mismatch' });
    expect((await plane.call('GET', path)).status).toBe(200);
  });

  it('erases accounts and key, and says so', async () => {
    const tenant = fresh('tenant');
    const account = await bodyOf(plane.call('POST', '/v1/integrated-accounts', anAccount(tenant)));

    const erased = await plane.call('DELETE', `/v1/tenants/${tenant}`);
    const gone = await plane.call('GET', `/v1/integrated-accounts/${account['id']}`);

    expect(jsonOf(erased)).toMatchObject({ tenant_id: tenant, erased: { integrated_accounts: 1 } });
    expect(problemIn(gone).status).toBe(404);
  });

  it('pages through a list without losing or doubling any', async () => {
    const tenants = ['a', 'b', 'c', 'd', 'e'].map((name) => `zz-page-${name}`);
    for (const tenant of tenants) await plane.call('PUT', `/v1/tenants/${tenant}`);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = (await bodyOf(plane.call('GET', `/v1/tenants?limit=2${query}`))) as never as {
        data: { id: string }[];
        next_cursor: string | null;
      };
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
    }

    expect(seen.filter((id) => id.startsWith('zz-page-'))).toEqual(tenants);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('refuses the cursor of another list', async () => {
    for (const name of ['x', 'y']) await plane.call('PUT', `/v1/tenants/zz-cursor-${name}`);
    const { next_cursor } = await bodyOf(plane.call('GET', '/v1/tenants?limit=1'));

    const refused = await plane.call('GET', `/v1/sync-jobs?cursor=${next_cursor}`);

    expect(problemIn(refused)).toMatchObject({ status: 400, code: 'invalid_cursor' });
  });

  it.each([
    ['POST', '/v1/sync-jobs/job_1/stream', 'GET'],
    ['POST', '/v1/integrated-accounts/ia_1/verify', 'DELETE'],
    ['GET', '/v1/integrated-accounts/ia_1/capabilities', 'POST'],
    ['GET, POST', '/v1/unified/ticketing/tickets', 'PUT'],
    ['GET, PATCH, DELETE', '/v1/resources/tickets/7', 'POST'],
  ])('knows that only %s %s is served, if by another function', async (served, path, method) => {
    const answer = await plane.call(method, path);

    expect(problemIn(answer)).toMatchObject({ status: 405, code: 'method_not_supported' });
    expect(answer.headers['allow']).toBe(served);
  });

  it.each(['0', '201', 'x', '1.5'])('says what a limit may be, not %s', async (limit) => {
    const { errors } = problemIn(await plane.call('GET', `/v1/tenants?limit=${limit}`));

    expect(errors).toEqual([{ path: 'limit', message: 'must be a whole number from 1 to 200' }]);
  });

  it.each(['limit=0', 'limit=201', 'limit=x', 'unknown=1'])('refuses ?%s', async (query) => {
    expect(problemIn(await plane.call('GET', `/v1/tenants?${query}`)).status).toBe(400);
  });
});

describe('integrated accounts', () => {
  it('imports one and never shows its credential', async () => {
    const tenant = fresh('tenant');

    const imported = await plane.call('POST', '/v1/integrated-accounts', anAccount(tenant));

    expect(imported.status).toBe(201);
    expect(jsonOf(imported)).toEqual({
      id: expect.stringMatching(/^ia_/),
      tenant_id: tenant,
      integration: 'sandbox',
      auth: 'api_token',
      status: 'active',
      status_reason: null,
      connection: { base_url: 'https://sandbox.example' },
      label: null,
      expires_at: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect(JSON.stringify(jsonOf(imported))).not.toContain('s3cret');
  });

  it('makes the tenant where there is none, and leaves a known one as it is', async () => {
    const tenant = fresh('tenant');
    await plane.call('PUT', `/v1/tenants/${tenant}`, { name: 'Acme' });
    const other = fresh('tenant');
    await plane.call('POST', '/v1/integrated-accounts', anAccount(tenant));
    await plane.call('POST', '/v1/integrated-accounts', anAccount(other));

    expect(await bodyOf(plane.call('GET', `/v1/tenants/${tenant}`))).toMatchObject({
      name: 'Acme',
    });
    expect(await bodyOf(plane.call('GET', `/v1/tenants/${other}`))).toMatchObject({ id: other });
  });

  it('lists everything that is wrong with an import', async () => {
    const wrong = { ...anAccount('t'), connection: {}, credentials: { token: 1 } };

    const problem = problemIn(await plane.call('POST', '/v1/integrated-accounts', wrong));

    expect(problem.code).toBe('invalid_request');
    const paths = new Set(problem.errors?.map(({ path }) => path));
    expect(paths).toEqual(new Set(['connection.base_url', 'credentials.token']));
  });

  it('filters its list', async () => {
    const tenant = fresh('tenant');
    const { id } = await bodyOf(plane.call('POST', '/v1/integrated-accounts', anAccount(tenant)));

    const list = await bodyOf(
      plane.call('GET', `/v1/integrated-accounts?tenant_id=${tenant}&status=active`),
    );

    expect(list).toMatchObject({ data: [{ id }], next_cursor: null });
  });

  it('changes by merge-patch what may be changed', async () => {
    const { id } = await bodyOf(plane.call('POST', '/v1/integrated-accounts', anAccount('t')));
    const path = `/v1/integrated-accounts/${id}`;
    await plane.call('PATCH', path, { label: 'Main', status: 'paused' });

    const changed = await plane.call('PATCH', path, { label: null });

    expect(jsonOf(changed)).toMatchObject({ label: null, status: 'paused' });
    expect(changed.headers['etag']).toBe('"4"');
  });

  it.each([
    [{ status: 'needs_reauth' }, 'status'],
    [{ credentials: { token: 'x' } }, 'credentials'],
    [{ connection: { base_url: 'ftp://x' } }, 'connection.base_url'],
  ])('refuses the change %j', async (change, path) => {
    const { id } = await bodyOf(plane.call('POST', '/v1/integrated-accounts', anAccount('t')));

    const refused = await plane.call('PATCH', `/v1/integrated-accounts/${id}`, change);

    expect(problemIn(refused).errors?.map((fault) => fault.path)).toEqual([path]);
  });

  it('never moves a stored credential to another host', async () => {
    const { id } = await bodyOf(plane.call('POST', '/v1/integrated-accounts', anAccount('t')));
    const path = `/v1/integrated-accounts/${id}`;

    const refused = await plane.call('PATCH', path, {
      connection: { base_url: 'https://attacker.example' },
    });

    expect(problemIn(refused).errors).toEqual([
      {
        path: 'connection',
        message: 'leads to another host than the credential was given for; import it again',
      },
    ]);
    expect(await bodyOf(plane.call('GET', path))).toMatchObject({
      connection: { base_url: 'https://sandbox.example' },
    });
  });

  it('tells subscribers of a new account, without its credential', async () => {
    await subscribe();
    plane.asked.length = 0;

    await plane.call('POST', '/v1/integrated-accounts', anAccount('t'));

    const messages = plane.asked.filter(({ command }) => command === 'SendMessageCommand');
    expect(messages.map(({ input }) => input['QueueUrl'])).toContain('https://queue/delivery');
    expect(messages[0]?.input['MessageBody']).toContain('integrated_account:active');
    expect(messages[0]?.input['MessageGroupId']).toBe('env_TEST');
    expect(JSON.stringify(plane.asked)).not.toContain('s3cret');
  });

  it('does the same import twice only with another key', async () => {
    const account = anAccount(fresh('tenant'));
    const headers = { 'idempotency-key': fresh('key') };
    const post = () => plane.call('POST', '/v1/integrated-accounts', account, headers);

    const [first, repeat] = [await post(), await post()];
    const reused = await plane.call('POST', '/v1/integrated-accounts', anAccount('other'), headers);

    expect(jsonOf(repeat)).toEqual(jsonOf(first));
    expect(repeat.headers['idempotency-replayed']).toBe('true');
    expect(problemIn(reused)).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
  });
});

describe('integrations', () => {
  it('shows how to connect and what can be called', async () => {
    expect(await bodyOf(plane.call('GET', '/v1/integrations/sandbox'))).toMatchObject({
      name: 'sandbox',
      auth: expect.arrayContaining([
        expect.objectContaining({
          name: 'api_token',
          credential_fields: [{ name: 'token', required: true }],
        }),
      ]),
      resources: expect.objectContaining({ users: { methods: ['list'] } }),
      models: expect.objectContaining({ ticketing: expect.arrayContaining(['tickets']) }),
    });
  });

  it('names line and path of what is wrong with an integration.yaml', async () => {
    const yaml =
      'spec: 1\nprovider: broken\ntitle: Broken\nbase_url: https://api.example.com\nbase_uri: x\n';

    const checked = await bodyOf(plane.call('POST', '/v1/integrations/validate', yaml));

    expect(checked).toMatchObject({
      valid: false,
      errors: expect.arrayContaining([expect.objectContaining({ path: 'base_uri', line: 5 })]),
    });
  });

  it('takes an app and never shows it', async () => {
    const app = { client_id: 'id', client_secret: 's3cret', webhook_secrets: ['s3cret-2'] };

    const put = await plane.call('PUT', '/v1/integrations/sandbox/app', app);
    const unknown = await plane.call('PUT', '/v1/integrations/none/app', app);

    expect(put).toMatchObject({ status: 204, body: { kind: 'none' } });
    expect(problemIn(unknown).status).toBe(404);
  });
});

describe('capabilities of an integration', () => {
  const read = () => bodyOf(plane.call('GET', '/v1/integrations/sandbox/capabilities'));

  it('name its resources with their methods', async () => {
    expect(await read()).toMatchObject({
      integration: 'sandbox',
      resources: {
        tickets: {
          verbs: ['list', 'get', 'create', 'update', 'delete'],
          methods: {
            list: {
              http_method: 'GET',
              path: '/tickets',
              reads: true,
              params: [],
              pages: true,
              page_size: 100,
              incremental: true,
            },
          },
        },
        comments: { methods: { list: { params: [{ name: 'ticket_id', required: true }] } } },
      },
      webhooks: null,
    });
  });

  it('name its unified resources with filters and fields', async () => {
    expect(await read()).toMatchObject({
      models: {
        ticketing: {
          tickets: {
            source: 'tickets',
            verbs: ['list', 'get', 'create', 'update', 'delete'],
            incremental: true,
            fields: {
              subject: { mapped: true, writable: true },
              status_label: { mapped: true, writable: false },
              id: { mapped: true, writable: false },
            },
          },
          comments: {
            verbs: ['list', 'get', 'create'],
            filters: [{ name: 'ticket_id', required: true }],
          },
          users: { verbs: ['list'], input_schema: null },
        },
      },
    });
  });

  it('bring schemas that its records and inputs fit', async () => {
    const { models } = (await read()) as never as {
      models: { ticketing: { comments: Record<string, object> } };
    };
    const { output_schema: output, input_schema: input } = models.ticketing.comments;
    const ajv = new Ajv2020({ formats: { 'date-time': true } });
    const record = {
      id: '1',
      ticket_id: '7',
      author_id: null,
      body: 'x',
      is_public: null,
      created_at: '2026-01-05T08:00:00.000Z',
      updated_at: null,
      custom_fields: {},
    };

    expect(ajv.validate(output!, record)).toBe(true);
    expect(ajv.validate(output!, { ...record, id: null })).toBe(false);
    expect(ajv.validate(input!, { ticket_id: '7', body: 'x' })).toBe(true);
    expect(ajv.validate(input!, { body: 'x' })).toBe(false);
    expect(ajv.validate(input!, { ticket_id: '7', created_at: '2026-01-05' })).toBe(false);
  });

  it('are those of an integration that there is', async () => {
    const answer = await plane.call('GET', '/v1/integrations/none/capabilities');

    expect(problemIn(answer).code).toBe('not_found');
  });
});

describe('sync jobs', () => {
  it('lists every fault of a job with its path', async () => {
    const job = {
      integration_name: 'sandbox',
      colour: 'red',
      schedule: { cron: '0 0 1 * 1' },
      resources: [
        {
          resource: 'ticketing/tickets',
          method: 'list',
          depends_on: 'ticketing/comments',
          ticket: 1,
        },
        {
          resource: 'ticketing/comments',
          method: 'list',
          depends_on: 'ticketing/tickets',
          query: { ticket_id: '{{resources.ticketing.tickets.id}}' },
        },
        { resource: 'ticketing/nothing', method: 'list' },
        {
          resource: 'ticketing/users',
          method: 'list',
          query: { updated_at: { gt: '{{previous_run_dat}}' }, size: { expr: '$$$(' } },
        },
      ],
    };

    const problem = problemIn(await plane.call('POST', '/v1/sync-jobs', job));

    expect(problem).toMatchObject({ status: 400, code: 'invalid_request' });
    const paths = problem.errors?.map(({ path }) => path) ?? [];
    expect(paths).toEqual(
      expect.arrayContaining([
        'colour',
        'resources[0].ticket',
        'resources[0].depends_on',
        'resources[2].resource',
        'resources[3].query.updated_at.gt',
        'resources[3].query.size.expr',
        'schedule.cron',
      ]),
    );
  });

  it('makes one as its authors write it, and shows it with its defaults', async () => {
    const created = await plane.call('POST', '/v1/sync-jobs', aJob());

    expect(created.status).toBe(201);
    expect(jsonOf(created)).toMatchObject({
      id: expect.stringMatching(/^job_/),
      name: null,
      integration_name: 'sandbox',
      resources: [{ resource: 'ticketing/tickets', method: 'list', query: {} }],
      error_handling: 'ignore',
      watermark: 'run_start',
      rate_limit: { mode: 'park', max_waits: 100, alert_after: 10 },
      schedule: null,
      records_per_event: 100,
    });
  });

  it('keeps a schedule for a job with a cron, changes it and takes it away', async () => {
    const schedule = { cron: '0 2 * * *', timezone: 'Europe/Berlin' };
    const { id } = await bodyOf(plane.call('POST', '/v1/sync-jobs', aJob({ schedule })));
    await plane.call('PATCH', `/v1/sync-jobs/${id}`, { schedule: { cron: '0 3 * * *' } });
    const changed = await plane.call('PATCH', `/v1/sync-jobs/${id}`, { schedule: null });

    expect(jsonOf(changed)).toMatchObject({ schedule: null });
    expect(
      plane.asked.map(({ command, input }) => [
        command,
        input['ScheduleExpression'],
        input['ScheduleExpressionTimezone'],
      ]),
    ).toEqual([
      ['CreateScheduleCommand', 'cron(0 2 * * ? *)', 'Europe/Berlin'],
      ['CreateScheduleCommand', 'cron(0 3 * * ? *)', 'Europe/Berlin'],
      ['DeleteScheduleCommand', undefined, undefined],
    ]);
  });

  it('refuses a change that leaves the job broken', async () => {
    const { id } = await bodyOf(plane.call('POST', '/v1/sync-jobs', aJob()));

    const refused = await plane.call('PATCH', `/v1/sync-jobs/${id}`, { integration_name: 'none' });

    expect(problemIn(refused).errors?.map(({ path }) => path)).toContain('integration_name');
  });

  it('starts a run, and says which one is in the way of a second', async () => {
    await subscribe();
    const account = await bodyOf(plane.call('POST', '/v1/integrated-accounts', anAccount('t')));
    const job = await bodyOf(plane.call('POST', '/v1/sync-jobs', aJob()));
    const start = { integrated_account_id: account['id'] };

    const started = await plane.call('POST', `/v1/sync-jobs/${job['id']}/runs`, start);
    const second = await plane.call('POST', `/v1/sync-jobs/${job['id']}/runs`, start);

    const run = jsonOf(started) as Body;
    expect(started.status).toBe(202);
    expect(run).toMatchObject({
      sync_job_id: job['id'],
      integrated_account_id: account['id'],
      status: 'queued',
      previous_run_date: '1970-01-01T00:00:00.000Z',
    });
    expect(problemIn(second)).toMatchObject({
      status: 409,
      code: 'run_in_progress',
      ids: { run_id: run['id'] },
    });
    expect(plane.asked.at(-1)?.input).toMatchObject({ QueueUrl: 'https://queue/step' });
  });

  it('pauses, resumes and cancels a run, and lists it by its status', async () => {
    await subscribe();
    const account = await bodyOf(plane.call('POST', '/v1/integrated-accounts', anAccount('t')));
    const job = await bodyOf(plane.call('POST', '/v1/sync-jobs', aJob()));
    const start = { integrated_account_id: account['id'] };
    const run = await bodyOf(plane.call('POST', `/v1/sync-jobs/${job['id']}/runs`, start));
    const verb = (name: string) => bodyOf(plane.call('POST', `/v1/sync-runs/${run['id']}/${name}`));

    expect(await verb('pause')).toMatchObject({ status: 'paused' });
    expect(await verb('resume')).toMatchObject({ status: 'running' });
    expect(await verb('cancel')).toMatchObject({ status: 'cancelled' });
    const path = `/v1/sync-runs?sync_job_id=${job['id']}&status=cancelled`;
    expect(await bodyOf(plane.call('GET', path))).toMatchObject({ data: [{ id: run['id'] }] });
    expect(problemIn(await plane.call('POST', `/v1/sync-runs/${run['id']}/pause`))).toMatchObject({
      status: 409,
      code: 'conflict',
    });
  });

  it('shows and resets from when on the next run reads', async () => {
    const account = await bodyOf(plane.call('POST', '/v1/integrated-accounts', anAccount('t')));
    const job = await bodyOf(plane.call('POST', '/v1/sync-jobs', aJob()));
    const path = `/v1/sync-jobs/${job['id']}/cursors/${account['id']}`;

    const cursor = await plane.call('GET', path);
    const foreign = await plane.call('DELETE', path, undefined, { 'if-match': '"another"' });
    const seen = { 'if-match': cursor.headers['etag'] };
    const reset = await plane.call('DELETE', path, undefined, seen);

    expect(problemIn(foreign)).toMatchObject({ status: 412, code: 'etag_mismatch' });
    expect(jsonOf(cursor)).toMatchObject({
      previous_run_date: '1970-01-01T00:00:00.000Z',
      updated_at: null,
    });
    expect(reset.status).toBe(204);
  });

  it.each([
    ['an unknown job', '/v1/sync-jobs/job_NONE'],
    ['an unknown run', '/v1/sync-runs/run_NONE'],
    ['an unknown subscription', '/v1/webhook-subscriptions/sub_NONE'],
    ['an unknown account', '/v1/integrated-accounts/ia_NONE'],
  ])('answers 404 for %s', async (_, path) => {
    expect(problemIn(await plane.call('GET', path))).toMatchObject({
      status: 404,
      code: 'not_found',
    });
  });
});

describe('webhook subscriptions', () => {
  it('shows the secret when it is made, and not again', async () => {
    const created = await bodyOf(subscribe());

    const read = await bodyOf(plane.call('GET', `/v1/webhook-subscriptions/${created['id']}`));

    expect(created['secret']).toMatch(/^whsec_/);
    expect(read).not.toHaveProperty('secret');
  });

  it.each(['http://hooks.example.com', 'https://10.0.0.1/in', 'https://localhost/in'])(
    'refuses %s',
    async (url) => {
      const body = { url, events: ['record:*'] };

      const refused = await plane.call('POST', '/v1/webhook-subscriptions', body);

      expect(problemIn(refused)).toMatchObject({ status: 422, code: 'insecure_url' });
    },
  );

  it('rotates the secret', async () => {
    const { id, secret } = await bodyOf(subscribe());

    const rotated = await bodyOf(
      plane.call('POST', `/v1/webhook-subscriptions/${id}/rotate-secret`, { overlap_seconds: 60 }),
    );

    expect(rotated['secret']).toMatch(/^whsec_/);
    expect(rotated['secret']).not.toBe(secret);
  });

  it('sends a test event to this subscription alone', async () => {
    await subscribe();
    const { id } = await bodyOf(subscribe());
    plane.asked.length = 0;

    const sent = await plane.call('POST', `/v1/webhook-subscriptions/${id}/test`);

    expect(sent.status).toBe(202);
    const messages = plane.asked.filter(({ command }) => command === 'SendMessageCommand');
    expect(messages).toHaveLength(1);
    expect(JSON.parse(String(messages[0]?.input['MessageBody']))).toMatchObject({
      event_id: (jsonOf(sent) as Body)['event_id'],
      event_type: 'test',
      subscription_id: id,
    });
  });

  it('changes, enables and deletes', async () => {
    const { id } = await bodyOf(subscribe());
    const path = `/v1/webhook-subscriptions/${id}`;

    expect(await bodyOf(plane.call('PATCH', path, { description: 'CRM' }))).toMatchObject({
      description: 'CRM',
    });
    expect(await bodyOf(plane.call('POST', `${path}/enable`))).toMatchObject({ status: 'enabled' });
    expect(await bodyOf(plane.call('GET', `${path}/deliveries`))).toEqual({
      data: [],
      next_cursor: null,
    });
    expect((await plane.call('DELETE', path)).status).toBe(204);
  });
});
