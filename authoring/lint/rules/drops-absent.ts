/** `x != 'y'` is false where x is absent, so that a filter drops the records that lack it. */
import type { AstNode } from '#shared/expression/ast.ts';
import { findingsByExpression, type LintRule } from '../rule.ts';
import { namesOf, nodesOf } from '../syntax.ts';

const SLOTS = new Set(['filter', 'records', 'record', 'events', 'when', 'ok']);
/** Always there. */
const PRESENT = new Set(['status', 'page']);

export const dropsAbsent: LintRule = {
  code: 'drops-absent',
  check: (subject) =>
    findingsByExpression(subject, ({ text, at }) => {
      if (!SLOTS.has(String(at.at(-1)))) return undefined;
      const compared = nodesOf(text).some(
        ({ node }) =>
          node.type === 'binary' &&
          node.value === '!=' &&
          ((isOptional(node.lhs) && isWord(node.rhs)) ||
            (isOptional(node.rhs) && isWord(node.lhs))),
      );
      return compared
        ? "a member that is absent does not differ: write $not(x = 'y') to keep what lacks it"
        : undefined;
    }),
};

function isOptional(node: AstNode): boolean {
  return node.type === 'path' && !PRESENT.has(namesOf(node)?.[0] ?? '');
}

/** To compare with null or the empty text is to ask whether there is something. */
function isWord(node: AstNode): boolean {
  return ['string', 'number', 'value'].includes(node.type) && 'value' in node
    ? node.value !== null && node.value !== ''
    : false;
}
