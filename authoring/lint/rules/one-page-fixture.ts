/** How a list goes on is shown only by a fixture of two pages. */
import { methodsOf, pagingOf } from '../methods.ts';
import type { Finding, LintRule } from '../rule.ts';

export const onePageFixture: LintRule = {
  code: 'one-page-fixture',
  check: ({ file, source, fixtures }) =>
    methodsOf(source)
      .filter(({ source: method, operation }) => {
        const kind = pagingOf(source, method);
        if (kind === undefined || kind === 'none') return false;
        const pages = fixtures.map(
          ({ operations }) => operations.filter((one) => one === operation).length,
        );
        return pages.some((count) => count > 0) && pages.every((count) => count < 2);
      })
      .map(
        ({ at }): Finding => ({ file, at, message: 'no fixture turns a page: show two at least' }),
      ),
};
