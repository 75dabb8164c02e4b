import { validateIntegration } from '#shared/integration/catalogue/validate-integration.ts';
import { anIntegration, anIntegrationSource } from '../../../support/builders/an-integration.ts';

const CODE = {
  kind: 'oauth2_code',
  authorize_url: 'https://api.acme.com/a',
  token_url: 'https://api.acme.com/t',
};
const CC = { kind: 'oauth2_cc', token_url: 'https://api.acme.com/t' };
const LOGIN = {
  kind: 'token_exchange',
  steps: [
    {
      url: 'https://api.acme.com/login',
      body: { user: '{{cred.user}}', password: { expr: 'cred.password' } },
      capture: { session: 'body.session' },
    },
  ],
  credential: { access_token: '{{step.session}}' },
};

const fieldsOf = (auth: object, parts: object = {}) =>
  anIntegration({ auth: { main: auth }, ...parts }).auth['main']!.credentialFields;
const namesOf = (auth: object) => fieldsOf(auth).map(({ name }) => name);
const faultsOf = (auth: object, parts: object = {}) => {
  const source = JSON.stringify(anIntegrationSource({ auth: { main: auth }, ...parts }));
  return validateIntegration(source).faults.map(({ path }) => path);
};

describe('the fields that an account is asked for', () => {
  it.each<[string, object, readonly string[]]>([
    ['none', { kind: 'none' }, []],
    [
      'token',
      { kind: 'token', apply: { body: { k: '{{cred.a}}' }, cookies: { c: '{{cred.b}}' } } },
      ['a', 'b'],
    ],
    ['basic', { kind: 'basic', username: '{{cred.u}}', password: '' }, ['u']],
    [
      'oauth1',
      {
        kind: 'oauth1',
        consumer_key: '{{cred.a}}',
        consumer_secret: '{{cred.b}}',
        token: '{{cred.c}}',
      },
      ['a', 'b', 'c'],
    ],
    [
      'sigv4',
      {
        kind: 'sigv4',
        service: 's',
        region: 'r',
        access_key_id: '{{cred.a}}',
        secret_access_key: '{{cred.b}}',
      },
      ['a', 'b'],
    ],
    ['wsse', { kind: 'wsse', username: '{{cred.a}}', secret: '{{cred.b}}' }, ['a', 'b']],
    ['oauth2_code', CODE, ['access_token', 'refresh_token', 'client_id', 'client_secret']],
    [
      'oauth2_cc',
      { ...CC, token_params: { account: '{{cred.account}}' } },
      ['access_token', 'client_id', 'client_secret', 'account'],
    ],
    ['token_exchange', LOGIN, ['user', 'password']],
  ])('follow from what %s looks up', (_kind, auth, names) => {
    expect(namesOf(auth)).toEqual(names);
  });

  it('are required, unless they are declared optional', () => {
    const apply = { headers: { a: '{{cred.a}}', b: '{{cred.b}}' } };
    const fields = { b: { optional: true, title: 'B', pattern: '^b+$', example: 'bb' } };

    expect(fieldsOf({ kind: 'token', apply, fields })).toEqual([
      { name: 'a', required: true },
      { name: 'b', required: false, title: 'B', pattern: '^b+$', example: 'bb' },
    ]);
  });

  it('hold a client of its own where the steps look up a client', () => {
    const mint = {
      as: 'jwt',
      alg: 'HS256',
      key: '{{app.client_secret}}',
      claims: { iss: '{{app.client_id}}' },
    };
    const auth = {
      kind: 'token_exchange',
      steps: [{ mint }],
      credential: { access_token: '{{step.jwt}}' },
    };

    expect(fieldsOf(auth)).toEqual([
      { name: 'client_id', required: false },
      { name: 'client_secret', required: false },
    ]);
  });

  it('hold what an exchange starts with, also where it makes it anew', () => {
    const step = { ...LOGIN.steps[0], body: { refresh: '{{cred.refresh}}' } };
    const credential = { access_token: '{{step.session}}', refresh: '{{step.session}}' };
    const { auth } = anIntegration({ auth: { main: { ...LOGIN, steps: [step], credential } } });

    expect(auth['main']!.credentialFields).toEqual([{ name: 'refresh', required: true }]);
    expect(auth['main']!.exchange!.spends).toEqual(['refresh']);
  });
});

describe('an imported credential', () => {
  const integration = anIntegration({
    auth: {
      token: {
        kind: 'token',
        apply: { headers: { a: '{{cred.key}}' } },
        fields: { key: { pattern: '^key-[a-z]{4}$' } },
      },
      swapped: {
        ...CODE,
        // biome-ignore lint/suspicious/noThenProperty: a key of the format, and a list
        then: [{ url: 'https://api.acme.com/login', capture: { sid: 'body.sid' } }],
        credential: { sid: '{{step.sid}}' },
        apply: { query: { sid: '{{cred.sid}}' } },
      },
    },
  });

  it('must match the pattern of its field', () => {
    expect(integration.validateCredential('token', { key: 'key-abcd' })).toEqual([]);
    expect(integration.validateCredential('token', { key: 's3cret' })).toEqual([
      { path: 'credentials.key', message: 'does not match the pattern of the field' },
    ]);
  });

  it('needs beside a token what is made together with it', () => {
    expect(integration.validateCredential('swapped', { refresh_token: 'r' })).toEqual([]);
    expect(integration.validateCredential('swapped', { access_token: 'a' })).toEqual([
      { path: 'credentials.sid', message: 'is needed beside access_token' },
    ]);
  });
});

describe('faults of an auth block', () => {
  const step = LOGIN.steps[0];

  it.each<[string, object, readonly string[]]>([
    [
      'a step that looks up what comes later',
      { ...LOGIN, steps: [{ ...step, url: 'https://api.acme.com/{{step.session}}' }] },
      ['auth.main.steps[0].url'],
    ],
    [
      'a credential that no step makes',
      { ...LOGIN, credential: { access_token: '{{step.other}}' } },
      ['auth.main.credential.access_token'],
    ],
    [
      'an exchange without a token',
      { ...LOGIN, credential: { session: '{{step.session}}' } },
      ['auth.main.credential'],
    ],
    [
      'a made client',
      { ...LOGIN, credential: { access_token: '{{step.session}}', client_id: 'x' } },
      ['auth.main.credential.client_id'],
    ],
    [
      "the client's secret in a credential",
      { ...CC, credential: { key: '{{app.client_secret}}' } },
      ['auth.main.credential.key'],
    ],
    [
      'an assertion that nothing sends',
      { ...CC, assertion: { as: 'a', alg: 'HS256', key: 'k' } },
      ['auth.main.assertion'],
    ],
    ['no assertion to send', { ...CC, client_auth: 'private_key_jwt' }, ['auth.main.assertion']],
    [
      'a client looked up by a call',
      { kind: 'token', apply: { headers: { a: '{{app.client_id}}' } } },
      ['auth.main.apply.headers.a'],
    ],
    [
      'an example that does not match',
      {
        kind: 'token',
        apply: { headers: { a: '{{cred.a}}' } },
        fields: { a: { pattern: '^b$', example: 'c' } },
      },
      ['auth.main.fields.a.example'],
    ],
    ['a capture into no input', { ...CC, capture: { url: 'body.url' } }, ['auth.main.capture.url']],
    [
      'a credential as a host',
      { ...CC, token_url: 'https://{{cred.host}}/t' },
      ['auth.main.token_url'],
    ],
  ])('name %s', (_what, auth, paths) => {
    expect(faultsOf(auth)).toEqual(paths);
  });

  it.each<[string, object, readonly string[]]>([
    [
      'an input of an alternative',
      { connection: { a: { pattern: '^a$', auth: ['other'] } } },
      ['connection.a.auth[0]'],
    ],
    [
      'a method',
      { resources: { t: { get: { path: '/', auth: ['main', 'other'] } } } },
      ['resources.t.get.auth[1]'],
    ],
    [
      'a field that an alternative lacks',
      { resources: { t: { get: { path: '/', apply: { query: { k: '{{cred.other}}' } } } } } },
      ['resources.t.get.apply'],
    ],
    [
      'an input that is not captured',
      {
        connection: { a: { pattern: '^a$', optional: true } },
        after_connect: [{ path: '/', capture: { a: 'body.a' } }],
      },
      ['after_connect[0].capture.a'],
    ],
  ])('name what does not exist in %s', (_what, parts, paths) => {
    const auth = { kind: 'token', apply: { headers: { a: '{{cred.key}}' } } };

    expect(faultsOf(auth, parts)).toEqual(paths);
  });
});
