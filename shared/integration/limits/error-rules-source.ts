/** What an answer means where its status does not say it. First match wins. */
import * as z from 'zod';
import { expressionSource } from '../template/values-source.ts';

export const errorRuleSource = z.strictObject({
  when: expressionSource,
  class: z.enum([
    'auth',
    'permission',
    'not_found',
    'validation',
    'conflict',
    'rate_limited',
    'transient',
    'config',
    /** Not an error: a list without records, a record that is not there. */
    'ignore',
  ]),
  /**
   * What is done about it, once: the credential is renewed and the call repeated, or the list begun
   * again. Omitted: class `auth` renews and repeats, every other class is told.
   */
  action: z.enum(['refresh_and_retry', 'reset_pagination', 'fail']).optional(),
  /** The provider's own words, without personal data. */
  message: expressionSource.optional(),
  /** The provider's own code. */
  code: expressionSource.optional(),
  /** Names of the fields that it refuses: a text or a list of texts. */
  fields: expressionSource.optional(),
});
export type ErrorRuleSource = z.output<typeof errorRuleSource>;
