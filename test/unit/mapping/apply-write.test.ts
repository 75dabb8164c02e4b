import { createApplyWrite, type WriteOptions } from '#shared/mapping/apply-write.ts';
import { aBase } from '../../support/builders/a-mapping.ts';

function write(members: Record<string, string>, input = {}, options: Partial<WriteOptions> = {}) {
  const { mapping } = aBase({ write: members }).layered;
  return createApplyWrite(mapping)(input, { params: {}, conn: {}, ...options });
}

describe('createApplyWrite', () => {
  it('leads into members by dots', () => {
    const members = { 'a.b.c': 'input.x', 'a.b.d': 'input.y', e: 'input.x' };

    expect(write(members, { x: 1, y: 2 })).toEqual({
      kind: 'mapped',
      input: { a: { b: { c: 1, d: 2 } }, e: 1 },
    });
  });

  it('leaves out what yields nothing, and keeps null', () => {
    expect(write({ a: 'input.x', 'b.c': 'input.y' }, { x: null })).toEqual({
      kind: 'mapped',
      input: { a: null },
    });
  });

  it('puts a member into the object of a shorter path, and does not touch the caller’s', () => {
    const input = { x: { kept: 1 } };

    expect(write({ 'a.added': '2', a: 'input.x' }, input)).toEqual({
      kind: 'mapped',
      input: { a: { kept: 1, added: 2 } },
    });
    expect(input).toEqual({ x: { kept: 1 } });
  });

  it('knows the id, the parameters and the connection', () => {
    const members = { id: 'id', p: '$params.p', c: '$conn.c' };

    expect(write(members, {}, { id: '7', params: { p: 'q' }, conn: { c: 'd' } })).toEqual({
      kind: 'mapped',
      input: { id: '7', p: 'q', c: 'd' },
    });
  });

  it('lists every member that fails, without values', () => {
    const members = { a: '$number(input.x)', 'b.c': '$number(input.x)', d: 'input.x' };

    expect(write(members, { x: 's3cret' })).toEqual({
      kind: 'rejected',
      faults: [
        { path: 'a', message: 'the expression failed (D3030)' },
        { path: 'b.c', message: 'the expression failed (D3030)' },
      ],
    });
  });

  it('makes members that are named like those every object has', () => {
    expect(write({ 'constructor.x': '1', toString: '2' })).toEqual({
      kind: 'mapped',
      input: { constructor: { x: 1 }, toString: 2 },
    });
  });
});
