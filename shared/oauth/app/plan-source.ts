/** Finds how an account's credential is renewed, with the OAuth client where that takes one. */
import type { CredentialFields } from '../../account/credential.ts';
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import { alternativeOf } from '../../integration/auth/alternative.ts';
import type { Catalogue } from '../../integration/catalogue/catalogue.ts';
import { NotFoundError } from '../../kernel/errors.ts';
import type { Transient } from '../../kernel/transient.ts';
import type { PlanOf } from '../renewal/renewal-need.ts';
import type { AppStore } from './app-store.ts';
import {
  clientOf,
  isRenewable,
  type OAuthClient,
  type PlannedClient,
  renewalPlanOf,
} from './renewal-plan.ts';

export type ClientFor = (
  account: IntegratedAccount,
  fields: Transient<CredentialFields>,
) => Promise<PlannedClient | undefined>;

type Apps = Pick<AppStore, 'get'>;
type Integrations = Pick<Catalogue, 'integration'>;

export function createPlanOf(catalogue: Integrations, apps: Apps): PlanOf {
  return async (account, fields) => {
    const integration = catalogue.integration(account.integration);
    if (!integration) throw new NotFoundError('the catalogue has no such integration');
    const auth = alternativeOf(integration, account);
    // The usual API key costs no look at the app.
    if (!auth || !isRenewable(auth)) return undefined;
    return renewalPlanOf(integration, account, fields, await appClient(apps, account));
  };
}

/** The account's own client, else the environment's. */
export function createClientFor(apps: Apps): ClientFor {
  return async (account, fields) => clientOf(fields, await appClient(apps, account));
}

async function appClient(
  apps: Apps,
  { environmentId, integration }: IntegratedAccount,
): Promise<Transient<OAuthClient> | undefined> {
  const app = await apps.get(environmentId, integration);
  const client = app?.reveal().client;
  return client && app.map(() => client);
}
