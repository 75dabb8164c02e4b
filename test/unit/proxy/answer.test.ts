import { parseJson } from '../../../shared/proxy/answer.ts';

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
