import { createApplyWrite } from '#shared/mapping/apply-write.ts';
import type { LayeredMapping } from '#shared/mapping/layers/layer.ts';
import { overlay } from '#shared/mapping/layers/overlay.ts';
import { aBase, aLayer } from '../../../support/builders/a-mapping.ts';

const WRITE = {
  name: 'input.first_name',
  'address.city': 'input.city',
  'address.zip': 'input.zip',
};
const INPUT = { first_name: 'Ada', city: 'Turin', zip: '10121' };

function layered(...parts: readonly object[]): LayeredMapping {
  const base = aBase({ write: WRITE });
  return parts.reduce<LayeredMapping>((below, write) => {
    const { layer, faults } = aLayer({ write }, base);
    expect(faults).toEqual([]);
    return overlay(below, layer);
  }, base.layered);
}

function written({ mapping }: LayeredMapping) {
  const outcome = createApplyWrite(mapping)(INPUT, { params: {}, conn: {} });
  return outcome.kind === 'mapped' ? outcome.input : outcome.faults;
}

describe('the write mapping under a layer', () => {
  it('is as it was where the layer says nothing of it', () => {
    expect(written(layered({}))).toEqual({
      name: 'Ada',
      address: { city: 'Turin', zip: '10121' },
    });
  });

  it('gets a member more', () => {
    expect(written(layered({ 'address.country': { set: "'it'" } }))).toMatchObject({
      address: { city: 'Turin', zip: '10121', country: 'it' },
    });
  });

  it('gives up what stood below a member that is set anew', () => {
    const both = layered({ address: { set: "{ 'line': input.city }" } });

    expect(written(both)).toEqual({ name: 'Ada', address: { line: 'Turin' } });
    expect(Object.keys(both.write)).toEqual(['name', 'address']);
  });

  it('puts a member into the whole that a layer below gives', () => {
    const both = layered(
      { address: { set: "{ 'line': input.city }" } },
      { 'address.zip': { set: 'input.zip' } },
    );

    expect(written(both)).toMatchObject({ address: { line: 'Turin', zip: '10121' } });
  });

  it('takes a member away with all that leads into it', () => {
    expect(written(layered({ address: { unset: true } }))).toEqual({ name: 'Ada' });
  });

  it('moves a member with all that leads into it', () => {
    const moved = layered({ address: { rename: 'billing.address' } });

    expect(written(moved)).toEqual({
      name: 'Ada',
      billing: { address: { city: 'Turin', zip: '10121' } },
    });
    expect(moved.write['billing.address.zip']).toEqual({
      layer: 'environment',
      op: 'rename',
      version: 1,
      from: 'address.zip',
      below: { layer: 'base', op: 'set', expression: 'input.zip' },
    });
  });

  it('gives up what stood where a member is moved to', () => {
    expect(written(layered({ name: { rename: 'address' } }))).toEqual({ address: 'Ada' });
  });

  it('changes and takes away filters', () => {
    const base = aBase({ query: { a: { param: 'a' }, b: { param: 'b' } } });
    const { layer } = aLayer({ query: { a: null, c: { param: 'x', value: 'value' } } }, base);

    const { query } = overlay(base.layered, layer).mapping;

    expect(Object.keys(query)).toEqual(['b', 'c']);
    expect(query['c']).toMatchObject({ param: 'x', value: { text: 'value' } });
  });
});
