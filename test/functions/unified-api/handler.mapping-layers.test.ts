/** Overrides and the trial of mappings, through the control plane as it is wired. */
import { createAccountStore } from '#shared/account/account-store.ts';
import { mappingRoutes } from '#shared/api/mappings/mappings.ts';
import { createApi } from '#shared/runtime/compose/api.ts';
import { aMappedCatalogue } from '../../support/builders/a-mapping.ts';
import { aRequest, jsonOf, problemIn } from '../../support/builders/api-requests.ts';
import { aQuietTelemetry, type Line } from '../../support/doubles/quiet-telemetry.ts';
import { type ControlPlane, startControlPlane } from '../../support/worlds/control-plane-world.ts';

let plane: ControlPlane;
let accountId = '';

const OVERRIDE = '/v1/integrations/sandbox/override';
const contacts = (fields: object) => ({ mappings: { 'crm/contacts': { fields } } });
const SAMPLE = {
  id: 7,
  first_name: 'Ada',
  last_name: 'Lovelace',
  email: 'ada@example.com',
  region__c: 'north',
};

type Body = Record<string, unknown>;
const bodyOf = async (answer: ReturnType<ControlPlane['call']>) => jsonOf(await answer) as Body;
const ask = (path: string, method = 'GET', body?: unknown, headers = {}) =>
  plane.call(method, path, body, headers);
const test = (change: object = {}) =>
  ask('/v1/mappings/test', 'POST', {
    integration: 'sandbox',
    model: 'crm',
    resource: 'contacts',
    method: 'list',
    sample: SAMPLE,
    ...change,
  });

beforeAll(async () => {
  plane = await startControlPlane();
  const account = await bodyOf(
    ask('/v1/integrated-accounts', 'POST', {
      tenant_id: 'acme',
      integration: 'sandbox',
      auth: 'api_token',
      credentials: { token: 's3cret-token' },
      connection: { base_url: 'https://sandbox.example' },
    }),
  );
  accountId = String(account['id']);
});
afterAll(() => plane.stop());
afterEach(async () => {
  await ask(OVERRIDE, 'DELETE');
  await ask(`/v1/integrated-accounts/${accountId}/override`, 'DELETE');
});

describe('an environment’s override', () => {
  it('is put, read and taken away', async () => {
    const put = await ask(OVERRIDE, 'PUT', contacts({ first_name: { unset: true } }));
    const read = await ask(OVERRIDE);

    expect(put.status).toBe(201);
    expect(jsonOf(read)).toEqual({
      integration: 'sandbox',
      integrated_account_id: null,
      version: expect.any(Number),
      updated_at: expect.any(String),
      ...contacts({ first_name: { unset: true } }),
    });
    expect((await ask(OVERRIDE, 'DELETE')).status).toBe(204);
    expect(problemIn(await ask(OVERRIDE))).toMatchObject({ status: 404, code: 'not_found' });
    expect(problemIn(await ask(OVERRIDE, 'DELETE'))).toMatchObject({ status: 404 });
  });

  it('changes only the version that If-Match names', async () => {
    const first = await ask(OVERRIDE, 'PUT', contacts({ first_name: { unset: true } }));
    const etag = first.headers['etag'] ?? '';
    const second = await ask(OVERRIDE, 'PUT', contacts({}), { 'if-match': etag });

    const late = await ask(OVERRIDE, 'PUT', contacts({}), { 'if-match': etag });

    expect(second.status).toBe(200);
    expect(problemIn(late)).toMatchObject({ status: 412, code: 'etag_mismatch' });
    const gone = { 'if-match': second.headers['etag'] };
    await ask(OVERRIDE, 'DELETE', undefined, gone);
    expect(problemIn(await ask(OVERRIDE, 'PUT', contacts({}), { 'if-match': '*' }))).toMatchObject({
      status: 412,
    });
  });

  it('is refused with every fault and its path', async () => {
    const bad = contacts({ nickname: { set: '1' }, first_name: { set: '(' } });

    expect(problemIn(await ask(OVERRIDE, 'PUT', bad))).toMatchObject({
      status: 422,
      code: 'invalid_override',
      errors: [
        { path: 'mappings["crm/contacts"].fields.nickname' },
        {
          path: 'mappings["crm/contacts"].fields.first_name.set',
          message: expect.stringMatching(/character \d+/),
        },
      ],
    });
  });

  it('is refused above 64 KB', async () => {
    const bulky = contacts({ first_name: { set: `'${'x'.repeat(66_000)}'` } });

    expect(problemIn(await ask(OVERRIDE, 'PUT', bulky))).toMatchObject({
      status: 413,
      code: 'payload_too_large',
    });
  });

  it('is refused for an integration that is not there', async () => {
    const unknown = '/v1/integrations/nowhere/override';

    expect(problemIn(await ask(unknown, 'PUT', contacts({})))).toMatchObject({
      status: 404,
      code: 'not_found',
    });
  });

  it('lists its versions, and goes back to one of them', async () => {
    const one = await bodyOf(ask(OVERRIDE, 'PUT', contacts({ first_name: { set: "'1'" } })));
    const two = await bodyOf(ask(OVERRIDE, 'PUT', contacts({ first_name: { set: "'2'" } })));

    const back = await ask(`${OVERRIDE}/rollback`, 'POST', { version: one['version'] });

    expect(jsonOf(back)).toMatchObject({
      version: Number(two['version']) + 1,
      ...contacts({ first_name: { set: "'1'" } }),
    });
    expect(jsonOf(await ask(`${OVERRIDE}/versions?limit=2`))).toMatchObject({
      data: [
        { version: Number(two['version']) + 1, deleted: false, in_force: true },
        { version: two['version'], deleted: false, in_force: false },
      ],
      next_cursor: expect.any(String),
    });
    expect(jsonOf(await ask(`${OVERRIDE}/versions/${two['version']}`))).toMatchObject(
      contacts({ first_name: { set: "'2'" } }),
    );
    expect(problemIn(await ask(`${OVERRIDE}/versions/nine`))).toMatchObject({ status: 404 });
  });

  it('pages through its versions', async () => {
    await ask(OVERRIDE, 'PUT', contacts({ first_name: { set: "'1'" } }));
    const seen: unknown[] = [];
    let cursor: unknown = '';
    do {
      const query = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await bodyOf(ask(`${OVERRIDE}/versions?limit=3${query}`));
      seen.push(...(page['data'] as Body[]).map(({ version }) => version));
      cursor = page['next_cursor'];
    } while (cursor !== null);

    const newest = Number(seen[0]);
    expect(seen).toEqual(Array.from({ length: newest }, (_, index) => newest - index));
  });
});

describe('an account’s override', () => {
  const path = () => `/v1/integrated-accounts/${accountId}/override`;

  it('is put and read, and goes with the tenant', async () => {
    const made = await bodyOf(
      ask('/v1/integrated-accounts', 'POST', {
        tenant_id: 'gone',
        integration: 'sandbox',
        auth: 'api_token',
        credentials: { token: 's3cret-token' },
        connection: { base_url: 'https://sandbox.example' },
      }),
    );
    const own = `/v1/integrated-accounts/${made['id']}/override`;
    await ask(own, 'PUT', contacts({ last_name: { unset: true } }));

    expect(jsonOf(await ask(own))).toMatchObject({
      integrated_account_id: made['id'],
      version: 1,
      ...contacts({ last_name: { unset: true } }),
    });
    expect((await ask('/v1/tenants/gone', 'DELETE')).status).toBe(200);
    expect(problemIn(await ask(own))).toMatchObject({ status: 404 });
    const left = await plane.storage.table.query({ partition: `ACCT#${made['id']}` });
    expect(left.items).toEqual([]);
  });

  it('may build on what the environment’s adds', async () => {
    const rename = contacts({ 'custom_fields.x': { rename: 'last_name' } });
    await ask(OVERRIDE, 'PUT', contacts({ 'custom_fields.x': { set: "'from above'" } }));
    await ask(path(), 'PUT', rename);

    expect(await bodyOf(test({ integrated_account_id: accountId }))).toMatchObject({
      output: { last_name: 'from above' },
      provenance: {
        last_name: {
          layer: 'account',
          op: 'rename',
          from: 'custom_fields.x',
          below: { layer: 'environment', op: 'set', expression: "'from above'" },
        },
      },
    });
  });

  it('needs the account', async () => {
    const nobody = '/v1/integrated-accounts/ia_nobody/override';

    expect(problemIn(await ask(nobody, 'PUT', contacts({})))).toMatchObject({ status: 404 });
  });
});

describe('POST /v1/mappings/test', () => {
  it('maps a sample, and says where each field comes from', async () => {
    await ask(OVERRIDE, 'PUT', contacts({ 'custom_fields.area': { set: 'response.region__c' } }));

    const answer = await bodyOf(test());

    expect(answer['errors']).toEqual([]);
    expect(answer['output']).toMatchObject({
      id: '7',
      first_name: 'Ada',
      email_addresses: [{ email: 'ada@example.com', is_primary: true }],
      custom_fields: { area: 'north', region__c: 'north' },
    });
    expect(answer['provenance']).toMatchObject({
      id: { layer: 'base', op: 'set', expression: '$string(response.id)' },
      'custom_fields.area': { layer: 'environment', op: 'set', expression: 'response.region__c' },
    });
  });

  it('tries a part of an override on top, and forgets it', async () => {
    const layer = { fields: { first_name: { set: "'Grace'" } } };

    expect(await bodyOf(test({ layer }))).toMatchObject({
      output: { first_name: 'Grace' },
      provenance: { first_name: { layer: 'unsaved', op: 'set', expression: "'Grace'" } },
    });
    expect(await bodyOf(test())).toMatchObject({ output: { first_name: 'Ada' } });
  });

  it('tries a whole override', async () => {
    const layer = contacts({ first_name: { rename: 'last_name' } });

    expect(await bodyOf(test({ layer }))).toMatchObject({
      output: { first_name: null, last_name: 'Ada' },
    });
  });

  it('leaves stored layers out on request', async () => {
    await ask(OVERRIDE, 'PUT', contacts({ first_name: { set: "'env'" } }));

    expect(await bodyOf(test({ up_to: 'base' }))).toMatchObject({ output: { first_name: 'Ada' } });
  });

  it('lists every field that fails, without values, and the rest of the record', async () => {
    const layer = {
      fields: { first_name: { set: '$number(response.last_name)' }, last_name: { set: '7' } },
    };

    expect(await bodyOf(test({ layer }))).toMatchObject({
      output: { id: '7', first_name: null, last_name: null },
      errors: [
        { path: 'first_name', message: 'the expression failed (D3030)' },
        { path: 'last_name', message: 'must be string or null' },
      ],
    });
  });

  it('says what is wrong with the layer that is tried', async () => {
    const part = { fields: { nickname: { set: '1' } } };

    expect(problemIn(await test({ layer: part }))).toMatchObject({
      status: 422,
      code: 'invalid_override',
      errors: [{ path: 'layer.fields.nickname' }],
    });
    expect(problemIn(await test({ layer: { mappings: { 'crm/cars': {} } } }))).toMatchObject({
      errors: [{ path: 'layer.mappings["crm/cars"]' }],
    });
  });

  it('refuses a layer that could not be stored, which would take memory by the megabyte', async () => {
    const set = (index: number) => `[${index}${',a.b.c'.repeat(1_300)}]`;
    const fields = Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [`custom_fields.f${index}`, { set: set(index) }]),
    );

    expect(problemIn(await test({ layer: { fields } }))).toMatchObject({
      status: 413,
      code: 'payload_too_large',
    });
  });

  it('knows the parameters and the connection', async () => {
    const layer = {
      fields: { first_name: { set: '$params.p' }, last_name: { set: '$conn.base_url' } },
    };
    const params = { p: 'q' };

    expect(await bodyOf(test({ layer, params, integrated_account_id: accountId }))).toMatchObject({
      output: { first_name: 'q', last_name: 'https://sandbox.example' },
    });
  });

  it('refuses what is not mapped, and the account of another integration', async () => {
    expect(problemIn(await test({ resource: 'cars' }))).toMatchObject({
      status: 422,
      errors: [{ path: 'resource' }],
    });
    const elsewhere = test({ integration: 'hubspot', integrated_account_id: accountId });
    expect(problemIn(await elsewhere)).toMatchObject({
      errors: [{ path: 'integrated_account_id' }],
    });
  });

  it('puts nothing of a sample into a fault', async () => {
    const answer = await test({ sample: 'Ada Lovelace', method: 'sideways' });

    expect(JSON.stringify(jsonOf(answer))).not.toContain('Lovelace');
    expect(problemIn(answer)).toMatchObject({ errors: [{ path: 'method' }, { path: 'sample' }] });
  });

  it('writes nothing of a sample to the log, whether it maps or not', async () => {
    const lines: Line[] = [];
    const routes = mappingRoutes({
      catalogue: aMappedCatalogue(),
      accounts: createAccountStore(plane.storage),
      overrides: { layersOf: async () => [] },
    });
    const serve = createApi(plane.storage, aQuietTelemetry(lines), routes, {
      maxBodyBytes: 100_000,
    });
    const authorization = `Bearer ${await plane.keyWith(['read'])}`;
    const send = (sample: unknown, fields: object) =>
      serve(
        aRequest(
          'POST',
          '/v1/mappings/test',
          {
            ...{ integration: 'acme', model: 'crm', resource: 'contacts', method: 'get' },
            sample,
            layer: { fields },
          },
          { authorization },
        ),
      );

    await send({ id: 'c4nary' }, { first_name: { set: '$error(response.id)' } });
    await send({ id: 7, first: 'c4nary' }, {});
    await send(['c4nary'], {});
    await send({ id: 'c4nary' }, { first_name: { set: "'c4nary' & (" } });

    expect(lines).toHaveLength(4);
    expect(JSON.stringify(lines)).not.toContain('c4nary');
  });
});
