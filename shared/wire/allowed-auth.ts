/** Some methods may be called by accounts of some alternatives of `auth` alone. */
import type { AccountAddress } from '../integration/auth/plan.ts';
import type { Method } from '../integration/method/plan.ts';
import { UnprocessableError } from '../kernel/errors.ts';

/** @throws UnprocessableError where the account's alternative may not call the method */
export function checkAlternative(
  { authNames }: Pick<Method, 'authNames'>,
  { auth }: AccountAddress,
): void {
  if (authNames === undefined || authNames.includes(auth)) return;
  const message = `takes accounts of ${authNames.join(', ')} alone`;
  throw new UnprocessableError('the account is connected in a way that this method does not take', [
    { path: 'auth', message },
  ]);
}
