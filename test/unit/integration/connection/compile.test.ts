import { ForbiddenAddressError } from '#shared/http/network-errors.ts';
import { MissingInputError } from '#shared/integration/template/template.ts';
import { anIntegration } from '../../../support/builders/an-integration.ts';

const TOKEN = { kind: 'token', apply: { headers: { a: '{{cred.key}}' } } };
const integration = anIntegration({
  base_url: '{{conn.instance_url}}/v1',
  hosts: ['*.acme.com', 'eu.example'],
  connection: {
    instance_url: { captured: true, pattern: '^https://[a-z.]+$' },
    site: { pattern: '^[a-z]+$', auth: ['site'] },
    folder: { pattern: '^[a-z]+$', optional: true },
    region: { pattern: '^(eu|us)$', default: 'eu', auth: ['main'] },
  },
  auth: { main: TOKEN, site: TOKEN, own: { ...TOKEN, base_url: 'https://eu.example/own/' } },
});

describe('inputs of a connection', () => {
  it('may be left out where they are optional, captured, or another alternative’s', () => {
    expect(integration.validateConnection({}, 'main')).toEqual({
      connection: { region: 'eu' },
      faults: [],
    });
  });

  it('are needed by the alternatives that they are declared for', () => {
    expect(integration.validateConnection({}, 'site').faults).toEqual([
      { path: 'connection.site', message: 'is needed' },
    ]);
  });

  it('may be given although they are captured, on the allow-list alone', () => {
    const given = (url: string) => integration.validateConnection({ instance_url: url }, 'main');

    expect(given('https://a.acme.com').faults).toEqual([]);
    expect(given('https://evil.example').faults).toEqual([
      { path: 'connection', message: 'leads to a host that the integration does not allow' },
    ]);
  });
});

describe('an input that is captured, beside the environment’s client', () => {
  const inputs = {
    org: { captured: true, pattern: '^[a-z]+$' },
    seen: { captured: true, pattern: '^[a-z]+$' },
  };
  const code = {
    kind: 'oauth2_code',
    authorize_url: 'https://api.acme.com/a',
    token_url: 'https://api.acme.com/t',
  };
  const withAuth = (main: object) => anIntegration({ connection: inputs, auth: { main } });
  const clientRevokes = withAuth({
    ...code,
    revoke: {
      url: 'https://api.acme.com/r',
      body: { client: '{{app.client_id}}', org: { expr: 'conn.org' } },
    },
  });
  const machine = withAuth({ kind: 'oauth2_cc', token_url: 'https://api.acme.com/{{conn.org}}/t' });
  const steps = withAuth({
    kind: 'token_exchange',
    steps: [
      {
        url: 'https://api.acme.com/{{conn.org}}',
        headers: { a: '{{app.client_secret}}' },
        capture: { token: 'body.t' },
      },
    ],
    credential: { access_token: '{{step.token}}' },
    expires: { after: 'PT1H' },
  });
  const fault = {
    path: 'connection.org',
    message: "is the provider's to say, but for an account with an OAuth client of its own",
  };
  const faults = (one: typeof machine, ownClient: boolean, stored = {}) =>
    one.validateConnection({ org: 'b', seen: 'x' }, 'main', { ownClient, stored }).faults;

  it.each([
    ['its revocation', clientRevokes],
    ['its token request', machine],
    ['a step', steps],
  ])('is not given where %s looks it up', (_what, one) => {
    expect(faults(one, false)).toEqual([fault]);
    expect(faults(one, false, { org: 'a' })).toEqual([fault]);
  });

  it('stays as it is, and may be given with a client of one’s own', () => {
    expect(faults(clientRevokes, false, { org: 'b' })).toEqual([]);
    expect(faults(machine, true)).toEqual([]);
  });

  it('may be given where the client is not looked up', () => {
    const one = withAuth({
      ...code,
      revoke: {
        url: 'https://api.acme.com/{{conn.org}}',
        body: { token: '{{cred.access_token}}' },
      },
    });

    expect(faults(one, false)).toEqual([]);
  });
});

describe('what is captured', () => {
  const capture = (found: object) =>
    integration.withCaptured({ auth: 'main', connection: { region: 'us' } }, { ...found });

  it('joins what the account has', () => {
    expect(capture({ instance_url: 'https://a.acme.com', folder: undefined })).toEqual({
      connection: { region: 'us', instance_url: 'https://a.acme.com' },
      faults: [],
    });
  });

  it.each([
    [{ instance_url: 'http://secret.acme.com' }, 'connection.instance_url'],
    [{ instance_url: ['https://a.acme.com'] }, 'connection.instance_url'],
    [{ instance_url: 'https://secret.example' }, 'connection'],
  ])('is refused without its value: %p', (found, path) => {
    const { faults } = capture(found);

    expect(faults.map((fault) => fault.path)).toEqual([path]);
    expect(JSON.stringify(faults)).not.toContain('secret');
  });
});

describe('a base URL', () => {
  it('says which input it lacks', () => {
    expect(() => integration.baseUrl({ auth: 'main', connection: {} })).toThrow(MissingInputError);
  });

  it('is the alternative’s where that has one', () => {
    expect(integration.baseUrl({ auth: 'own', connection: {} }).href).toBe(
      'https://eu.example/own',
    );
  });

  it('is the method’s before all, on the allow-list as well', () => {
    const { get } = anIntegration({
      hosts: ['api.acme.com', 'files.acme.com'],
      connection: { host: { pattern: '^[a-z.]+$' } },
      resources: { files: { get: { path: '/', base_url: 'https://{{conn.host}}/f' } } },
    }).resources['files']!.methods;
    const at = (host: string) =>
      anIntegration({ hosts: ['files.acme.com'] }).baseUrl(
        { auth: 'token', connection: { host } },
        get!.baseUrl,
      );

    expect(at('files.acme.com').href).toBe('https://files.acme.com/f');
    expect(() => at('evil.example')).toThrow(ForbiddenAddressError);
  });
});

describe('where the environment’s client may be shown', () => {
  it.each<[string, string, boolean]>([
    ['api.acme.com', 'https://api.acme.com/t', true],
    ['*.acme.com', 'https://any.acme.com/t', true],
    ['{{conn.a}}.acme.com', 'https://any.acme.com/t', true],
    ['https://{{conn.a}}.acme.com/{{conn.b}}', 'https://any.acme.com/t', true],
    ['{{conn.a}}.acme.com', 'https://evil.example/t', false],
    ['{{conn.a}}.com', 'https://evil.com/t', false],
    ['{{conn.a}}', 'https://evil.com/t', false],
    ['{{conn.a}}.acme.{{conn.b}}', 'https://x.acme.evil/t', false],
    ['https://{{conn.a}}', 'https://evil.com/t', false],
    ['https://{{conn.a}}acme.com', 'https://evilacme.com/t', false],
  ])('is where %s, and no input, decides it: %s', (entry, url, expected) => {
    const connection = {
      a: { pattern: '^.*$', optional: true },
      b: { pattern: '^.*$', optional: true },
    };
    const hosts = ['api.acme.com', entry];

    expect(anIntegration({ hosts, connection }).allowsClientAt(new URL(url))).toBe(expected);
  });
});
