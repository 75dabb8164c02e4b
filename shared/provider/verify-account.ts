/**
 * Asks the provider whether an account's credential works, by the integration's `verify` call.
 *
 * Errors  NeedsReauthError, RateLimitedError, ProviderError; UnprocessableError where the
 *         integration declares no way to verify
 */
import type { IntegratedAccount } from '../account/integrated-account.ts';
import type { Catalogue } from '../integration/catalogue/catalogue.ts';
import { concerns } from '../integration/connection/inputs.ts';
import { NotFoundError, UnprocessableError } from '../kernel/errors.ts';
import { buildRequest } from './build-request.ts';
import type { ProviderDeps } from './exchange.ts';
import { createCallProvider } from './provider-client.ts';

export type VerifyAccount = (account: IntegratedAccount, requestId: string) => Promise<void>;

export function createVerifyAccount(
  deps: ProviderDeps & { readonly catalogue: Catalogue },
): VerifyAccount {
  const callProvider = createCallProvider(deps);
  return async (account, requestId) => {
    const integration = deps.catalogue.integration(account.integration);
    if (!integration) throw new NotFoundError('the catalogue has no such integration');
    const method = integration.verify.find((one) => concerns(one, account.auth));
    if (!method) throw new UnprocessableError('the integration declares no way to verify');
    const request = buildRequest({
      integration,
      method,
      account,
      scope: {},
    });
    await callProvider({
      requestId,
      account,
      integration,
      operation: 'verify',
      request,
      timeoutMs: method.timeoutMs,
      ok: method.ok,
    });
  };
}
