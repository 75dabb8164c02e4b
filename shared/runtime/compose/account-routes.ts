/** The routes about an account that call its provider. */

import { accountCheckRoutes } from '../../api/accounts/account-checks.ts';
import { accountRemovalRoute } from '../../api/accounts/account-removal.ts';
import type { Route } from '../../api/http/route.ts';
import { accountCapabilitiesRoute } from '../../api/integrations/capabilities.ts';
import { createListDiscovered } from '../../list/fields/list-discovered.ts';
import { createRevokeGrant } from '../../oauth/revoke/revoke-grant.ts';
import { createConnectAccount } from '../../provider/connect-account.ts';
import { createCallProvider } from '../../provider/provider-client.ts';
import { createVerifyAccount } from '../../provider/verify-account.ts';
import { createAnyList } from '../../unified/any-list.ts';
import type { Publish } from '../../webhook/delivery/publish.ts';
import type { Telemetry } from '../telemetry.ts';
import { tellAccount } from './account-events.ts';
import type { Providers } from './providers.ts';
import type { Storage } from './storage.ts';

interface AccountRouteParts {
  readonly storage: Storage;
  readonly providers: Providers;
  readonly publish: Publish;
  readonly telemetry: Pick<Telemetry, 'log'>;
}

export function accountRoutes({
  storage,
  providers,
  publish,
  telemetry,
}: AccountRouteParts): readonly Route[] {
  const { accounts, vault, catalogue, planOf, clientFor, tokenCalls, calls } = providers;
  const { credentials } = calls;
  const tellDeleted = tellAccount(storage, publish, 'deleted');
  const revokeDeps = {
    ...tokenCalls,
    catalogue,
    clientFor,
    read: vault.read,
  };
  const listPage = createAnyList(createCallProvider(calls), calls.clock);
  return [
    accountCapabilitiesRoute({
      accounts,
      ...calls,
      listDiscovered: createListDiscovered(listPage, calls.clock),
    }),
    ...accountCheckRoutes({
      accounts,
      vault,
      planOf,
      credentials,
      connectAccount: createConnectAccount({ ...calls, accounts, planOf }),
      canVerify: (integration) => (catalogue.integration(integration)?.verify.length ?? 0) > 0,
      verifyAccount: createVerifyAccount(calls),
    }),
    accountRemovalRoute({
      accounts,
      revokeGrant: createRevokeGrant(revokeDeps, (message, detail) =>
        telemetry.log.warn(message, detail),
      ),
      tellDeleted: (account, revocation) => tellDeleted(account, { revocation }),
    }),
  ];
}
