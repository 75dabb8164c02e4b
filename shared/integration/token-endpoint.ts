/**
 * Where an account's access token is renewed, read from its integration's auth block.
 *
 * The shape is that of oauth/token-endpoint.ts, which stands a floor above this one.
 *
 * Errors  ForbiddenAddressError where the URL is not on the hosts allow-list
 */
import { ForbiddenAddressError } from '../http/network-errors.ts';
import { Transient } from '../kernel/transient.ts';
import { mapRecord } from './compile/values.ts';
import type { Integration, OAuth } from './integration.ts';
import type { Scope } from './scope.ts';

/** The OAuth client: the environment's, or the account's own. */
export interface OAuthClient {
  readonly id: string;
  readonly secret?: string;
}

export interface RenewalEndpoint {
  readonly url: URL;
  readonly grant: 'refresh_token' | 'client_credentials';
  readonly clientAuth: 'body' | 'basic' | 'none';
  readonly client: Transient<OAuthClient>;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

interface AccountAddress {
  readonly auth: string;
  readonly connection: Readonly<Record<string, string>>;
}

/** RFC 6749 gives none; the hard limit of every call to a provider (P2). */
const TOKEN_TIMEOUT_MS = 15_000;

/** Undefined where the account's kind of credential cannot be renewed, or nobody has a client. */
export function tokenEndpointOf(
  integration: Integration,
  account: AccountAddress,
  credentialFields: Transient<Readonly<Record<string, string>>>,
  app?: Transient<OAuthClient>,
): RenewalEndpoint | undefined {
  const oauth = integration.auth[account.auth]?.oauth;
  if (!oauth) return undefined;
  const client = ownClient(credentialFields) ?? app;
  if (!client && oauth.clientAuth !== 'none') return undefined;
  const scope: Scope = { conn: account.connection };
  const url = new URL(oauth.tokenUrl.render(scope));
  if (!integration.allowsHost(url, account.connection)) {
    throw new ForbiddenAddressError('the token URL is not on the allow-list of hosts', {
      reason: 'host_not_allowed',
    });
  }
  return {
    url,
    grant: oauth.grant,
    clientAuth: oauth.clientAuth,
    client: client ?? Transient.of({ id: '' }),
    params: { ...scopeParam(oauth), ...mapRecord(oauth.tokenParams, (text) => text.render(scope)) },
    headers: mapRecord(oauth.tokenHeaders, (text) => text.render(scope)),
    timeoutMs: TOKEN_TIMEOUT_MS,
  };
}

/** An account that brought its own client is renewed with it, whatever the environment's app is. */
function ownClient(
  fields: Transient<Readonly<Record<string, string>>>,
): Transient<OAuthClient> | undefined {
  const { client_id: id, client_secret: secret } = fields.reveal();
  if (id === undefined) return undefined;
  return Transient.of({ id, ...(secret === undefined ? {} : { secret }) });
}

/** RFC 6749 §6: a refresh without scope keeps what was granted; §4.4: client credentials ask. */
function scopeParam(oauth: OAuth): Readonly<Record<string, string>> {
  if (oauth.grant === 'refresh_token' || oauth.scopes.length === 0) return {};
  return { scope: oauth.scopes.join(oauth.scopeSeparator) };
}
