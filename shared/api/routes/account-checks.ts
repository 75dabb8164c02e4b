/** Whether an account still works, and the renewal of its credential: the routes that call providers. */
import * as z from 'zod';
import type { AccountStore } from '../../account/account-store.ts';
import type { CredentialSource } from '../../account/credential-source.ts';
import type { CredentialVault } from '../../account/credential-vault.ts';
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import { UnprocessableError } from '../../kernel/errors.ts';
import { brandId } from '../../kernel/id.ts';
import type { EndpointOf } from '../../oauth/renewal-need.ts';
import { accountReply, accountView } from '../account-view.ts';
import { endpoint } from '../endpoint.ts';
import { type Route, route } from '../route.ts';
import { idParam } from '../schemas.ts';

const PATH = '/v1/integrated-accounts/{id}';

const verify = endpoint({
  method: 'POST',
  path: `${PATH}/verify`,
  scopes: ['write'],
  summary: 'Calls the provider once to see whether the credential works.',
  input: z.object({ params: idParam<'ia'>() }),
  response: accountView,
  status: 200,
});

const refresh = endpoint({
  method: 'POST',
  path: `${PATH}/refresh`,
  scopes: ['write'],
  summary: 'Renews the credential now.',
  input: z.object({ params: idParam<'ia'>() }),
  response: accountView,
  status: 200,
});

export const accountCheckEndpoints = [verify, refresh];

export interface AccountCheckDeps {
  readonly accounts: Pick<AccountStore, 'get'>;
  readonly vault: Pick<CredentialVault, 'read'>;
  readonly credentials: CredentialSource;
  readonly endpointOf: EndpointOf;
  readonly verifyAccount: (account: IntegratedAccount, requestId: string) => Promise<void>;
}

export function accountCheckRoutes(deps: AccountCheckDeps): readonly Route[] {
  const { accounts } = deps;
  return [
    route(verify, {
      async run({ params: { id }, caller, requestId }) {
        const account = await accounts.get(caller.environmentId, id);
        await deps.verifyAccount(account, requestId);
        return accountReply(await accounts.get(caller.environmentId, id));
      },
      recall: async (id, { caller }) =>
        accountReply(await accounts.get(caller.environmentId, brandId<'ia'>(id))),
    }),
    route(refresh, {
      async run({ params: { id }, caller }) {
        const account = await accounts.get(caller.environmentId, id);
        await renew(deps, account);
        return accountReply(await accounts.get(caller.environmentId, id));
      },
      recall: async (id, { caller }) =>
        accountReply(await accounts.get(caller.environmentId, brandId<'ia'>(id))),
    }),
  ];
}

/** As if the provider had just refused the stored version. */
async function renew(deps: AccountCheckDeps, account: IntegratedAccount): Promise<void> {
  const held = await deps.vault.read(account);
  // Asked first: a refused renewal would end an account that only has nothing to renew.
  if (!(await deps.endpointOf(account, held.credential.fields))) {
    throw new UnprocessableError('the credential of this account is not one that can be renewed');
  }
  await deps.credentials(account, { refusedVersion: held.version });
}
