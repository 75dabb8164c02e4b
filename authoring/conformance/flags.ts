/** Which members of an answer say that a list goes on. */
import { factsOf } from '#shared/expression/facts.ts';
import type { Pagination } from '#shared/integration/paging/plan.ts';
import { plainPath } from '../lint/syntax.ts';

/** Members of the body that say whether there is more, besides the token itself. */
export function flagsOf(pagination: Pagination): readonly (readonly string[])[] {
  const tokens = [tokenPath(pagination)].map((path) => path?.join('.'));
  return moreMembers(pagination).filter((path) => !tokens.includes(path.join('.')));
}

/** Where the provider leaves the token out, the list ends: that is how it says so. */
function tokenPath(pagination: Pagination): readonly string[] | undefined {
  const text =
    pagination.kind === 'cursor'
      ? pagination.cursor.text
      : pagination.kind === 'next_url'
        ? pagination.next.text
        : undefined;
  const [root, ...rest] = (text === undefined ? undefined : plainPath(text)) ?? [];
  return root === 'body' ? rest : undefined;
}

/** Members of the body that decide whether there is more. */
export function moreMembers(pagination: Pagination): readonly (readonly string[])[] {
  const more = 'more' in pagination ? pagination.more : undefined;
  return more ? bodyMembers(more.expression.text) : [];
}

/** Members of the body that an expression makes the next state from. */
export function stateMembers(pagination: Pagination): readonly (readonly string[])[] {
  return pagination.kind === 'expr' ? bodyMembers(pagination.next.text) : [];
}

function bodyMembers(expression: string): readonly (readonly string[])[] {
  return factsOf(expression)
    .inputPaths.map((path) => path.split('.'))
    .filter(([root, ...rest]) => root === 'body' && rest.length > 0 && !rest.includes('*'))
    .map(([, ...rest]) => rest);
}
