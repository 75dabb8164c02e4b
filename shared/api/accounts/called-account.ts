/**
 * The integrated account that a call to its provider is made for: named by header or by query.
 *
 * Errors  InvalidRequestError where none is named; NotFoundError; ConflictError while it is paused
 */
import type { Principal } from '../../access/authenticate.ts';
import type { AccountStore } from '../../account/account-store.ts';
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import { ConflictError, InvalidRequestError } from '../../kernel/errors.ts';
import { brandId } from '../../kernel/id.ts';
import type { ApiRequest } from '../http/api-message.ts';

export const ACCOUNT_HEADER = 'x-integrated-account-id';
export const ACCOUNT_PARAM = 'integrated_account_id';

/** @throws InvalidRequestError, NotFoundError, ConflictError */
export async function calledAccount(
  accounts: Pick<AccountStore, 'get'>,
  { headers, query }: Pick<ApiRequest, 'headers' | 'query'>,
  { environmentId }: Principal,
): Promise<IntegratedAccount> {
  const id = headers[ACCOUNT_HEADER] || query.get(ACCOUNT_PARAM);
  if (!id) {
    throw new InvalidRequestError('the request is not valid', [
      { path: ACCOUNT_PARAM, message: `is required, here or as the header ${ACCOUNT_HEADER}` },
    ]);
  }
  const account = await accounts.get(environmentId, brandId<'ia'>(id));
  refusePaused(account);
  return account;
}

/** @throws ConflictError where nobody is to be called for the account */
export function refusePaused({ status, id }: Pick<IntegratedAccount, 'status' | 'id'>): void {
  if (status !== 'paused') return;
  throw new ConflictError('the integrated account is paused', { integratedAccountId: id });
}
