/** Nobody can check what nobody says the source of. */
import type { LintRule } from '../rule.ts';

export const noDocs: LintRule = {
  code: 'no-docs',
  check: ({ file, source }) =>
    source.docs.length > 0
      ? []
      : [{ file, at: ['docs'], message: 'name the pages that the facts come from' }],
};
