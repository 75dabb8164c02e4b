import { ForbiddenAddressError } from '../../../shared/http/network-errors.ts';
import { InvalidRequestError } from '../../../shared/kernel/errors.ts';
import { buildRequest, type MethodCall } from '../../../shared/provider/build-request.ts';
import { anIntegration } from '../../support/builders/an-integration.ts';

/** The request of a method declared as `method`. */
function build(method: object, call: Partial<MethodCall> = {}, integrationParts: object = {}) {
  const integration = anIntegration({
    resources: { things: { run: { path: '/things', ...method } } },
    ...integrationParts,
  });
  return buildRequest({
    integration,
    method: integration.resources['things']!.methods['run']!,
    account: { auth: 'token', connection: {} },
    scope: { params: {} },
    ...call,
  });
}

describe('buildRequest', () => {
  it('puts the path below the base URL', () => {
    expect(build({}).url.href).toBe('https://api.acme.com/v1/things');
  });

  it('encodes a path value into one segment', () => {
    const { url } = build({ path: '/things/{{id}}.json' }, { scope: { id: 'a/b?c#d' } });

    expect(url.href).toBe('https://api.acme.com/v1/things/a%2Fb%3Fc%23d.json');
  });

  it.each(['.', '..'])('refuses %p as a path value', (id) => {
    expect(() => build({ path: '/things/{{id}}' }, { scope: { id } })).toThrow(InvalidRequestError);
  });

  it('keeps a value that looks like an encoded dot segment a value', () => {
    const { url } = build({ path: '/things/{{id}}' }, { scope: { id: '%2e%2e' } });

    expect(url.pathname).toBe('/v1/things/%252e%252e');
  });

  it('fills in literals, templates and expressions of the query', () => {
    const query = {
      a: 1,
      b: '{{params.x}}',
      c: { expr: 'params.x & "!"' },
      d: { expr: 'nothing' },
    };

    expect(build({ params: ['x'], query }, { scope: { params: { x: 'y z' } } }).url.search).toBe(
      '?a=1&b=y+z&c=y+z%21',
    );
  });

  it('leaves out what looks up an optional parameter that nobody gave', () => {
    const method = {
      optional_params: ['owner', 'state'],
      method: 'POST',
      query: { owner: 'user:{{params.owner}}', state: '{{params.state}}' },
      body: { filter: { owner: '{{params.owner}}', text: 'is {{params.state}}', size: 1 } },
    };

    const none = build(method);
    const some = build(method, { scope: { params: { owner: 'ada' } } });

    expect([none.url.search, none.body?.reveal()]).toEqual(['', '{"filter":{"size":1}}']);
    expect([some.url.search, some.body?.reveal()]).toEqual([
      '?owner=user%3Aada',
      '{"filter":{"owner":"ada","size":1}}',
    ]);
  });

  it('never evaluates a literal that looks like an expression', () => {
    const { url } = build({ query: { q: '$now()' } });

    expect(url.searchParams.get('q')).toBe('$now()');
  });

  it('adds the caller’s query over its own', () => {
    const { url } = build({ query: { a: '1', b: '2' } }, { query: { b: 'x', c: ['y', 'z'] } });

    expect(url.search).toBe('?a=1&b=x&c=y&c=z');
  });

  it('puts parameters of the engine into query, header and body', () => {
    const { url, headers, body } = build(
      { method: 'POST', body: { filter: { open: true } } },
      {
        placed: [
          { param: 'limit', in: 'query', value: 100 },
          { param: 'X-Cursor', in: 'header', value: 'c' },
          { param: 'filter.after', in: 'body', value: 'd' },
        ],
      },
    );

    expect(url.search).toBe('?limit=100');
    expect(headers).toMatchObject({ 'x-cursor': 'c' });
    expect(JSON.parse(String(body?.reveal()))).toEqual({ filter: { open: true, after: 'd' } });
  });

  it('leaves out what only the first page is asked with', () => {
    expect(build({ query: { a: '1', b: '2' } }, { omit: ['a'] }).url.search).toBe('?b=2');
  });

  it('writes a JSON body whose leaves are filled in', () => {
    const body = { expr: '{ "thing": input }' };
    const built = build({ method: 'POST', body }, { scope: { input: { name: 'n' } } });

    expect(built.body?.reveal()).toBe('{"thing":{"name":"n"}}');
    expect(built.headers).toMatchObject({ 'content-type': 'application/json' });
  });

  it('writes a form', () => {
    const built = build({ method: 'POST', body_format: 'form', body: { a: 'x y', b: 2 } });

    expect(built.body?.reveal()).toBe('a=x+y&b=2');
    expect(built.headers).toMatchObject({ 'content-type': 'application/x-www-form-urlencoded' });
  });

  it('puts headers of the method over those of the integration', () => {
    const built = build(
      { headers: { Accept: 'application/vnd.acme+json' } },
      {},
      { headers: { Accept: 'text/plain', 'X-Version': '2' } },
    );

    expect(built.headers).toMatchObject({ accept: 'application/vnd.acme+json', 'x-version': '2' });
  });

  it('refuses a header value that would start another header', () => {
    const headers = { 'x-a': '{{params.a}}' };

    expect(() =>
      build({ params: ['a'], headers }, { scope: { params: { a: 'b\r\nx-evil: 1' } } }),
    ).toThrow(InvalidRequestError);
  });

  it('logs the declared path and no values', () => {
    const method = { path: '/things/{{id}}', query: { q: 'all' } };
    const built = build(method, { scope: { id: '7' }, query: { q: 'jane' } });

    expect(built.loggedUrl).toBe('https://api.acme.com/v1/things/{id}?q={}');
  });

  it('goes to the method’s own address, where that is on the allow-list', () => {
    const parts = { hosts: ['api.acme.com', 'files.acme.com'] };
    const at = (base_url: string) => build({ base_url }, {}, parts);

    expect(at('https://files.acme.com/v2/').url.href).toBe('https://files.acme.com/v2/things');
    expect(at('https://files.acme.com/v2').loggedUrl).toBe('https://files.acme.com/v2/things');
    expect(() => at('https://evil.com')).toThrow(ForbiddenAddressError);
  });

  it('calls a raw body what the method says', () => {
    const built = build(
      {
        method: 'POST',
        body_format: 'raw',
        content_type: 'text/x-query',
        params: ['what'],
        body: 'select {{params.what}}',
      },
      { scope: { params: { what: 'x' } } },
    );

    expect(built.body?.reveal()).toBe('select x');
    expect(built.headers).toMatchObject({ 'content-type': 'text/x-query' });
  });

  it('looks up the key of a write, the parent, the job, the properties and the time', () => {
    const built = build(
      {
        path: '/things/{{parent.id}}/{{job.id}}',
        headers: { 'Idempotency-Key': '{{op.key}}' },
        query: { fields: { expr: "$join(properties, ',')" }, from: '{{since}}', to: '{{until}}' },
      },
      {
        scope: {
          op: { key: 'k-1' },
          parent: { id: 7 },
          job: { id: 'j' },
          properties: ['a', 'b'],
          since: 1,
          until: 2,
        },
      },
    );

    expect(built.url.href).toBe('https://api.acme.com/v1/things/7/j?fields=a%2Cb&from=1&to=2');
    expect(built.headers).toMatchObject({ 'idempotency-key': 'k-1' });
  });

  it('leaves out what is not there', () => {
    expect(build({ query: { from: '{{since}}', to: { expr: 'until' } } }).url.search).toBe('');
  });
});

describe('an address that was handed out', () => {
  const HANDED_OUT = { path: '/results', url: '{{job.url}}' };
  const HOSTS = { hosts: ['api.acme.com', '*.storage.example'] };
  const SIGNED = 'https://eu.storage.example/r/1.csv?signature=a%2Fb';

  it('is asked as it is, without the credential, and logged by the name of its path', () => {
    const call = { scope: { params: {}, job: { url: SIGNED } }, query: { own: 'x' } };

    const built = build(HANDED_OUT, call, HOSTS);

    expect(built.url.href).toBe(SIGNED);
    expect(built.apply).toEqual({ headers: {}, query: {}, body: {}, cookies: {} });
    expect(built.loggedUrl).toBe('https://eu.storage.example/results?signature={}');
  });

  it.each([
    ['another host', 'https://attacker.example/r'],
    ['a host in clear text', 'http://eu.storage.example/r'],
    ['no address', 'r/1.csv'],
  ])('is refused where it is %s', (_what, url) => {
    expect(() => build(HANDED_OUT, { scope: { params: {}, job: { url } } }, HOSTS)).toThrow(
      ForbiddenAddressError,
    );
  });

  it('logs of names that callers give only those that the integration has', () => {
    const query = { state: 'open', jane_doe: '1' };
    const { loggedUrl } = build({ query: { state: 'all' } }, { query });

    expect(loggedUrl).toBe('https://api.acme.com/v1/things?state={}&{}={}');
  });
});
