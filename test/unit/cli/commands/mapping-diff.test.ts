import {
  describe as describeField,
  fieldChanges,
  typeChanges,
} from '../../../../cli/commands/mapping-diff.ts';
import type { MappingTrial, Provenance } from '../../../../cli/commands/mapping-trial.ts';

const base = (expression: string): Provenance => ({ layer: 'base', op: 'set', expression });
const NOTHING: Provenance = { layer: 'base', op: 'unset' };
const trial = (output: Record<string, unknown>): MappingTrial => ({
  output,
  provenance: {},
  errors: [],
});

describe('fieldChanges', () => {
  it('tells fields that came, went and changed, and leaves out the rest', () => {
    const before = { id: base('i'), kept: base('k'), first: base('f'), last: NOTHING };
    const after = {
      id: { layer: 'account', op: 'set', expression: 'j' },
      kept: base('k'),
      first: { layer: 'environment', op: 'rename', to: 'last' },
      last: { layer: 'environment', op: 'rename', from: 'first', below: base('f') },
      'custom_fields.x': { layer: 'account', op: 'set', expression: 'x' },
    } as const;

    expect(fieldChanges(before, after)).toEqual([
      { change: 'changed', field: 'id', layer: 'account', before: 'i', after: 'j' },
      { change: 'removed', field: 'first', layer: 'environment', before: 'f', after: null },
      {
        change: 'added',
        field: 'last',
        layer: 'environment',
        before: null,
        after: 'what was first: f',
      },
      { change: 'added', field: 'custom_fields.x', layer: 'account', before: null, after: 'x' },
    ]);
  });
});

describe('describe', () => {
  it('writes an expression in one line', () => {
    expect(describeField(base('[\n  a,\n  b\n]\n'))).toBe('[ a, b ]');
  });

  it('says what was appended to', () => {
    const appended: Provenance = { layer: 'account', op: 'append', expression: 'more' };

    expect(describeField({ ...appended, below: base('tags') })).toBe('tags, and more');
    expect(describeField({ ...appended, below: NOTHING })).toBe('nothing, and more');
  });
});

describe('typeChanges', () => {
  it('compares types by path, and shows no values', () => {
    const before = trial({ a: 's3cret', list: [{ b: 1 }, { b: null }], gone: true });
    const after = trial({ a: 7, list: [{ b: 1 }], more: { c: [] } });

    expect(typeChanges(before, after)).toEqual([
      { path: 'a', before: 'string', after: 'number' },
      { path: 'list[].b', before: 'null or number', after: 'number' },
      { path: 'gone', before: 'boolean', after: 'absent' },
      { path: 'more', before: 'absent', after: 'object' },
      { path: 'more.c', before: 'absent', after: 'list' },
    ]);
  });
});
