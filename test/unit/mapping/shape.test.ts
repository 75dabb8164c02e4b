import type { FieldSource } from '../../../shared/integration/mapping/model-source.ts';
import { compileShape, type Misfit } from '../../../shared/mapping/shape.ts';

function shape(field: FieldSource, value: unknown) {
  const misfits: Misfit[] = [];
  return { value: compileShape(field)(value, 'x', misfits), misfits };
}

const EMAILS: FieldSource = {
  type: 'array',
  items: {
    type: 'object',
    required: ['email'],
    properties: { email: { type: 'string' }, is_primary: { type: ['boolean', 'null'] } },
  },
};

describe('compileShape', () => {
  it.each<[string, FieldSource, unknown, unknown]>([
    ['makes a list of a lone item', { type: 'array', items: { type: 'string' } }, 'a', ['a']],
    ['makes an empty list of nothing', { type: 'array' }, undefined, []],
    ['makes an empty list of null', { type: 'array' }, null, []],
    ['keeps a list', { type: 'array', items: { type: 'string' } }, ['a', 'b'], ['a', 'b']],
    ['makes null of nothing where null is allowed', { type: ['string', 'null'] }, undefined, null],
    ['makes an empty object of nothing', { type: 'object' }, undefined, {}],
    ['keeps free members of an object', { type: 'object' }, { a: [1] }, { a: [1] }],
    [
      'fills in members that are absent',
      EMAILS,
      { email: 'e' },
      [{ email: 'e', is_primary: null }],
    ],
    [
      'drops members that the model does not have',
      EMAILS,
      [{ email: 'e', x: 1 }],
      [{ email: 'e', is_primary: null }],
    ],
    [
      'writes instants in UTC with milliseconds',
      { type: 'string', format: 'date-time' },
      '2026-03-01T14:00:00+02:00',
      '2026-03-01T12:00:00.000Z',
    ],
    [
      'takes a day for its first instant',
      { type: 'string', format: 'date-time' },
      '2026-03-01',
      '2026-03-01T00:00:00.000Z',
    ],
    ['keeps numbers', { type: 'integer' }, 7, 7],
    ['keeps false', { type: ['boolean', 'null'] }, false, false],
    ['keeps an empty text', { type: 'string' }, '', ''],
  ])('%s', (_what, field, value, expected) => {
    expect(shape(field, value)).toEqual({ value: expected, misfits: [] });
  });

  it.each<[string, FieldSource, unknown, string, string]>([
    ['a number for a text', { type: 'string' }, 7, 'x', 'must be string'],
    ['nothing for a text', { type: 'string' }, undefined, 'x', 'is missing'],
    ['a fraction for an integer', { type: 'integer' }, 1.5, 'x', 'must be integer'],
    [
      'an unknown value',
      { type: 'string', enum: ['a'] },
      'b',
      'x',
      'is none of the values that the model allows',
    ],
    ['a text for an object', { type: 'object' }, 'a', 'x', 'must be an object'],
    [
      'an instant without a zone',
      { type: 'string', format: 'date-time' },
      '2026-03-01T12:00:00',
      'x',
      'must be an instant in ISO 8601',
    ],
    [
      'a day that does not exist',
      { type: 'string', format: 'date-time' },
      '2026-13-01',
      'x',
      'must be an instant in ISO 8601',
    ],
    ['an object for a text', { type: ['string', 'null'] }, {}, 'x', 'must be string or null'],
    ['an item that does not fit', EMAILS, [{ email: 'e' }, {}], 'x[1].email', 'is missing'],
  ])(
    'does not take %s, and names the place, not the value',
    (_what, field, value, path, reason) => {
      expect(shape(field, value).misfits).toEqual([{ path, reason }]);
    },
  );
});
