/**
 * Deletes an integrated account, with its credential: after its provider was told, where that has
 * anything to be told, and whatever it answers.
 */
import * as z from 'zod';
import type { AccountStore } from '../../account/account-store.ts';
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import type { RevokeGrant, RevokeOutcome } from '../../oauth/revoke/revoke-grant.ts';
import { endpoint, noBody } from '../http/endpoint.ts';
import { ifMatches } from '../http/etag.ts';
import { type Route, route } from '../http/route.ts';
import { idParam } from '../http/schemas.ts';

const remove = endpoint({
  method: 'DELETE',
  path: '/v1/integrated-accounts/{id}',
  scopes: ['write'],
  summary: 'Deletes an integrated account with its credential, and revokes it at the provider.',
  input: z.object({ params: idParam<'ia'>() }),
  response: noBody,
  status: 204,
});

export const accountRemovalEndpoint = remove;

export interface AccountRemovalDeps {
  readonly accounts: Pick<AccountStore, 'get' | 'delete'>;
  readonly revokeGrant: RevokeGrant;
  readonly tellDeleted: (account: IntegratedAccount, revocation: RevokeOutcome) => Promise<void>;
}

export function accountRemovalRoute({
  accounts,
  revokeGrant,
  tellDeleted,
}: AccountRemovalDeps): Route {
  return route(remove, {
    async run({ params: { id }, caller: { environmentId }, ifMatch, requestId }) {
      const account = await accounts.get(environmentId, id);
      const revocation = await ifMatches(ifMatch, account, async () => {
        // First, as long as there is a credential to do it with.
        const outcome = await revokeGrant(account, requestId);
        await accounts.delete(environmentId, id);
        return outcome;
      });
      await tellDeleted(account, revocation);
      return { id };
    },
    recall: async (id) => ({ id }),
  });
}
