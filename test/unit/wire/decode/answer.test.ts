import type { Decode } from '../../../../shared/integration/request/decode.ts';
import { Transient } from '../../../../shared/kernel/transient.ts';
import { decodeAnswer, parseAnswer } from '../../../../shared/wire/decode/answer.ts';
import { parseJson } from '../../../../shared/wire/decode/parse-json.ts';

describe('parseJson', () => {
  it('reads JSON', () => {
    expect(parseJson('{"a":[1,"x",null]}')).toEqual({ a: [1, 'x', null] });
  });

  it.each(['', '{', '<html>', 'undefined'])('yields nothing for %p', (text) => {
    expect(parseJson(text)).toBeUndefined();
  });

  it('keeps ids that are too long for a number, as texts', () => {
    expect(parseJson('{"id": 9007199254740993, "ids":[12345678901234567890]}')).toEqual({
      id: '9007199254740993',
      ids: ['12345678901234567890'],
    });
  });

  it('leaves numbers alone that only look long', () => {
    expect(
      parseJson('{"a": 1234567890123456, "b": 1.2345678901234567, "c": "x: 9007199254740993"}'),
    ).toEqual({
      a: 1_234_567_890_123_456,
      b: 1.234_567_890_123_456_7,
      c: 'x: 9007199254740993',
    });
  });
});

describe('an answer', () => {
  const CSV: Decode = {
    format: 'csv',
    compression: undefined,
    delimiter: ',',
    quotes: true,
    lists: new Set(),
  };
  const body = (text: string) => Transient.of(Buffer.from(text));
  const decoded = async (status: number, text: string, decode: Decode = CSV) => {
    const { scope, unreadable } = await decodeAnswer(status, {}, body(text), decode);
    return { body: scope.reveal().body, unreadable };
  };

  it('is read as JSON, and says why there is none', () => {
    const parsed = parseAnswer(200, { a: 'b' }, body('<html>'));

    expect(parsed.unreadable).toBe('the answer is not JSON');
    expect(parsed.scope.reveal()).toEqual({ status: 200, headers: { a: 'b' }, body: undefined });
  });

  it('is read as its method says', async () => {
    expect(await decoded(200, 'id\n1\n')).toEqual({ body: [{ id: '1' }], unreadable: undefined });
  });

  it('is JSON where it is an error, whatever the records come as', async () => {
    expect(await decoded(400, '{"error":"x"}')).toEqual({
      body: { error: 'x' },
      unreadable: undefined,
    });
  });

  it('may be XML where it is an error of a method whose records are', async () => {
    const xml: Decode = { ...CSV, format: 'xml', compression: 'gzip' };

    expect(await decoded(400, '<error><code>7</code></error>', xml)).toEqual({
      body: { error: { code: '7' } },
      unreadable: undefined,
    });
    expect((await decoded(502, '<html>', xml)).unreadable).toBe('the answer is not XML');
  });
});
