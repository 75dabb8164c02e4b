/** The token requests and the follow-up calls of an account, over no store: nothing is stored. */
import { type CredentialFields, createCredential } from '#shared/account/credential.ts';
import type { IntegratedAccount } from '#shared/account/integrated-account.ts';
import { UnprocessableError } from '#shared/kernel/errors.ts';
import { Transient } from '#shared/kernel/transient.ts';
import { renewalPlanOf } from '#shared/oauth/app/renewal-plan.ts';
import { createRefreshToken } from '#shared/oauth/token/refresh-token.ts';
import { createConnectAccount } from '#shared/provider/connect-account.ts';
import type { PageSourceDeps } from '#shared/unified/page-source.ts';

/** Of the environment, where the account brings none. */
export interface OAuthClient {
  readonly id: string;
  readonly secret?: string | undefined;
}

/** The fields that it has afterwards. */
export async function renewOn(
  deps: PageSourceDeps,
  account: IntegratedAccount,
  fields: CredentialFields,
  app: OAuthClient | undefined,
  requestId: string,
): Promise<CredentialFields> {
  const integration = deps.catalogue.integration(account.integration);
  const client = app && { id: app.id, ...(app.secret === undefined ? {} : { secret: app.secret }) };
  const plan =
    integration &&
    renewalPlanOf(integration, account, Transient.of(fields), client && Transient.of(client));
  if (!plan) throw new UnprocessableError('the account has no credential that can be renewed');
  const refresh = createRefreshToken(deps);
  const renewed = await refresh(plan, createCredential(fields), requestId);
  return renewed.fields.reveal();
}

/** What `after_connect` finds out; what a token's answer tells, `renew` shows. */
export async function connectOn(
  deps: PageSourceDeps,
  account: IntegratedAccount,
  requestId: string,
): Promise<Readonly<Record<string, string>>> {
  let stored = account;
  const connect = createConnectAccount({
    ...deps,
    planOf: async () => undefined,
    accounts: {
      get: async () => stored,
      update: async (current, { connection = current.connection }) => {
        stored = { ...current, connection };
        return stored;
      },
    },
  });
  return (await connect(account, requestId, true)).account.connection;
}
