import { readFileSync } from 'node:fs';
import { compileExpression } from '#shared/expression/expression.ts';

const text = readFileSync('docs/expressions.md', 'utf8');
const section = text.split('## Functions that we add')[1]!.split('\n## ')[0]!;
const examples = [...section.matchAll(/^\| `(\$.+)` \| `(.+)` \|$/gm)].map(
  ([, expression, result]) => ({ expression: expression!, result: result! }),
);

it('documents examples of the functions that we add', () => {
  expect(examples.length).toBeGreaterThanOrEqual(4);
});

it.each(examples)('$expression gives $result', ({ expression, result }) => {
  expect(compileExpression(expression).evaluate({})).toEqual(JSON.parse(result));
});
