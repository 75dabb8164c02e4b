/**
 * Layers against an oracle that knows nothing of expressions: it changes the values of a record, one
 * layer after the other. That a merged mapping yields what the oracle yields for any layers in a row
 * says that layering is the composition of functions, and so associative.
 */
import fc from 'fast-check';
import type { JsonObject } from '#shared/kernel/json.ts';
import { isJsonObject } from '#shared/kernel/json.ts';
import type { LayeredMapping } from '#shared/mapping/layers/layer.ts';
import { baseMapping, overlay } from '#shared/mapping/layers/overlay.ts';
import { aBase, aLayer } from '../../../support/builders/a-mapping.ts';

const BASE = aBase();
const RECORD = { id: '1', first: 'Ada', tags: ['t'], extra: { a: 1, b: [2], z: 'z' } };

const FIELDS = ['id', 'first_name', 'last_name', 'tags', 'address', 'custom_fields'] as const;
const CUSTOM = ['a', 'b', 'c d'] as const;

/** An expression, and what it yields on any record. */
type Term = readonly [text: string, value: unknown];
const scalars: readonly Term[] = [
  ["'x'", 'x'],
  ['7', 7],
  ['null', null],
  ['response.absent', undefined],
];
const lists: readonly Term[] = [
  ["['l', 'm']", ['l', 'm']],
  ['[]', []],
  ["'lone'", 'lone'],
  ['response.absent', undefined],
];
const objects: readonly Term[] = [
  ["{ 'a': 9, 'n': true }", { a: 9, n: true }],
  ['{}', {}],
  ['response.absent', undefined],
];

type Op =
  | { readonly op: 'set' | 'append'; readonly term: Term }
  | { readonly op: 'unset' }
  | { readonly op: 'rename'; readonly to: string };
type Layer = Readonly<Record<string, Op>>;

const slots = [...FIELDS, ...CUSTOM.map((name) => `custom_fields.${name}`)];
const appended: Readonly<Record<string, readonly Term[]>> = {
  tags: lists,
  address: objects,
  custom_fields: objects,
};

function anOp(slot: string): fc.Arbitrary<Op> {
  const set = fc
    .constantFrom(...(slot === 'custom_fields' ? objects : [...scalars, ...lists, ...objects]))
    .map((term): Op => ({ op: 'set', term }));
  const unset = fc.constant<Op>({ op: 'unset' });
  const rename = fc
    .constantFrom(...slots.filter((to) => to !== 'custom_fields' && to !== slot))
    .map((to): Op => ({ op: 'rename', to }));
  const terms = appended[slot];
  const append = terms && fc.constantFrom(...terms).map((term): Op => ({ op: 'append', term }));
  const renames = slot === 'custom_fields' ? [] : [rename];
  return fc.oneof(set, unset, ...renames, ...(append ? [append] : []));
}

/** Any operations; those that one layer may not hold beside each other are left out. */
const layers: fc.Arbitrary<Layer> = fc
  .record(Object.fromEntries(slots.map((slot) => [slot, anOp(slot)])), { requiredKeys: [] })
  .map((drawn) => {
    const kept: Record<string, Op> = {};
    for (const [slot, op] of Object.entries(drawn as Layer)) {
      const next = { ...kept, [slot]: op };
      if (aLayer({ fields: written(next) }, BASE).faults.length === 0) Object.assign(kept, next);
    }
    return kept;
  });

function written(layer: Layer) {
  return Object.fromEntries(
    Object.entries(layer).map(([slot, op]) => {
      if (op.op === 'unset') return [slot, { unset: true }];
      return [slot, op.op === 'rename' ? { rename: op.to } : { [op.op]: op.term[0] }];
    }),
  );
}

function over(below: LayeredMapping, layer: Layer): LayeredMapping {
  return overlay(below, aLayer({ fields: written(layer) }, BASE).layer);
}

function valuesOf({ mapping }: LayeredMapping): Values {
  const yielded = FIELDS.map((name) => [
    name,
    mapping.fields[name]?.evaluate({ response: RECORD }, { params: {}, conn: {} }),
  ]);
  return Object.fromEntries(yielded) as Values;
}

type Values = Readonly<Record<string, unknown>>;

/** The oracle. */
function change(below: Values, layer: Layer): Values {
  const after: Record<string, unknown> = { ...below };
  const members: Record<string, unknown> = {};
  const read = (slot: string) => {
    const name = /^custom_fields\.(.*)$/.exec(slot)?.[1];
    if (name === undefined) return below[slot];
    const whole = below['custom_fields'];
    return isJsonObject(whole) ? whole[name] : undefined;
  };
  const write = (slot: string, value: unknown) => {
    const name = /^custom_fields\.(.*)$/.exec(slot)?.[1];
    if (name === undefined) after[slot] = value;
    else members[name] = value;
  };
  const all = Object.entries(layer);
  for (const [slot, { op }] of all) {
    if (op === 'unset' || op === 'rename') write(slot, undefined);
  }
  for (const [slot, op] of all) {
    if (op.op === 'rename') write(op.to, read(slot));
    if (op.op === 'set') write(slot, op.term[1]);
    if (op.op === 'append') write(slot, append(slot, read(slot), op.term[1]));
  }
  if (Object.keys(members).length > 0) {
    const whole = after['custom_fields'] ?? {};
    if (isJsonObject(whole)) after['custom_fields'] = present({ ...whole, ...members } as object);
  }
  return after;
}

function append(slot: string, below: unknown, added: unknown): unknown {
  if (slot === 'tags') return [below, added].flatMap((value) => value ?? []);
  const first = below ?? {};
  if (!isJsonObject(first)) return first;
  return { ...first, ...((added ?? {}) as JsonObject) };
}

function present(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

describe('layers over a mapping', () => {
  it('yield what changing the values one layer after the other yields', () => {
    fc.assert(
      fc.property(fc.array(layers, { maxLength: 4 }), (stack) => {
        const merged = stack.reduce(over, BASE.layered);

        expect(valuesOf(merged)).toEqual(stack.reduce(change, valuesOf(BASE.layered)));
      }),
      { numRuns: 300 },
    );
  });

  it('make a mapping like any other: it may be a base itself', () => {
    fc.assert(
      fc.property(layers, layers, (one, other) => {
        const merged = over(BASE.layered, one);
        const asBase = baseMapping(merged.mapping, merged.model);

        expect(valuesOf(over(asBase, other))).toEqual(valuesOf(over(merged, other)));
      }),
    );
  });

  it('have the last word on what they set, whatever came before', () => {
    const fields = fc.constantFrom('first_name', 'last_name', 'tags', 'custom_fields.a');
    fc.assert(
      fc.property(fc.array(layers, { maxLength: 3 }), fields, (stack, field) => {
        const last: Layer = { [field]: { op: 'set', term: ["'last'", 'last'] } };
        const custom: Layer = { custom_fields: { op: 'set', term: ['{}', {}] } };
        const merged = over([...stack, custom].reduce(over, BASE.layered), last);

        const values = valuesOf(merged);
        const value = field.includes('.')
          ? (values['custom_fields'] as JsonObject)['a']
          : values[field];
        expect(value).toBe('last');
        expect(merged.fields[field]).toMatchObject({ op: 'set', expression: "'last'" });
      }),
    );
  });

  it('leave fields alone that they do not name, nor rename to', () => {
    fc.assert(
      fc.property(layers, (layer) => {
        const named = Object.entries(layer).flatMap(([slot, op]) =>
          op.op === 'rename' ? [slot, op.to] : [slot],
        );
        const merged = over(BASE.layered, layer);
        const isNamed = (field: string) => named.some((slot) => slot.split('.')[0] === field);
        for (const field of FIELDS.filter((name) => !isNamed(name))) {
          expect(merged.mapping.fields[field]).toBe(BASE.layered.mapping.fields[field]);
          expect(merged.fields[field]).toEqual(BASE.layered.fields[field]);
        }
      }),
    );
  });

  it('forget an unset that is set again', () => {
    fc.assert(
      fc.property(fc.array(layers, { maxLength: 2 }), fc.constantFrom(...slots), (stack, slot) => {
        fc.pre(slot !== 'id');
        const below = stack.reduce(over, BASE.layered);
        const set: Layer = { [slot]: { op: 'set', term: objects[0]! } };
        const both = over(over(below, { [slot]: { op: 'unset' } }), set);

        expect(valuesOf(both)).toEqual(valuesOf(over(below, set)));
        expect(both.fields).toEqual(over(below, set).fields);
      }),
    );
  });

  it('do not depend on the order in which their operations stand', () => {
    fc.assert(
      fc.property(layers, (layer) => {
        const turned = Object.fromEntries(Object.entries(layer).reverse());

        expect(valuesOf(over(BASE.layered, turned))).toEqual(valuesOf(over(BASE.layered, layer)));
        expect(over(BASE.layered, turned).fields).toEqual(over(BASE.layered, layer).fields);
      }),
    );
  });
});
