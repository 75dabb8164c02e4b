/** Ids tell a page from the one before: without them a list that turns in a circle is not found out. */
import { methodsOf, pagingOf } from '../methods.ts';
import type { Finding, LintRule } from '../rule.ts';

export const listWithoutId: LintRule = {
  code: 'list-without-id',
  check: ({ file, source }) => {
    const lists = methodsOf(source).filter(({ source: method }) => {
      const kind = pagingOf(source, method);
      return kind !== undefined && kind !== 'none';
    });
    return [...new Set(lists.map(({ resource }) => resource))]
      .filter((resource) => source.resources[resource]?.id === undefined)
      .map(
        (resource): Finding => ({
          file,
          at: ['resources', resource],
          message: 'needs `id`, which tells its records apart',
        }),
      );
  },
};
