/** The register of what a provider promises is asked for when it breaks a promise. */
import type { LintRule } from '../rule.ts';

export const noSla: LintRule = {
  code: 'no-sla',
  check: ({ file, source }) =>
    source.sla ? [] : [{ file, at: ['sla'], message: 'say what the provider promises' }],
};
