/** Each rule finds the violation planted for it and lets its clean twin pass. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LINT_RULES } from '../../../../authoring/lint/rules.ts';
import { openFolder } from '../../../../authoring/open-folder.ts';
import { validateFolder } from '../../../../authoring/report/report.ts';
import { aNewIntegration, change } from '../../../support/builders/authored-integration.ts';

type Edit = (folder: string) => void;

interface Planted {
  readonly code: string;
  readonly violation: Edit;
  readonly clean: Edit;
  /** Where it is found. */
  readonly at: string;
}

const YAML = 'integration.yaml';
const MAPPING = 'mappings/crm/contacts.yaml';
const edit =
  (from: string, to: string, file = YAML): Edit =>
  (folder) =>
    change(folder, file, from, to);
const removed =
  (name: string): Edit =>
  (folder) =>
    rmSync(path.join(folder, name));
const withoutSla: Edit = (folder) => {
  const file = path.join(folder, YAML);
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^sla:\n(?: .*\n)+/m, ''));
};
const writing =
  (expression: string): Edit =>
  (folder) => {
    change(
      folder,
      YAML,
      '    get: {',
      '    create: { path: /contacts, body: "{{input}}" }\n    get: {',
    );
    change(folder, MAPPING, 'fields:', `write: { emails: "${expression}" }\nfields:`);
  };
const nothing: Edit = () => undefined;
const hosted =
  (pattern: string): Edit =>
  (folder) => {
    change(folder, YAML, 'hosts: [api.acme.com]', 'hosts: [api.acme.com, "{{conn.site}}"]');
    const input = `connection: { site: { pattern: '${pattern}', default: "https://a.acme.com" } }\nauth:`;
    change(folder, YAML, 'auth:', input);
  };
const authOf = (block: string): Edit => edit('auth:\n', `auth:\n${block}`);

const PLANTED: readonly Planted[] = [
  {
    code: 'silent-end',
    violation: edit('more: body.has_more', 'more: body.has_more = true'),
    clean: nothing,
    at: 'pagination.pages.more',
  },
  {
    code: 'timed-without-unit',
    violation: edit('errors:\n', OBSERVE('')),
    clean: edit('errors:\n', OBSERVE(', unit: epoch_s')),
    at: 'rate_limit.observe[0]',
  },
  {
    code: 'hyphenated-name',
    violation: edit('cursor: body.next_cursor', 'cursor: body.next-cursor'),
    clean: edit('cursor: body.next_cursor', 'cursor: body.next_cursor or body.`next-cursor`'),
    at: 'pagination.pages.cursor',
  },
  {
    code: 'drops-absent',
    violation: edit('pagination: pages', "pagination: pages\n      filter: kind != 'draft'"),
    clean: edit('pagination: pages', "pagination: pages\n      filter: $not(kind = 'draft')"),
    at: 'resources.contacts.list.filter',
  },
  {
    code: 'lone-item',
    violation: writing("input.email_addresses.{ 'value': email }"),
    clean: writing("[input.email_addresses.{ 'value': email }]"),
    at: 'write.emails',
  },
  {
    code: 'slow-regex',
    violation: edit(
      'first_name: response.first_name',
      'first_name: $replace(response.first_name, /a+b+c/, "")',
      MAPPING,
    ),
    clean: edit(
      'first_name: response.first_name',
      'first_name: $replace(response.first_name, /^abc/, "")',
      MAPPING,
    ),
    at: 'fields.first_name',
  },
  {
    code: 'tenant-host',
    violation: hosted('^https://[a-z.]+$'),
    clean: hosted('^https://[a-z]+\\.acme\\.com$'),
    at: 'hosts[1]',
  },
  {
    code: 'oauth-without-scopes',
    violation: authOf(
      '  o: { kind: oauth2_code, authorize_url: "https://api.acme.com/a", token_url: "https://api.acme.com/t", refresh: {} }\n',
    ),
    clean: authOf(
      '  o: { kind: oauth2_code, authorize_url: "https://api.acme.com/a", token_url: "https://api.acme.com/t", refresh: {}, scopes: { default: [read] } }\n',
    ),
    at: 'auth.o',
  },
  {
    code: 'expiry-unknown',
    violation: authOf(LOGIN('')),
    clean: authOf(LOGIN(', expires: { after: PT1H }')),
    at: 'auth.login',
  },
  {
    code: 'list-without-pagination',
    violation: edit('      pagination: pages\n', ''),
    clean: edit('pagination: pages', 'pagination: { kind: none }'),
    at: 'resources.contacts.list',
  },
  {
    code: 'list-without-id',
    violation: edit('    id: id\n', ''),
    clean: nothing,
    at: 'resources.contacts',
  },
  {
    code: 'list-without-incremental',
    violation: (folder) => {
      change(
        folder,
        YAML,
        '      incremental: { cursor: updated_at, format: iso8601, mode: client }\n',
        '',
      );
      change(folder, MAPPING, 'since: updated_at\n', '');
    },
    clean: nothing,
    at: 'resources.contacts.list',
  },
  {
    code: 'no-verify',
    violation: edit('verify: { path: /me }\n', ''),
    clean: nothing,
    at: 'verify',
  },
  {
    code: 'no-docs',
    violation: edit('docs: [https://api.acme.com/v1/docs]\n', ''),
    clean: nothing,
    at: 'docs',
  },
  { code: 'no-sla', violation: withoutSla, clean: nothing, at: 'sla' },
  {
    code: 'title-case',
    violation: edit('title: API token', 'title: ACME token'),
    clean: edit('title: API token', 'title: Token, as in a.acme.com'),
    at: 'auth.api_token.title',
  },
  {
    code: 'method-without-fixture',
    violation: removed('fixtures/contacts.get.yaml'),
    clean: nothing,
    at: 'resources.contacts',
  },
  {
    code: 'mapping-without-fixture',
    violation: (folder) => {
      change(folder, 'fixtures/contacts.list.yaml', 'resource: crm/contacts', 'resource: contacts');
      rmSync(path.join(folder, 'fixtures/contacts.get.yaml'));
    },
    clean: nothing,
    at: 'fields',
  },
  {
    code: 'one-page-fixture',
    violation: edit('has_more: true', 'has_more: false', 'fixtures/contacts.list.yaml'),
    clean: nothing,
    at: 'resources.contacts.list',
  },
];

function OBSERVE(unit: string): string {
  return `  observe: [{ body: "{ 'limit': body.limit, 'reset': body.reset }"${unit} }]\nerrors:\n`;
}

function LOGIN(expires: string): string {
  return `  login: { kind: token_exchange, steps: [{ url: "https://api.acme.com/login", capture: { t: body.t } }], credential: { access_token: "{{step.t}}" }${expires} }\n`;
}

async function codesAfter(violate: Edit) {
  const folder = aNewIntegration();
  violate(folder);
  return validateFolder(openFolder(folder));
}

describe.each(PLANTED)('$code', ({ code, violation, clean, at }) => {
  it('finds what was planted', async () => {
    const { faults, warnings } = await codesAfter(violation);

    expect(faults).toEqual([]);
    expect(warnings.filter((warning) => warning.code === code)).toMatchObject([{ code, path: at }]);
  });

  it('lets the clean twin pass', async () => {
    const { faults, warnings } = await codesAfter(clean);

    expect(faults).toEqual([]);
    expect(warnings.filter((warning) => warning.code === code)).toEqual([]);
  });
});

describe('the rules', () => {
  it('are all planted here', () => {
    expect(PLANTED.map(({ code }) => code)).toEqual(LINT_RULES.map(({ code }) => code));
  });

  it('are silent where the author says why', async () => {
    const { warnings } = await codesAfter((folder) => {
      const comment = '# lint-allow silent-end: the flag is documented as optional';
      change(
        folder,
        YAML,
        '    more: body.has_more',
        `    ${comment}\n    more: body.has_more = true`,
      );
    });

    expect(warnings).toEqual([]);
  });

  it('are not silenced without a reason', async () => {
    const { warnings } = await codesAfter((folder) => {
      const comment = '# lint-allow silent-end:';
      change(
        folder,
        YAML,
        '    more: body.has_more',
        `    ${comment}\n    more: body.has_more = true`,
      );
    });

    expect(warnings.map(({ code }) => code)).toEqual(['silent-end']);
  });
});
