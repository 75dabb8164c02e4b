/**
 * A constructor over a list of one yields the item, not a list of it. Where the engine knows that a
 * list is meant it makes one; what is sent to a provider goes as it is.
 */
import { findingsByExpression, type LintRule } from '../rule.ts';
import { nodesOf } from '../syntax.ts';

export const loneItem: LintRule = {
  code: 'lone-item',
  check: (subject) =>
    findingsByExpression(subject, ({ text, at }) => {
      if (!isSent(at)) return undefined;
      const bare = nodesOf(text).some(
        ({ node, holder }) =>
          node.type === 'path' &&
          !node.keepSingletonArray &&
          node.steps.length > 1 &&
          isObject(node.steps.at(-1)) &&
          !(holder?.type === 'unary' && holder.value === '['),
      );
      return bare
        ? 'yields an object where the list holds one item: write [ … ] around it'
        : undefined;
    }),
};

/** Expressions of a request, and of the input that a mapping writes. */
function isSent(at: readonly (string | number)[]): boolean {
  return at[0] === 'write' || at.at(-1) === 'expr';
}

function isObject(step: unknown): boolean {
  return typeof step === 'object' && step !== null && 'value' in step && step.value === '{';
}
