/** A pattern that the engine cannot prove linear runs on its own machine, many times slower. */
import { readPattern } from '#shared/expression/regex/pattern.ts';
import { backtrackingEffort } from '#shared/expression/regex/safety.ts';
import { findingsByExpression, type LintRule } from '../rule.ts';
import { nodesOf } from '../syntax.ts';

export const slowRegex: LintRule = {
  code: 'slow-regex',
  check: (subject) =>
    findingsByExpression(subject, ({ text }) => {
      const slow = nodesOf(text).some(
        ({ node }) =>
          node.type === 'regex' &&
          backtrackingEffort(readPattern(node.value.source), node.value.flags.includes('m')) ===
            undefined,
      );
      return slow
        ? 'holds a pattern that is not provably linear: anchor it, or leave it one run (x+, .*) at its end'
        : undefined;
    }),
};
