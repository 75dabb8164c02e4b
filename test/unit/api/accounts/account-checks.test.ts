import { createCredential } from '#shared/account/credential.ts';
import type { CredentialRequest } from '#shared/account/credential-source.ts';
import type { IntegratedAccount } from '#shared/account/integrated-account.ts';
import { type AccountCheckDeps, accountCheckRoutes } from '#shared/api/accounts/account-checks.ts';
import { brandId } from '#shared/kernel/id.ts';
import { NeedsReauthError } from '#shared/wire/provider-errors.ts';
import {
  aRequest,
  aRouter,
  CALLER,
  jsonOf,
  problemIn,
} from '../../../support/builders/api-requests.ts';
import { aRenewalPlan } from '../../../support/builders/renewal-plan.ts';

const ACCOUNT: IntegratedAccount = {
  id: brandId('ia_1'),
  environmentId: CALLER.environmentId,
  tenantId: brandId('t'),
  integration: 'acme',
  auth: 'oauth',
  status: 'active',
  connection: {},
  createdAtMs: 0,
  updatedAtMs: 0,
  version: 1,
};
const HELD = { credential: createCredential({ access_token: 's3cret' }), version: 4 };

function aCheck(change: Partial<AccountCheckDeps> = {}) {
  const asked: (CredentialRequest | undefined)[] = [];
  const verified: string[] = [];
  const routes = accountCheckRoutes({
    accounts: { get: async () => ACCOUNT },
    vault: { read: async () => HELD },
    planOf: async () => aRenewalPlan(),
    connectAccount: async (account) => ({ account, asked: false }),
    canVerify: () => true,
    credentials: async (_, request) => {
      asked.push(request);
      return HELD;
    },
    verifyAccount: async (_, requestId) => {
      verified.push(requestId);
    },
    ...change,
  });
  return { ...aRouter(routes), asked, verified };
}

const post = (verb: string) =>
  aRequest('POST', `/v1/integrated-accounts/ia_1/${verb}`, undefined, { 'x-request-id': 'r1' });

describe('verify', () => {
  it('asks the provider under the id of the request, and shows the account', async () => {
    const { serve, verified } = aCheck();

    const answer = await serve(post('verify'));

    expect(answer.status).toBe(200);
    expect(jsonOf(answer)).toMatchObject({ id: 'ia_1', status: 'active' });
    expect(verified).toEqual(['r1']);
  });

  it('says that the user has to connect again', async () => {
    const { serve } = aCheck({ verifyAccount: () => Promise.reject(new NeedsReauthError('dead')) });

    expect(problemIn(await serve(post('verify')))).toMatchObject({
      status: 424,
      code: 'needs_reauth',
    });
  });
});

describe('verify, of an account that is not connected to the end', () => {
  const connectAccount: AccountCheckDeps['connectAccount'] = async (account) => ({
    account,
    asked: true,
  });

  it('connects it first, and again on demand', async () => {
    const again: boolean[] = [];
    const { serve, verified } = aCheck({
      connectAccount: async (account, _requestId, isAgain) => {
        again.push(isAgain);
        return { account, asked: isAgain };
      },
    });

    await serve(post('verify'));
    await serve(post('verify?capture=true'));

    expect(again).toEqual([false, true]);
    expect(verified).toEqual(['r1', 'r1']);
  });

  it('is content with that where there is nothing else to verify with', async () => {
    const { serve, verified } = aCheck({ connectAccount, canVerify: () => false });

    expect((await serve(post('verify'))).status).toBe(200);
    expect(verified).toEqual([]);
  });
});

describe('refresh', () => {
  it('renews the stored version, whatever is left of its life', async () => {
    const { serve, asked } = aCheck();

    const answer = await serve(post('refresh'));

    expect(answer.status).toBe(200);
    expect(asked).toEqual([{ refusedVersion: 4 }]);
    expect(JSON.stringify(jsonOf(answer))).not.toContain('s3cret');
  });

  it('leaves a credential alone that cannot be renewed', async () => {
    const { serve, asked } = aCheck({ planOf: async () => undefined });

    const answer = await serve(post('refresh'));

    expect(problemIn(answer)).toMatchObject({ status: 422, code: 'unprocessable' });
    expect(asked).toEqual([]);
  });
});
