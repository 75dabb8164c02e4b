import { leadingPathsOf } from '../../../shared/expression/leading-path.ts';

it.each([
  ['body', [['body']]],
  ['body.things', [['body', 'things']]],
  ['body.`the things`[0].id', [['body', 'the things', 'id']]],
  ['body.things[open = true]', [['body', 'things']]],
  ['body.*.things', [['body']]],
  ["body.things.{ 'id': key }", [['body', 'things']]],
  ['(body.a; body.b)', [['body', 'b']]],
  [
    'status = 200 ? body.a : body.b',
    [
      ['body', 'a'],
      ['body', 'b'],
    ],
  ],
  ['$filter(body.things, function($t) { $t.open })', [['body', 'things']]],
  ['body.things ~> $map(function($t) { $t })', [['body', 'things']]],
  ['$append(body.a, body.b).id', [['body', 'a', 'id']]],
  ['$x.things', []],
  ["'a'", []],
  ['[body.things]', []],
])('%s looks at %j first', (text, expected) => {
  expect(leadingPathsOf(text)).toEqual(expected);
});
