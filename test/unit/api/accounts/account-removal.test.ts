import {
  type AccountRemovalDeps,
  accountRemovalRoute,
} from '#shared/api/accounts/account-removal.ts';
import { anAccount } from '../../../support/builders/an-integration.ts';
import { aRequest, aRouter, CALLER, problemIn } from '../../../support/builders/api-requests.ts';

const ACCOUNT = anAccount({ environmentId: CALLER.environmentId, version: 7 });

function aRemoval(change: Partial<AccountRemovalDeps> = {}) {
  const done: string[] = [];
  const route = accountRemovalRoute({
    accounts: {
      get: async () => ACCOUNT,
      delete: async (_environment, id) => {
        done.push(`delete ${id}`);
      },
    },
    revokeGrant: async (account, requestId) => {
      done.push(`revoke ${account.id} ${requestId}`);
      return 'failed';
    },
    tellDeleted: async (account, revocation) => {
      done.push(`tell ${account.id} ${revocation}`);
    },
    ...change,
  });
  return { ...aRouter([route]), done };
}

const remove = (headers: Record<string, string> = {}) =>
  aRequest('DELETE', '/v1/integrated-accounts/ia_1', undefined, {
    'x-request-id': 'r1',
    ...headers,
  });

describe('the removal of an account', () => {
  it('revokes first, deletes although that failed, and says so', async () => {
    const { serve, done } = aRemoval();

    expect((await serve(remove())).status).toBe(204);
    expect(done).toEqual(['revoke ia_1 r1', 'delete ia_1', 'tell ia_1 failed']);
  });

  it('revokes nothing of an account that has changed since it was read', async () => {
    const { serve, done } = aRemoval();

    expect(problemIn(await serve(remove({ 'if-match': '"6"' })))).toMatchObject({ status: 412 });
    expect(done).toEqual([]);
  });
});
