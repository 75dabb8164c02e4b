import { mergePatch } from '#shared/api/http/merge-patch.ts';
import type { Json } from '#shared/kernel/json.ts';

/** RFC 7396, Appendix A, row by row. */
const APPENDIX_A: readonly [target: Json, patch: Json, result: Json][] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

describe('mergePatch', () => {
  it.each(APPENDIX_A)('makes of %j and %j: %j', (target, patch, result) => {
    expect(JSON.parse(JSON.stringify(mergePatch(target, patch)))).toEqual(result);
  });

  it('leaves the target as it was', () => {
    const target = { a: { b: 1 } };
    mergePatch(target, { a: { b: null } });

    expect(target).toEqual({ a: { b: 1 } });
  });

  it('does not reach a prototype', () => {
    mergePatch({}, JSON.parse('{"__proto__": {"polluted": true}}'));

    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});
