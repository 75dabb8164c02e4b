/** How a made-up account is renewed: an authorization code grant, unless a test says otherwise. */
import type { CredentialFields } from '#shared/account/credential.ts';
import type { IntegratedAccount } from '#shared/account/integrated-account.ts';
import { Transient } from '#shared/kernel/transient.ts';
import {
  type OAuthClient,
  type RenewalPlan,
  renewalPlanOf,
} from '#shared/oauth/app/renewal-plan.ts';
import { anAccount, anIntegration } from './an-integration.ts';

export interface PlanParts {
  readonly integration?: object;
  readonly account?: Partial<IntegratedAccount>;
  readonly fields?: CredentialFields;
  /** `null`: the environment has none. */
  readonly app?: OAuthClient | null;
}

const CODE = { kind: 'oauth2_code', authorize_url: 'https://api.acme.com/authorize' };

/** Of an alternative with these members; those of a code grant are filled in. */
export function aRenewalPlan(auth: object = {}, parts: PlanParts = {}): RenewalPlan {
  const plan = findRenewalPlan(auth, parts);
  if (!plan) throw new Error('there is no plan');
  return plan;
}

export function findRenewalPlan(auth: object = {}, parts: PlanParts = {}): RenewalPlan | undefined {
  const way = 'kind' in auth ? auth : { ...CODE, ...auth };
  const needsUrl = 'kind' in way && String(way.kind).startsWith('oauth2_');
  const declared = { ...(needsUrl && { token_url: 'https://api.acme.com/token' }), ...way };
  const app = parts.app === undefined ? { id: 'client', secret: 's3cret' } : parts.app;
  return renewalPlanOf(
    anIntegration({ auth: { main: declared }, ...parts.integration }),
    anAccount({ auth: 'main', ...parts.account }),
    Transient.of(parts.fields ?? {}),
    app === null ? undefined : Transient.of(app),
  );
}
