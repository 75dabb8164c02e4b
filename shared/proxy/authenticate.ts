/**
 * Puts an account's credential on a request, at the last moment before it is sent.
 *
 * Errors  NeedsReauthError where the credential lacks what the integration sends
 * Source  RFC 7617 (Basic): user-id and password, UTF-8, joined by a colon
 */
import type { Credential } from '../account/credential.ts';
import type { IntegratedAccount } from '../account/integrated-account.ts';
import { MissingValueError } from '../integration/compile/template.ts';
import type { Auth, Integration } from '../integration/integration.ts';
import { ConflictError, InvalidRequestError } from '../kernel/errors.ts';
import { checkHeaderValue } from './build-request.ts';
import { NeedsReauthError } from './provider-errors.ts';

export interface Authenticated {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** @throws ConflictError where the integration no longer has the account's alternative */
export function authOf(integration: Integration, account: IntegratedAccount): Auth {
  const auth = Object.hasOwn(integration.auth, account.auth)
    ? integration.auth[account.auth]
    : undefined;
  if (auth) return auth;
  throw new ConflictError('the integration has no such way to authenticate any more', {
    account_id: account.id,
  });
}

export function authenticate(
  request: Authenticated,
  auth: Auth,
  credential: Credential | undefined,
  account: IntegratedAccount,
): Authenticated {
  const scope = { cred: credential?.fields.reveal() ?? {}, conn: account.connection };
  try {
    const url = new URL(request.url);
    for (const [name, template] of Object.entries(auth.query)) {
      url.searchParams.set(name, template.render(scope));
    }
    const headers: Record<string, string> = { ...request.headers };
    for (const [name, template] of Object.entries(auth.headers)) {
      headers[name] = template.render(scope);
      checkHeaderValue(headers[name]);
    }
    if (auth.basic) {
      const pair = `${auth.basic.username.render(scope)}:${auth.basic.password.render(scope)}`;
      headers['authorization'] = `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
    }
    return { url, headers };
  } catch (error) {
    if (!(error instanceof MissingValueError || error instanceof InvalidRequestError)) throw error;
    throw new NeedsReauthError('the credential lacks something that the provider needs', {
      account_id: account.id,
    });
  }
}
