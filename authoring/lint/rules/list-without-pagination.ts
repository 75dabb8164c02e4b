/** A list that is asked for once: if the provider pages after all, the rest is never seen. */
import { methodsOf } from '../methods.ts';
import type { Finding, LintRule } from '../rule.ts';

export const listWithoutPagination: LintRule = {
  code: 'list-without-pagination',
  check: ({ file, source }) =>
    methodsOf(source)
      .filter(({ source: method }) => method.records !== undefined && !method.pagination)
      .map(
        ({ at }): Finding => ({
          file,
          at,
          message: 'does not say how it pages: `pagination: { kind: none }` where it never does',
        }),
      ),
};
