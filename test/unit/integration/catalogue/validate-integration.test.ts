import { validateIntegration } from '../../../../shared/integration/catalogue/validate-integration.ts';

const VALID = `spec: 1
provider: acme
title: Acme
base_url: https://{{conn.subdomain}}.acme.com
hosts: ["{{conn.subdomain}}.acme.com"]
connection:
  subdomain: { pattern: "^[a-z]+$" }
auth:
  token: { kind: token, apply: { headers: { Authorization: "Bearer {{cred.token}}" } } }
resources:
  tickets:
    id: id
    list:
      path: /tickets
      records: body.tickets
`;

/** Faults of the valid text with one line of it replaced. */
function faultsAfter(line: string, replacement: string) {
  expect(VALID).toContain(line);
  return validateIntegration(VALID.replace(line, replacement)).faults;
}

describe('validateIntegration', () => {
  it('accepts a valid text', () => {
    expect(validateIntegration(VALID).faults).toEqual([]);
  });

  it('accepts JSON', () => {
    const { source } = validateIntegration(VALID);

    expect(validateIntegration(JSON.stringify(source)).faults).toEqual([]);
  });

  it('names path and line of an unknown key', () => {
    expect(faultsAfter('      records: body.tickets', '      recrods: body.tickets')).toEqual([
      { path: 'resources.tickets.list.recrods', message: 'is no key that is known here', line: 15 },
    ]);
  });

  it('names path and line of a broken expression', () => {
    expect(faultsAfter('body.tickets', 'body.tickets[')).toEqual([
      {
        path: 'resources.tickets.list.records',
        message: expect.stringMatching(/^the expression is broken at character \d+ \(S\d{4}\)$/),
        line: 15,
      },
    ]);
  });

  it('names the line of text that is no YAML', () => {
    expect(faultsAfter('title: Acme', 'title: a: b')[0]).toMatchObject({
      message: expect.stringContaining('not YAML'),
      line: 3,
    });
  });

  it('lists faults of the schema and of expressions at once', () => {
    const text = `${VALID.replace('title: Acme', 'title: 7')
      .replace('"^[a-z]+$"', '"[a-z]+"')
      .replace('body.tickets', 'body.tickets[')}    get: { path: "/t/{{id}}", recrod: body.ticket }
  users:
    id: id
    list: { path: "/{{nobody}}", records: body.users, params: all }
errors:
  - { when: status = 404 }
  - { when: status = (, class: not_found }
surprise: 1
`;

    expect(validateIntegration(text).faults.map(({ path, line }) => [path, line])).toEqual([
      ['title', 3],
      ['connection.subdomain.pattern', 7],
      ['errors[0].class', 21],
      ['resources.tickets.get.recrod', 16],
      ['resources.users.list.params', 19],
      ['surprise', 23],
      ['resources.tickets.list.records', 15],
      ['errors[1].when', 22],
    ]);
  });

  it('says nothing that follows only from a section that is not there as it should be', () => {
    const text = VALID.replace('connection:', 'conection:');

    expect(validateIntegration(text).faults.map(({ path }) => path)).toEqual(['conection']);
  });

  it.each([
    [
      'a method that a partition names',
      'resources.tickets.list.path',
      VALID.replace('path: /tickets', 'path: tickets').concat(`  comments:
    list:
      path: "/tickets/{{params.ticket}}/comments"
      records: body.comments
      partitions: [{ param: ticket, parent: tickets, key: id }]
`),
    ],
    [
      'an alternative of auth that a method names',
      'auth.token.kind',
      VALID.replace('kind: token', 'kind: tokens').replace(
        'path: /tickets',
        'path: /tickets\n      auth: [token]\n      apply: { headers: { x-key: "{{cred.token}}" } }',
      ),
    ],
    [
      'an input that a call fills',
      'connection.region.pattern',
      VALID.replace('auth:\n', '  region: { pattern: x, captured: true }\nauth:\n').replace(
        'resources:\n',
        'after_connect: [{ path: /me, capture: { region: body.region } }]\nresources:\n',
      ),
    ],
  ])('says nothing that follows only from a fault of %s', (_what, path, text) => {
    expect(validateIntegration(text).faults.map((fault) => fault.path)).toEqual([path]);
  });

  it('tells the same fault once', () => {
    expect(validateIntegration('a: [1\nb: {').faults).toHaveLength(1);
  });

  it('lists every fault at once', () => {
    const text = VALID.replace('title: Acme', 'title: 7').replace('spec: 1', 'spec: 2');

    expect(validateIntegration(text).faults.map(({ path, line }) => [path, line])).toEqual([
      ['spec', 1],
      ['title', 3],
    ]);
  });

  it.each([
    ['an unknown auth kind', 'kind: token,', 'kind: magic,', 'auth.token.kind'],
    [
      'a header name with an unquoted hyphen',
      'body.tickets',
      'headers.retry-after',
      'resources.tickets.list.records',
    ],
    [
      'a template in braces that is no path',
      '{{cred.token}}',
      '{{cred.token & 1}}',
      'auth.token.apply.headers.authorization',
    ],
    [
      'a template that does not close',
      '{{cred.token}}',
      '{{cred.token',
      'auth.token.apply.headers.authorization',
    ],
    [
      'a credential outside of auth',
      'path: /tickets',
      'path: "/tickets/{{cred.token}}"',
      'resources.tickets.list.path',
    ],
    [
      'a connection input that is not declared',
      'https://{{conn.subdomain}}',
      'https://{{conn.region}}',
      'base_url',
    ],
    ['a pattern that is not anchored', '"^[a-z]+$"', '"[a-z]+"', 'connection.subdomain.pattern'],
    ['a pattern that is no RE2', '"^[a-z]+$"', '"^(?=a)[a-z]+$"', 'connection.subdomain.pattern'],
    ['a path with a query', 'path: /tickets', 'path: /tickets?a=1', 'resources.tickets.list.path'],
    [
      'a method that pages without records',
      'records: body.tickets',
      'pagination: { kind: page, param: page }',
      'resources.tickets.list',
    ],
    [
      'a pagination that is not declared',
      'records: body.tickets',
      'records: body\n      pagination: pages',
      'resources.tickets.list.pagination',
    ],
    ['a host that is none', '["{{conn.subdomain}}.acme.com"]', '["*"]', 'hosts[0]'],
    [
      'server mode without since',
      'records: body.tickets',
      'records: body\n      incremental: { cursor: x, format: iso8601 }',
      'resources.tickets.list.incremental.since',
    ],
    [
      'an expression beside a literal',
      'records: body.tickets',
      'records: body\n      body: { expr: input, more: 1 }',
      'resources.tickets.list.body',
    ],
  ])('refuses %s', (_what, line, replacement, path) => {
    expect(faultsAfter(line, replacement).map((fault) => fault.path)).toEqual([path]);
  });

  it.each([
    [
      'a wait whose example is not of its unit',
      'wait: [{ header: retry-after, unit: seconds, example: 1s }]',
      'rate_limit.wait[0].example',
    ],
    [
      'an instant declared as a wait',
      'wait: [{ header: x-reset, unit: seconds, example: "1795310611" }]',
      'rate_limit.wait[0].example',
    ],
    [
      'a wait declared as an instant',
      'wait: [{ header: x-reset, unit: epoch_s, example: "30" }]',
      'rate_limit.wait[0].example',
    ],
    [
      'a wait without an example',
      'wait: [{ header: x-reset, unit: epoch_s }]',
      'rate_limit.wait[0]',
    ],
    [
      'a composite whose pattern misses the example',
      'observe: [{ header: x, pattern: "a=(?P<limit>[0-9]+)", example: b=1 }]',
      'rate_limit.observe[0].example',
    ],
    [
      'a composite reset without a unit',
      'observe: [{ header: x, pattern: "a=(?P<reset>[0-9]+)", example: a=1 }]',
      'rate_limit.observe[0].unit',
    ],
    [
      'a header name in upper case',
      'wait: [{ header: Retry-After, unit: seconds, example: "1" }]',
      'rate_limit.wait[0].header',
    ],
  ])('refuses %s', (_what, rule, path) => {
    const { faults } = validateIntegration(`${VALID}rate_limit:\n  ${rule}\n`);

    expect(faults.map((fault) => fault.path)).toEqual([path]);
    expect(faults[0]?.line).toBe(17);
  });

  it('refuses aliases, which could grow without bound', () => {
    expect(faultsAfter('title: Acme', 'title: &a Acme\ndocs: [*a]')).toEqual([
      { path: '', message: 'the text holds an alias', line: 4 },
    ]);
  });

  it('names the line of a key that stands there twice', () => {
    expect(faultsAfter('title: Acme', 'title: Acme\ntitle: Other')).toEqual([
      { path: '', message: 'the text is not YAML (duplicate_key)', line: 4 },
    ]);
  });

  it('judges a text of many keys in time that grows with its length, not with its square', () => {
    const judge = (keys: number): number => {
      const text = Array.from({ length: keys }, (_, index) => `k${index}:`).join('\n');
      const startedAtMs = performance.now();
      expect(validateIntegration(text).faults.length).toBeGreaterThanOrEqual(keys);
      return performance.now() - startedAtMs;
    };
    judge(2_000);
    const [small, large] = [judge(2_000), judge(16_000)];
    // Eight times the keys: 64 times the time where it is a square.
    expect(large / small).toBeLessThan(32);
  });

  it('does not look at a text that no integration is as long as', () => {
    expect(validateIntegration('x'.repeat(300_000)).faults).toEqual([
      { path: '', message: 'the text is longer than 262144 characters' },
    ]);
  });
});
