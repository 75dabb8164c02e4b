/** `body.next-page` subtracts `page` from `body.next`: a name with a hyphen needs back-ticks. */
import { findingsByExpression, type LintRule } from '../rule.ts';
import { nodesOf, unquoted } from '../syntax.ts';

const HYPHENATED = /\b[A-Za-z_]\w*\.[A-Za-z_]\w*-[A-Za-z_]/;

export const hyphenatedName: LintRule = {
  code: 'hyphenated-name',
  check: (subject) =>
    findingsByExpression(subject, ({ text }) => {
      if (!HYPHENATED.test(unquoted(text))) return undefined;
      const subtracts = nodesOf(text).some(
        ({ node }) => node.type === 'binary' && node.value === '-' && node.rhs.type === 'path',
      );
      return subtracts
        ? 'subtracts; a name with a hyphen needs back-ticks: body.`next-page`'
        : undefined;
    }),
};
