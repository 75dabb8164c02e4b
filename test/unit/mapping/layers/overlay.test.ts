import { createApplyMapping } from '#shared/mapping/apply.ts';
import type { LayeredMapping } from '#shared/mapping/layers/layer.ts';
import { overlay } from '#shared/mapping/layers/overlay.ts';
import { aBase, aLayer } from '../../../support/builders/a-mapping.ts';

const RECORD = {
  id: '7',
  first: 'Ada',
  last: 'Lovelace',
  tags: ['a'],
  extra: { region: 'north', size: 3 },
  more: ['b', 'c'],
};

function mapped(layered: LayeredMapping, response = RECORD) {
  const outcome = createApplyMapping(layered.mapping, layered.model)(response, {
    params: {},
    conn: { region: 'eu' },
  });
  return outcome.kind === 'mapped' ? outcome.record : outcome.message;
}

/** Layers over the base, lowest first: environment, then account. */
function layered(...parts: readonly object[]): LayeredMapping {
  const base = aBase();
  return parts.reduce<LayeredMapping>((below, fields, index) => {
    const origin = { layer: index === 0 ? 'environment' : 'account', version: index + 1 } as const;
    const { layer, faults } = aLayer({ fields }, base, origin);
    expect(faults).toEqual([]);
    return overlay(below, layer);
  }, base.layered);
}

describe('a layer', () => {
  it('sets a field that the base leaves out', () => {
    expect(mapped(layered({ last_name: { set: 'response.last' } }))).toEqual({
      id: '7',
      first_name: 'Ada',
      last_name: 'Lovelace',
      tags: ['a'],
      phone_numbers: [],
      address: null,
      custom_fields: { region: 'north', size: 3 },
    });
  });

  it('takes a field away', () => {
    expect(mapped(layered({ first_name: { unset: true } }))).toMatchObject({ first_name: null });
  });

  it('lets a later layer have the last word', () => {
    const both = layered({ first_name: { set: "'one'" } }, { first_name: { set: "'two'" } });

    expect(mapped(both)).toMatchObject({ first_name: 'two' });
  });

  it('moves a value to another field', () => {
    expect(mapped(layered({ first_name: { rename: 'last_name' } }))).toMatchObject({
      first_name: null,
      last_name: 'Ada',
    });
  });

  it('lets two fields change places', () => {
    const both = layered(
      { last_name: { set: 'response.last' } },
      { first_name: { rename: 'last_name' }, last_name: { rename: 'first_name' } },
    );

    expect(mapped(both)).toMatchObject({ first_name: 'Lovelace', last_name: 'Ada' });
  });

  it('joins what it appends to a list', () => {
    expect(mapped(layered({ tags: { append: 'response.more' } }))).toMatchObject({
      tags: ['a', 'b', 'c'],
    });
  });

  it('appends a lone value, and to a list that is absent', () => {
    const one = layered({ tags: { append: "'x'" } });

    expect(mapped(one, { ...RECORD, tags: undefined as never })).toMatchObject({ tags: ['x'] });
  });

  it('merges what it appends to an object, its own members last', () => {
    const more = layered({ custom_fields: { append: "{ 'size': 4, 'new': true }" } });

    expect(mapped(more)).toMatchObject({
      custom_fields: { region: 'north', size: 4, new: true },
    });
  });

  it('appends to an object that no layer below gives', () => {
    expect(mapped(layered({ address: { append: "{ 'city': 'Turin' }" } }))).toMatchObject({
      address: { city: 'Turin' },
    });
  });

  it('sets one custom field and leaves the others', () => {
    expect(mapped(layered({ 'custom_fields.full name': { set: 'response.last' } }))).toMatchObject({
      custom_fields: { region: 'north', size: 3, 'full name': 'Lovelace' },
    });
  });

  it('takes one custom field away', () => {
    expect(mapped(layered({ 'custom_fields.region': { unset: true } }))).toMatchObject({
      custom_fields: { size: 3 },
    });
  });

  it('leaves a custom field out whose expression yields nothing', () => {
    const nothing = layered({ 'custom_fields.region': { set: 'response.absent' } });

    const record = mapped(nothing);

    expect(record).toHaveProperty('custom_fields.size', 3);
    expect(record).not.toHaveProperty('custom_fields.region');
  });

  it('moves a custom field to a field of the model, whoever gave it', () => {
    expect(mapped(layered({ 'custom_fields.region': { rename: 'last_name' } }))).toMatchObject({
      last_name: 'north',
      custom_fields: { size: 3 },
    });
  });

  it('moves a field of the model to a custom field', () => {
    expect(mapped(layered({ first_name: { rename: 'custom_fields.given' } }))).toMatchObject({
      first_name: null,
      custom_fields: { region: 'north', size: 3, given: 'Ada' },
    });
  });

  it('replaces the custom fields of the layers below as a whole, and adds its own', () => {
    const both = layered(
      { 'custom_fields.a': { set: '1' } },
      { custom_fields: { set: "{ 'b': 2 }" }, 'custom_fields.c': { set: '3' } },
    );

    expect(mapped(both)).toMatchObject({ custom_fields: { b: 2, c: 3 } });
  });

  it('sees the account’s connection', () => {
    expect(mapped(layered({ last_name: { set: '$conn.region' } }))).toMatchObject({
      last_name: 'eu',
    });
  });

  it('rejects a record that its custom fields fail on, naming the field', () => {
    expect(mapped(layered({ 'custom_fields.a': { set: '$number(response.first)' } }))).toBe(
      'custom_fields: the expression failed (D3030)',
    );
  });

  it('leaves what it does not name to the very expressions below', () => {
    const base = aBase();
    const { layer } = aLayer({ fields: { last_name: { set: 'response.last' } } }, base);

    const over = overlay(base.layered, layer);

    expect(over.mapping.fields['id']).toBe(base.layered.mapping.fields['id']);
  });
});

describe('provenance', () => {
  it('names layer, operation, expression and version of each field', () => {
    const both = layered({ first_name: { set: "'x'" } }, { 'custom_fields.a': { unset: true } });

    expect(both.fields).toEqual({
      id: { layer: 'base', op: 'set', expression: 'response.id' },
      first_name: { layer: 'environment', op: 'set', expression: "'x'", version: 1 },
      last_name: { layer: 'base', op: 'unset' },
      tags: { layer: 'base', op: 'set', expression: 'response.tags' },
      phone_numbers: { layer: 'base', op: 'unset' },
      address: { layer: 'base', op: 'unset' },
      custom_fields: { layer: 'base', op: 'set', expression: 'response.extra' },
      'custom_fields.a': { layer: 'account', op: 'unset', version: 2 },
    });
  });

  it('says of a renamed value where it was, and who had given it', () => {
    const { fields } = layered({ first_name: { rename: 'last_name' } });

    expect(fields).toMatchObject({
      first_name: { layer: 'environment', op: 'rename', to: 'last_name' },
      last_name: {
        layer: 'environment',
        op: 'rename',
        from: 'first_name',
        below: { layer: 'base', op: 'set', expression: 'response.first' },
      },
    });
  });

  it('says what was appended to', () => {
    const { fields } = layered({ tags: { append: 'response.more' } });

    expect(fields['tags']).toEqual({
      layer: 'environment',
      op: 'append',
      expression: 'response.more',
      version: 1,
      below: { layer: 'base', op: 'set', expression: 'response.tags' },
    });
  });

  it('forgets the custom fields that a later layer replaced as a whole', () => {
    const { fields } = layered(
      { 'custom_fields.a': { set: '1' } },
      { custom_fields: { set: '{}' } },
    );

    expect(fields).not.toHaveProperty(['custom_fields.a']);
  });
});

describe('the expressions of a record', () => {
  it('share what they may spend, however many fields a layer adds', () => {
    const costly = '$reduce([1..55000], function($a, $b) { $a + $b })';
    const names = Array.from({ length: 40 }, (_, index) => `custom_fields.f${index}`);
    const fields = Object.fromEntries(names.map((name) => [name, { set: costly }]));

    expect(mapped(layered(fields))).toBe(
      'custom_fields: the expression failed (expression_budget_exceeded)',
    );
  });

  it('share it anew for every record', () => {
    const both = layered({ first_name: { set: '$string($sum([1..200000]))' } });
    const map = createApplyMapping(both.mapping, both.model);
    const kinds = Array.from({ length: 12 }, () => map(RECORD, { params: {}, conn: {} }).kind);

    expect(new Set(kinds)).toEqual(new Set(['mapped']));
  });
});
