/**
 * How an account's credential is renewed, read from its integration's auth block: by a token
 * request, or by the steps of an exchange that is no OAuth.
 *
 * An OAuth client is a secret of whoever registered it. The account's own goes wherever the
 * account's credential goes. The environment's goes only to hosts that the integration itself
 * names: an account's inputs may choose among them, not choose the host, since an end user gives
 * them and would get every other tenant's client with it.
 *
 * Errors  ForbiddenAddressError, from `checkUrl`
 */
import type { CredentialFields } from '../../account/credential.ts';
import type { IntegratedAccount } from '../../account/integrated-account.ts';
import { ForbiddenAddressError } from '../../http/network-errors.ts';
import { alternativeOf } from '../../integration/auth/alternative.ts';
import type { Auth, OAuth, TokenExchange } from '../../integration/auth/plan.ts';
import { hasLiteralHost } from '../../integration/connection/hosts.ts';
import type { Integration } from '../../integration/document/plan.ts';
import type { Template } from '../../integration/template/template.ts';
import { Transient } from '../../kernel/transient.ts';

/** The OAuth client: the environment's, or the account's own. */
export interface OAuthClient {
  readonly id: string;
  readonly secret?: string;
}

export interface PlannedClient {
  readonly value: Transient<OAuthClient>;
  /** Whether the account brought it. */
  readonly isOwn: boolean;
}

interface Plan {
  readonly account: IntegratedAccount;
  readonly integration: Integration;
  readonly client: PlannedClient | undefined;
  /** Fields of the credential that a renewal may use up: what a lost answer could cost. */
  readonly spends: readonly string[];
}

export type OAuthPlan = Plan & { readonly kind: 'oauth'; readonly oauth: OAuth };
export type ExchangePlan = Plan & { readonly kind: 'exchange'; readonly exchange: TokenExchange };
export type RenewalPlan = OAuthPlan | ExchangePlan;

/** Undefined where the account's kind of credential cannot be renewed, or nobody has a client. */
export function renewalPlanOf(
  integration: Integration,
  account: IntegratedAccount,
  fields: Transient<CredentialFields>,
  app: Transient<OAuthClient> | undefined,
): RenewalPlan | undefined {
  const auth = alternativeOf(integration, account);
  if (!auth) return undefined;
  const client = clientOf(fields, app);
  if (!client && needsClient(auth)) return undefined;
  const { oauth, exchange } = auth;
  const plan = { account, integration, client };
  if (oauth) return { ...plan, kind: 'oauth', oauth, spends: spentBy(oauth) };
  return exchange && { ...plan, kind: 'exchange', exchange, spends: exchange.spends };
}

/** Whether anything about it could be renewed at all: what no client can be missing for. */
export function isRenewable({ oauth, exchange }: Auth): boolean {
  return oauth !== undefined || exchange !== undefined;
}

function needsClient({ oauth, exchange }: Auth): boolean {
  if (exchange) return exchange.steps.usesClient;
  return oauth !== undefined && !['none', 'private_key_jwt'].includes(oauth.clientAuth);
}

/** A token that is sent to be renewed may die with it; an access token does only if that is said. */
function spentBy({ grant, refresh }: OAuth): readonly string[] {
  if (grant === 'client_credentials') return [];
  return refresh.token === 'refresh_token' || refresh.rotates ? [refresh.token] : [];
}

/** An account that brought its own client is renewed with it, whatever the environment's app is. */
export function clientOf(
  fields: Transient<CredentialFields>,
  app: Transient<OAuthClient> | undefined,
): PlannedClient | undefined {
  const { client_id: id, client_secret: secret } = fields.reveal();
  if (id !== undefined) {
    const value = Transient.of({ id, ...(secret === undefined ? {} : { secret }) });
    return { value, isOwn: true };
  }
  return app && { value: app, isOwn: false };
}

/** A value that lands behind the question mark is one value of the query, whatever it holds. */
function inQuery(value: string, before: string): string {
  return before.includes('?') ? encodeURIComponent(value) : value;
}

/**
 * A URL that the account's alternative declares, filled in.
 *
 * @param showsClient whether the request to it holds the OAuth client, or what is made of it
 * @throws ForbiddenAddressError where the integration does not allow the host, or not for that
 */
export function checkedUrl(
  { account, integration, client }: Pick<Plan, 'account' | 'integration' | 'client'>,
  template: Template,
  scope: Readonly<Record<string, unknown>>,
  showsClient: boolean,
): URL {
  const text = template.render(scope, inQuery);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !integration.allowsHost(url, account.connection)) {
    throw new ForbiddenAddressError('the URL is not on the allow-list of hosts', {
      reason: 'host_not_allowed',
    });
  }
  const isApps = showsClient && client !== undefined && !client.isOwn;
  if (isApps && !hasLiteralHost(template.text) && !integration.allowsClientAt(url)) {
    throw new ForbiddenAddressError(
      "the environment's OAuth client is not shown to a host that the account chose; import the account with a client of its own",
      { reason: 'client_not_allowed_at_host' },
    );
  }
  return url;
}
