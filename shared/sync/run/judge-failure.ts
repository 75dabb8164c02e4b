/**
 * What a failed fetch means for the run.
 *
 * | failure                                     | verdict                                         |
 * | ------------------------------------------- | ----------------------------------------------- |
 * | the provider limits the rate                | wait as long as it says, or fail: the job says   |
 * | unreachable, timed out, 5xx, key unavailable | wait and try again, a few times, then fail       |
 * | one list is refused (403, 404, 422 …)        | a record error; the run goes on, or `fail_fast` |
 * | the account's credential or key is dead      | fail                                             |
 * | anything that is no AppError                 | a bug: thrown, counted, poisoned after a few     |
 */

import type { IntegratedAccount } from '../../account/integrated-account.ts';
import { ProviderTimeoutError, ProviderUnreachableError } from '../../http/network-errors.ts';
import { AppError, InvariantError } from '../../kernel/errors.ts';
import { ProviderError, RateLimitedError } from '../../wire/provider-errors.ts';
import { PlaceholderError } from '../job/placeholder.ts';
import type { RunError } from './sync-run.ts';

export type Verdict =
  | { readonly kind: 'wait'; readonly resumeAtMs: number | undefined }
  | { readonly kind: 'retry'; readonly error: RunError }
  | { readonly kind: 'fail'; readonly error: RunError };

/** Classes of answers that are about one list, not about the account. */
const LIST_CLASSES: ReadonlySet<string> = new Set([
  'permission',
  'not_found',
  'validation',
  'conflict',
  'ignore',
]);
/** Failures of an expression in the job's own query. */
const EXPRESSION_CODE = /^expression_/;

/** Whether the failure costs the rest of one list only. */
export function isListFault(error: AppError): boolean {
  if (error instanceof ProviderError) return LIST_CLASSES.has(error.class);
  return error instanceof PlaceholderError || EXPRESSION_CODE.test(error.code);
}

/** Undefined for what is a bug of ours. */
export function judgeFailure(error: unknown): Verdict | undefined {
  if (error instanceof RateLimitedError) return { kind: 'wait', resumeAtMs: error.resumeAtMs };
  if (!(error instanceof AppError) || error instanceof InvariantError) return undefined;
  const why = { code: error.code, message: error.message };
  const isNetwork =
    error instanceof ProviderUnreachableError || error instanceof ProviderTimeoutError;
  return { kind: isNetwork || error.retry !== 'never' ? 'retry' : 'fail', error: why };
}

export type AccountVerdict = Verdict | { readonly kind: 'pause' };

/** Undefined where the account can be read. */
export function judgeAccount(account: IntegratedAccount | undefined): AccountVerdict | undefined {
  switch (account?.status) {
    case 'active':
      return undefined;
    case undefined:
      return failed('account_deleted', 'the integrated account is gone');
    case 'paused':
      return { kind: 'pause' };
    case 'key_unavailable':
      return { kind: 'retry', error: failed('key_unavailable', 'the key cannot be reached').error };
    case 'needs_reauth':
      return failed('needs_reauth', 'the account must be connected again');
    case 'key_revoked':
      return failed('key_revoked', 'the key was revoked');
    case 'connecting':
      return failed('account_not_active', 'the account is not connected yet');
  }
}

function failed(code: string, message: string) {
  return { kind: 'fail', error: { code, message } } as const;
}
