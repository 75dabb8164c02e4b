/** Without it a wrong credential is noticed by the first call of a customer's. */
import type { LintRule } from '../rule.ts';

export const noVerify: LintRule = {
  code: 'no-verify',
  check: ({ file, source }) =>
    source.verify
      ? []
      : [
          {
            file,
            at: ['verify'],
            message: 'name a cheap call that tells whether an account works',
          },
        ],
};
