import { readFileSync } from 'node:fs';
import { checkOverride } from '#shared/mapping/check-override.ts';
import { InvalidOverrideError } from '#shared/mapping/layers/stored-layer.ts';
import { aMappedCatalogue, type MappingParts } from '../../support/builders/a-mapping.ts';

const WRITABLE = { write: { name: 'input.first_name' } };

function check(document: unknown, parts: MappingParts = {}, below: readonly object[] = []) {
  const origin = { layer: 'environment', version: 1 } as const;
  const deps = {
    catalogue: aMappedCatalogue(parts),
    integration: 'acme',
    layer: 'account',
    below: below.map((fields) => ({ document: contacts({ fields }), origin })),
  } as const;
  try {
    return checkOverride(document, deps);
  } catch (error) {
    if (!(error instanceof InvalidOverrideError)) throw error;
    return error.faults;
  }
}

const contacts = (part: object) => ({ mappings: { 'crm/contacts': part } });
const AT = 'mappings["crm/contacts"]';

describe('the override in docs/mappings.md', () => {
  it('fits', () => {
    const [, json = ''] =
      /```json\n([\s\S]*?)```/.exec(readFileSync('docs/mappings.md', 'utf8')) ?? [];
    const document: unknown = JSON.parse(json);
    const query = { tag: { param: 'tag' } };

    expect(check(document, { ...WRITABLE, query })).toEqual(document);
  });
});

describe('checkOverride', () => {
  it('lets through what fits', () => {
    const document = contacts({
      fields: {
        first_name: { rename: 'last_name' },
        tags: { append: 'response.more' },
        'custom_fields.Any name!': { set: 'response.x' },
      },
      query: { email: { param: 'q', value: "'mail:' & value" } },
    });

    expect(check(document)).toEqual(document);
  });

  it('lists every fault, whatever its kind, with its path', () => {
    const document = {
      mappings: {
        'crm/contacts': {
          fields: {
            id: { unset: true },
            nickname: { set: 'response.x' },
            first_name: { set: 'response..' },
            last_name: { set: 'x', unset: true },
            tags: { append: 7 },
          },
          query: { Bad: { param: 'q' } },
          headers: {},
        },
        'crm/cars': { fields: {} },
      },
      config: { timeout: 'PT5S' },
      extra: 1,
    };
    const choice =
      'must be one of { set: expression }, { unset: true }, { rename: name } and { append: expression }';

    expect(check(document)).toEqual([
      {
        path: 'config',
        message: 'is not supported yet: an override changes mappings alone',
      },
      { path: 'extra', message: 'is no key that is known here' },
      { path: `${AT}.headers`, message: 'is no key that is known here' },
      {
        path: `${AT}.fields.nickname`,
        message: 'is no field of the model; others are named custom_fields.<name>',
      },
      {
        path: `${AT}.fields.first_name.set`,
        message: 'the expression is broken at character 10 (S0201)',
      },
      { path: `${AT}.fields.last_name`, message: choice },
      { path: `${AT}.fields.tags`, message: choice },
      { path: `${AT}.fields.id`, message: 'the model requires this field' },
      {
        path: `${AT}.query.Bad`,
        message: 'must be a name in snake_case, of at most 63 characters',
      },
      { path: 'mappings["crm/cars"]', message: 'the integration maps no such resource' },
    ]);
  });

  it('does not evaluate templates', () => {
    expect(check(contacts({ fields: { first_name: { set: '{{conn.x}}' } } }))).toEqual([
      {
        path: `${AT}.fields.first_name.set`,
        message: expect.stringMatching(/^the expression is broken at character \d+ \(S0\d+\)$/),
      },
    ]);
  });

  it('refuses to append to what is no list or object', () => {
    const fields = { first_name: { append: "'x'" }, 'custom_fields.a': { append: '[1]' } };

    expect(check(contacts({ fields }))).toEqual([
      {
        path: `${AT}.fields.first_name.append`,
        message: 'the model says of no list or object here',
      },
      {
        path: `${AT}.fields["custom_fields.a"].append`,
        message: 'the model says of no list or object here',
      },
    ]);
  });

  it('refuses two values for one field', () => {
    const both = { first_name: { rename: 'last_name' }, tags: { rename: 'last_name' } };
    const set = { first_name: { rename: 'last_name' }, last_name: { set: '1' } };

    expect(check(contacts({ fields: both }))).toMatchObject([
      { message: 'another value is renamed to this' },
      { message: 'another value is renamed to this' },
    ]);
    expect(check(contacts({ fields: set }))).toEqual([
      {
        path: `${AT}.fields.first_name.rename`,
        message: 'has an operation of its own in this layer',
      },
    ]);
  });

  it('refuses a rename to itself, of the custom fields as a whole, and to what is no field', () => {
    const fields = {
      first_name: { rename: 'first_name' },
      custom_fields: { rename: 'address' },
      tags: { rename: 'labels' },
      'custom_fields.a': { rename: 'custom_fields' },
    };

    expect(check(contacts({ fields }))).toMatchObject([
      {
        path: `${AT}.fields.custom_fields`,
        message: 'is renamed member by member: custom_fields.<name>',
      },
      { path: `${AT}.fields.tags.rename` },
      { path: `${AT}.fields["custom_fields.a"].rename` },
      { path: `${AT}.fields.first_name.rename`, message: 'is the name that it has' },
    ]);
  });

  it('lets a required field go where another takes its place', () => {
    const fields = { id: { rename: 'last_name' }, 'custom_fields.uid': { rename: 'id' } };

    expect(check(contacts({ fields }))).toEqual(contacts({ fields }));
  });

  it('refuses to rename what no layer below gives', () => {
    const document = contacts({ fields: { last_name: { rename: 'first_name' } } });

    expect(check(document)).toEqual([
      {
        path: `${AT}.fields.last_name.rename`,
        message: 'no layer below gives this field a value',
      },
    ]);
    expect(check(document, {}, [{ last_name: { set: 'response.last' } }])).toEqual(document);
  });

  it('judges members of the provider’s input', () => {
    const write = {
      'a..b': { set: '1' },
      'x.__proto__': { set: '1' },
      name: { append: '1' },
      other: { unset: true },
    };

    expect(check(contacts({ write }), WRITABLE)).toEqual([
      { path: `${AT}.write["a..b"]`, message: 'must be names with dots between them' },
      { path: `${AT}.write["x.__proto__"]`, message: 'must be names with dots between them' },
      {
        path: `${AT}.write.name`,
        message: 'must be one of { set: expression }, { unset: true } and { rename: member }',
      },
    ]);
    expect(check(contacts({ write: { other: { unset: true } } }), WRITABLE)).toEqual([
      { path: `${AT}.write.other.unset`, message: 'no layer below writes this member' },
    ]);
  });

  it('refuses a member inside another that is renamed there', () => {
    const write = { name: { rename: 'a' }, 'a.b': { set: '1' } };

    expect(check(contacts({ write }), WRITABLE)).toEqual([
      { path: `${AT}.write.name.rename`, message: 'has an operation of its own in this layer' },
    ]);
  });

  it('refuses to write what the integration cannot write', () => {
    expect(check(contacts({ write: { name: { set: '1' } } }))).toEqual([
      { path: `${AT}.write`, message: 'the resource has neither create nor update' },
    ]);
  });

  it('refuses an expression that is too long', () => {
    const long = `'${'x'.repeat(8_192)}'`;

    expect(check(contacts({ fields: { first_name: { set: long } } }))).toEqual([
      { path: `${AT}.fields.first_name.set`, message: 'is longer than 8192 characters' },
    ]);
  });

  it('refuses a filter’s value that is too long', () => {
    const query = { stage: { param: 's', value: `'${'x'.repeat(8_192)}'` } };

    expect(check(contacts({ query }))).toEqual([
      { path: `${AT}.query.stage.value`, message: 'is longer than 8192 characters' },
    ]);
  });

  it('refuses more operations than a record should take', () => {
    const names = Array.from({ length: 301 }, (_, index) => `custom_fields.f${index}`);
    const fields = Object.fromEntries(names.map((name) => [name, { set: '1' }]));

    expect(check(contacts({ fields }))).toEqual([
      { path: AT, message: 'has more than 300 operations' },
    ]);
  });

  it.each([undefined, null, 7, [], 'x'])('refuses %p', (document) => {
    expect(check(document)).toEqual([{ path: '', message: 'must be an object' }]);
  });
});
