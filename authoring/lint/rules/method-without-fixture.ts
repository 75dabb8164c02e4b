/** What no fixture plays, nothing has shown to work. */
import { methodsOf } from '../methods.ts';
import type { Finding, LintRule } from '../rule.ts';

export const methodWithoutFixture: LintRule = {
  code: 'method-without-fixture',
  check: ({ file, source, fixtures }) => {
    const played = new Set(fixtures.flatMap(({ operations }) => operations));
    const unplayed = Map.groupBy(
      methodsOf(source).filter(({ operation }) => !played.has(operation)),
      ({ resource }) => resource,
    );
    return [...unplayed].map(([resource, methods]): Finding => {
      const names = methods.map(({ name }) => name).join(', ');
      return { file, at: ['resources', resource], message: `no fixture plays ${names}` };
    });
  },
};
