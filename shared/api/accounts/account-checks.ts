/** Whether an account still works, and the renewal of its credential: the routes that call providers. */
import * as z from 'zod';
import type { AccountStore } from '../../account/account-store.ts';
import type { CredentialSource } from '../../account/credential-source.ts';
import type { CredentialVault } from '../../account/credential-vault.ts';
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import { UnprocessableError } from '../../kernel/errors.ts';
import { brandId } from '../../kernel/id.ts';
import type { PlanOf } from '../../oauth/renewal/renewal-need.ts';
import type { ConnectAccount } from '../../provider/connect-account.ts';
import { endpoint } from '../http/endpoint.ts';
import { type Route, route } from '../http/route.ts';
import { idParam } from '../http/schemas.ts';
import { accountReply, accountView } from './account-view.ts';

const PATH = '/v1/integrated-accounts/{id}';

const verify = endpoint({
  method: 'POST',
  path: `${PATH}/verify`,
  scopes: ['write'],
  summary:
    'Calls the provider to see whether the credential works, and to find out what connecting the account takes.',
  input: z.object({
    params: idParam<'ia'>(),
    query: z.strictObject({
      capture: z
        .enum(['true', 'false'])
        .optional()
        .describe('`true` asks again for what the provider told before.'),
    }),
  }),
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
  readonly planOf: PlanOf;
  readonly connectAccount: ConnectAccount;
  /** Whether there is a call that verifies accounts of the integration. */
  readonly canVerify: (integration: string) => boolean;
  readonly verifyAccount: (account: IntegratedAccount, requestId: string) => Promise<void>;
}

export function accountCheckRoutes(deps: AccountCheckDeps): readonly Route[] {
  const { accounts } = deps;
  return [
    route(verify, {
      async run({ params: { id }, query, caller, requestId }) {
        const given = await accounts.get(caller.environmentId, id);
        const again = query.capture === 'true';
        const { account, asked } = await deps.connectAccount(given, requestId, again);
        // What connecting asked has shown that the credential works, where nothing else can.
        if (!asked || deps.canVerify(account.integration)) {
          await deps.verifyAccount(account, requestId);
        }
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
  if (!(await deps.planOf(account, held.credential.fields))) {
    throw new UnprocessableError('the credential of this account is not one that can be renewed');
  }
  await deps.credentials(account, { refusedVersion: held.version });
}
