/**
 * `more` that is false where its members are missing: when the provider renames one, a list ends
 * after its first page and nobody hears of it. A flag that stands by itself is an error then.
 */

import { compileExpression } from '#shared/expression/expression.ts';
import { factsOf } from '#shared/expression/facts.ts';
import type { SourcePath } from '#shared/integration/template/context.ts';
import { findingsByExpression, type LintRule } from '../rule.ts';

/** A page after which there may be more, whose body holds nothing. */
const BARE_PAGE = {
  status: 200,
  headers: {},
  body: {},
  records: [{}],
  page: { number: 1, offset: 0, size: 1, count: 1, cursor: 'x' },
};

export const silentEnd: LintRule = {
  code: 'silent-end',
  check: (subject) =>
    findingsByExpression(subject, ({ text, at }) =>
      isMore(at) && readsAnswer(text) && yieldsFalse(text)
        ? 'is false where the provider leaves out what it reads, which ends the list unnoticed'
        : undefined,
    ),
};

function isMore(at: SourcePath): boolean {
  return at.at(-1) === 'more' && (at[0] === 'pagination' || at.at(-2) === 'pagination');
}

function readsAnswer(text: string): boolean {
  return factsOf(text).inputPaths.some((path) => /^(body|headers|records|)(\.|$)/.test(path));
}

function yieldsFalse(text: string): boolean {
  try {
    return compileExpression(text).evaluate(BARE_PAGE) === false;
  } catch {
    // It fails on such a page, whatever for: then the list does not end unnoticed.
    return false;
  }
}
