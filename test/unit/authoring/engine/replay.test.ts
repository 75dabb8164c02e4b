/** Fixtures hold where the engine does what they say, and complain about everything else. */

import { replayFixture } from '../../../../authoring/engine/replay.ts';
import { type Fixture, fixtureSchema } from '../../../../authoring/fixtures/fixture.ts';
import { openFolder } from '../../../../authoring/open-folder.ts';
import { aNewIntegration, change } from '../../../support/builders/authored-integration.ts';

const URL = 'https://api.acme.com/v1/contacts';
const native = { auth: 'api_token', credential: { token: 't0ken' }, resource: 'contacts' };
const page = { items: [{ id: '1' }], has_more: false, next_cursor: null };
const listing = {
  ...native,
  method: 'list',
  exchanges: [
    {
      request: { url: `${URL}?limit=100`, headers: { Authorization: 'Bearer t0ken' } },
      answer: { body: page },
    },
  ],
  expect: { records: [{ id: '1' }] },
};

function anIntegration(): ReturnType<typeof openFolder> {
  const folder = aNewIntegration();
  const get = 'get: { path: "/contacts/{{id}}", record: body }';
  change(
    folder,
    'integration.yaml',
    get,
    `${get}
    create: { path: /contacts, body: { contact: "{{input}}" }, record: body }
    update: { path: "/contacts/{{id}}", method: PUT, body: "{{input}}", body_format: form, record: body }
    delete: { path: "/contacts/{{id}}" }`,
  );
  change(
    folder,
    'integration.yaml',
    'auth:\n',
    `after_connect:
  - { path: /me, auth: [login], capture: { region: body.region } }
connection: { region: { pattern: "^[a-z]{2}$", captured: true, auth: [login] } }
auth:
  login:
    kind: token_exchange
    steps: [{ url: "https://api.acme.com/login", body: { user: "{{cred.user}}" }, capture: { token: body.token } }]
    credential: { access_token: "{{step.token}}" }
    expires: { after: PT1H }
`,
  );
  change(
    folder,
    'mappings/crm/contacts.yaml',
    'fields:',
    'write: { first_name: input.first_name, "name.last": input.last_name }\nfields:',
  );
  const opened = openFolder(folder);
  expect(opened.faults).toEqual([]);
  return opened;
}

const { integration, name } = anIntegration();

async function complaintsOf(fixture: unknown): Promise<readonly string[]> {
  const parsed: Fixture = fixtureSchema.parse(fixture);
  return (await replayFixture(integration!.catalogue, name, parsed)).complaints;
}

describe('a fixture', () => {
  it.each([
    ['a list', listing],
    [
      'a list from its middle',
      {
        ...listing,
        cursor: { at: 'c2', seen: [] },
        pages: 1,
        exchanges: [
          {
            request: { url: `${URL}?cursor=c2&limit=100` },
            answer: { body: { ...page, has_more: true, next_cursor: 'c3' } },
          },
        ],
      },
    ],
    [
      'what changed since',
      {
        ...listing,
        resource: 'crm/contacts',
        since: '2026-02-01T00:00:00Z',
        exchanges: [
          {
            request: { url: `${URL}?limit=100` },
            answer: {
              body: { ...page, items: [{ id: '1', updated_at: '2026-01-01T00:00:00Z' }] },
            },
          },
        ],
        expect: { records: [] },
      },
    ],
    [
      'one record',
      {
        ...native,
        method: 'get',
        id: '7',
        exchanges: [{ request: { url: `${URL}/7` }, answer: { body: { id: '7' } } }],
        expect: { record: { id: '7' } },
      },
    ],
    [
      'a native write',
      {
        ...native,
        method: 'create',
        input: { name: 'Ada' },
        exchanges: [
          {
            request: { method: 'POST', url: URL, body: { contact: { name: 'Ada' } } },
            answer: { status: 201, body: { id: '7', name: 'Ada' } },
          },
        ],
        expect: { record: { id: '7', name: 'Ada' } },
      },
    ],
    [
      'a form',
      {
        ...native,
        method: 'update',
        id: '7',
        input: { name: 'Ada' },
        exchanges: [
          {
            request: { method: 'PUT', url: `${URL}/7`, body: { name: 'Ada' } },
            answer: { body: { id: '7', name: 'Ada' } },
          },
        ],
        expect: { record: { id: '7', name: 'Ada' } },
      },
    ],
    [
      'a delete',
      {
        ...native,
        method: 'delete',
        id: '7',
        exchanges: [{ request: { method: 'DELETE', url: `${URL}/7` }, answer: { status: 204 } }],
        expect: { deleted: true },
      },
    ],
    [
      'how a unified write is mapped',
      {
        ...native,
        resource: 'crm/contacts',
        method: 'create',
        input: { first_name: 'Ada', last_name: 'Example' },
        exchanges: [],
        expect: { input: { first_name: 'Ada', name: { last: 'Example' } } },
      },
    ],
    [
      'verification',
      {
        auth: 'api_token',
        credential: { token: 't' },
        verify: true,
        exchanges: [{ request: { url: 'https://api.acme.com/v1/me' }, answer: { body: {} } }],
        expect: { verified: true },
      },
    ],
    [
      'a token request',
      {
        auth: 'login',
        credential: { user: 'ada' },
        renew: true,
        exchanges: [
          {
            request: {
              method: 'POST',
              url: 'https://api.acme.com/login',
              body: { user: 'ada' },
            },
            answer: { body: { token: 'at-9' } },
          },
        ],
        expect: { credential: { access_token: 'at-9' } },
      },
    ],
    [
      'what connecting finds out',
      {
        auth: 'login',
        credential: { user: 'ada', access_token: 'at-1' },
        connect: true,
        exchanges: [
          { request: { url: 'https://api.acme.com/v1/me' }, answer: { body: { region: 'eu' } } },
        ],
        expect: { connection: { region: 'eu' } },
      },
    ],
    [
      'a failure',
      {
        ...listing,
        exchanges: [{ request: { url: `${URL}?limit=100` }, answer: { status: 404 } }],
        expect: {
          error: { code: 'provider_error', class: 'not_found', provider: { status: 404 } },
        },
      },
    ],
    [
      'an answer that is no JSON',
      {
        ...listing,
        exchanges: [
          {
            request: { url: `${URL}?limit=100` },
            answer: { text: '<html>', headers: { 'content-type': 'text/html' } },
          },
        ],
        expect: { error: { code: 'provider_error', class: 'config' } },
      },
    ],
  ])('shows %s', async (_what, fixture) => {
    expect(await complaintsOf(fixture)).toEqual([]);
  });

  const [exchange] = listing.exchanges;
  const asked = (request: object, answer: object = exchange!.answer) => ({
    ...listing,
    exchanges: [{ request: { ...exchange!.request, ...request }, answer }],
  });

  it.each([
    [
      'another URL',
      asked({ url: `${URL}?limit=50` }),
      [
        'exchanges[0].request: expected GET https://api.acme.com/v1/contacts?limit=50, found GET https://api.acme.com/v1/contacts?limit=100',
      ],
    ],
    [
      'another method',
      asked({ method: 'POST' }),
      [
        'exchanges[0].request: expected POST https://api.acme.com/v1/contacts?limit=100, found GET https://api.acme.com/v1/contacts?limit=100',
      ],
    ],
    [
      'another header',
      asked({ headers: { 'x-version': '2' } }),
      ['exchanges[0].request.headers.x-version: expected "2", found nothing'],
    ],
    [
      'a body that is not sent',
      asked({ body: { a: 1 } }),
      ['exchanges[0].request.body: expected {"a":1}, found nothing'],
    ],
    [
      'an exchange that is not asked for',
      { ...listing, exchanges: [exchange, exchange] },
      ['the last 1 of the exchanges were not asked for'],
    ],
    [
      'one exchange too few',
      asked({}, { body: { ...page, has_more: true, next_cursor: 'c2' } }),
      [
        `one request too many: GET ${URL}?limit=100&cursor=c2`,
        'failed: ScriptEndedError: the fixture holds no further exchange',
      ],
    ],
    [
      'another record',
      { ...listing, expect: { records: [{ id: '2', name: 'x' }] } },
      ['records[0].id: expected "2", found "1"', 'records[0].name: expected "x", found nothing'],
    ],
    [
      'a record too many',
      { ...listing, expect: { records: [] } },
      ['records[0]: expected nothing, found {"id":"1"}'],
    ],
    [
      'an error that does not come',
      { ...listing, expect: { error: { code: 'rate_limited' } } },
      ['expected an error, found [{"id":"1"}]'],
    ],
    [
      'another error',
      {
        ...asked({}, { status: 500 }),
        expect: { error: { code: 'rate_limited' } },
      },
      ['error.code: expected "rate_limited", found "provider_error"'],
    ],
    [
      'another input',
      {
        ...native,
        resource: 'crm/contacts',
        method: 'create',
        input: { first_name: 'Ada' },
        exchanges: [],
        expect: { input: { first_name: 'Bob' } },
      },
      ['input.first_name: expected "Bob", found "Ada"'],
    ],
    [
      'a credential that could not be stored',
      { ...listing, credential: { token: 't0ken', key: 'x' } },
      ['credentials.key: the integration has no such field'],
    ],
  ])('complains about %s', async (_what, fixture, complaints) => {
    expect(await complaintsOf(fixture)).toEqual(complaints);
  });

  it.each([
    ['two outcomes', { ...listing, expect: { records: [], error: {} } }],
    ['no outcome', { ...listing, expect: {} }],
    ['neither resource nor verify', { ...listing, resource: undefined }],
    ['both', { ...listing, verify: true }],
    ['two bodies of an answer', asked({}, { body: {}, text: '' })],
    ['an unknown key', { ...listing, comment: 'x' }],
  ])('is refused with %s', (_what, fixture) => {
    expect(fixtureSchema.safeParse(fixture).success).toBe(false);
  });
});
