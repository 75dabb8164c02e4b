/**
 * Where a user's browser is sent to grant access.
 *
 * Source  RFC 6749 §4.1.1; RFC 7636 §4.1-4.3 (PKCE, S256); RFC 9700 §2.1.1, which asks for it always
 */
import { createHash } from 'node:crypto';
import { ForbiddenAddressError } from '../../http/network-errors.ts';
import { alternativeOf } from '../../integration/auth/alternative.ts';
import type { AccountAddress, Authorization, OAuth } from '../../integration/auth/plan.ts';
import { hasLiteralHost } from '../../integration/connection/hosts.ts';
import type { Integration } from '../../integration/document/plan.ts';
import { UnprocessableError } from '../../kernel/errors.ts';
import { mapRecord } from '../../kernel/map-record.ts';
import type { Random } from '../../kernel/random.ts';

export interface AuthorizationRequest {
  readonly integration: Integration;
  readonly account: AccountAddress;
  readonly clientId: string;
  readonly redirectUri: string;
  /** Random, bound to the browser and used once: the caller's to make and to check. */
  readonly state: string;
  /** Of {@link createVerifier}; not sent where the integration turns PKCE off. */
  readonly verifier: string;
  /** Omitted: the integration's default. */
  readonly scopes?: readonly string[];
}

/** RFC 7636 §4.1: 43 characters from 32 bytes. */
const VERIFIER_BYTES = 32;

export function createVerifier(random: Random): string {
  return random.bytes(VERIFIER_BYTES).toString('base64url');
}

/** @throws UnprocessableError, ForbiddenAddressError, MissingInputError */
export function authorizationUrl(request: AuthorizationRequest): URL {
  const { integration, account } = request;
  const { oauth, authorization } = codeFlowOf(integration, account);
  const scope = { conn: account.connection, app: { client_id: request.clientId } };
  const url = targetOf(authorization, integration, account);
  const params: Readonly<Record<string, string>> = {
    response_type: 'code',
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    ...scopesOf(oauth, request.scopes),
    state: request.state,
    ...(authorization.pkce ? challengeOf(request.verifier) : {}),
    ...mapRecord(authorization.params, (text) => text.render(scope)),
  };
  for (const [name, value] of Object.entries(params)) {
    if (!authorization.omit.includes(name)) url.searchParams.set(name, value);
  }
  return url;
}

/** @throws UnprocessableError where accounts of this alternative are connected otherwise */
export function codeFlowOf(
  integration: Integration,
  account: AccountAddress,
): { readonly oauth: OAuth; readonly authorization: Authorization } {
  const oauth = alternativeOf(integration, account)?.oauth;
  if (oauth?.authorization) return { oauth, authorization: oauth.authorization };
  throw new UnprocessableError('accounts of this alternative are not connected by a browser', [
    { path: 'auth', message: 'is no authorization code grant' },
  ]);
}

/** An input must not send browsers from our page to any host of its choice. */
function targetOf(
  { url: template }: Authorization,
  integration: Integration,
  { connection }: AccountAddress,
): URL {
  const text = template.render({ conn: connection });
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (hasLiteralHost(template.text) || integration.allowsHost(url, connection))) return url;
  throw new ForbiddenAddressError('the authorization URL is not on the allow-list of hosts', {
    reason: 'host_not_allowed',
  });
}

function scopesOf(oauth: OAuth, asked = oauth.scopes): Readonly<Record<string, string>> {
  return asked.length === 0 ? {} : { [oauth.scopeParam]: asked.join(oauth.scopeSeparator) };
}

function challengeOf(verifier: string): Readonly<Record<string, string>> {
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  return { code_challenge: challenge, code_challenge_method: 'S256' };
}
