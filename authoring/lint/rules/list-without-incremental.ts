/** A mapped resource that is read whole at every sync, however little has changed. */
import type { Finding, LintRule } from '../rule.ts';

export const listWithoutIncremental: LintRule = {
  code: 'list-without-incremental',
  check: ({ file, source, mappings }) => {
    const mapped = [...new Set(mappings.map((mapping) => mapping.source.source))];
    return mapped.flatMap((name): Finding[] => {
      const { id, discovered, ...methods } = source.resources[name] ?? {};
      if (!methods['list'] || Object.values(methods).some(({ incremental }) => incremental)) {
        return [];
      }
      const message = 'cannot be asked what changed: `incremental`, with mode client at least';
      return [{ file, at: ['resources', name, 'list'], message }];
    });
  },
};
