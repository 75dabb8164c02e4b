import { factsOf } from '#shared/expression/facts.ts';

const MAPPING = `response.{
  "id": Id.$string(), "name": First & " " & Last,
  "emails": [{ "email": Email, "is_primary": true }],
  "phones": $filter([{ "number": Phone }], function($v) { $v.number }),
  "custom": $map(fields[type = "custom"], function($f) { $f.value })
}`;

it('tells which paths of the input a mapping reads', () => {
  expect(factsOf(MAPPING).inputPaths).toEqual([
    'response.Email',
    'response.First',
    'response.Id',
    'response.Last',
    'response.Phone',
    'response.fields',
    'response.fields.type',
    'response.fields.value',
  ]);
});

it('tells which fields a mapping makes', () => {
  expect(factsOf(MAPPING).outputFields).toEqual([
    'id',
    'name',
    'emails.email',
    'emails.is_primary',
    'phones',
    'custom',
  ]);
});

it('tells which functions an expression uses', () => {
  expect(factsOf(MAPPING).functions).toEqual(['filter', 'map', 'string']);
});

it('counts the whole of a value that is passed on', () => {
  expect(factsOf('response.{"all": $}').inputPaths).toEqual(['response']);
});

it('counts all of the input for an ancestor', () => {
  expect(factsOf('a.b.{"x": %.c}').inputPaths).toContain('');
});

it('follows variables to where they come from', () => {
  expect(factsOf('($c := response.contact; $c.email)').inputPaths).toContain(
    'response.contact.email',
  );
});

it.each([
  ['1 + 2', true],
  ['$uppercase("a")', true],
  ['a', false],
  ['$now()', false],
  ['$uppercase()', false],
])('tells whether %s is constant', (text, isConstant) => {
  expect(factsOf(text).isConstant).toBe(isConstant);
});

it.each([
  ['$map(items, function($i) { $i.a })', true],
  ['($f := function($n) { $f($n - 1) }; $f(3))', false],
  ['items ~> $sum', true],
])('tells whether the cost of %s has a bound', (text, isBounded) => {
  expect(factsOf(text).isBounded).toBe(isBounded);
});
