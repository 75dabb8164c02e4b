/**
 * The request for a token: what RFC 6749 says, in the form and with the additions that a server
 * wants. What the integration declares goes before what the engine would send.
 *
 * Errors  {@link RefreshRefusedError}, MissingValueError
 * Source  RFC 6749 §2.3.1 (client authentication), §4.4 (client credentials), §6 (refresh);
 *         RFC 7523 §2.2 (client assertion); OpenID Connect Core §9 (its `jti`)
 */
import type { OAuth, Templates } from '../../integration/auth/plan.ts';
import type { Scope } from '../../integration/template/scope.ts';
import { mapRecord } from '../../kernel/map-record.ts';
import { Transient } from '../../kernel/transient.ts';
import { basicHeaderOf } from '../../wire/basic.ts';
import type { OAuthClient } from '../app/renewal-plan.ts';
import { mintJwt } from './mint.ts';
import type { TokenCallDeps, TokenCallRequest } from './token-call.ts';

export interface TokenGrant {
  readonly url: URL;
  readonly urlTemplate: string;
  /** `grant_type` and what goes with it. */
  readonly params: Readonly<Record<string, string>>;
  /** What the integration declares for this grant beside `token_params`. */
  readonly ownParams?: Templates;
  readonly omit?: readonly string[];
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const JTI_BYTES = 16;

export async function buildTokenRequest(
  deps: Pick<TokenCallDeps, 'clock' | 'random'>,
  oauth: OAuth,
  client: OAuthClient | undefined,
  scope: Scope,
  grant: TokenGrant,
): Promise<TokenCallRequest> {
  const declared = { ...oauth.tokenParams, ...grant.ownParams };
  const params: Record<string, string> = {
    ...grant.params,
    ...(await clientParams(deps, oauth, client, scope)),
    ...mapRecord(declared, (text) => text.render(scope)),
  };
  for (const name of [...oauth.tokenOmit, ...(grant.omit ?? [])]) delete params[name];
  const headers = {
    accept: 'application/json',
    ...clientHeader(oauth, client),
    ...mapRecord(oauth.tokenHeaders, (text) => text.render(scope)),
  };
  return place(oauth, grant, params, headers);
}

function place(
  { tokenMethod, tokenFormat }: OAuth,
  { url, urlTemplate }: TokenGrant,
  params: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
): TokenCallRequest {
  const request = { method: tokenMethod, urlTemplate };
  if (tokenMethod === 'GET' || tokenFormat === 'query') {
    const target = new URL(url);
    for (const [name, value] of Object.entries(params)) target.searchParams.set(name, value);
    return { ...request, url: target, headers };
  }
  const isJson = tokenFormat === 'json';
  const type = isJson ? 'application/json' : 'application/x-www-form-urlencoded';
  const text = isJson ? JSON.stringify(params) : new URLSearchParams(params).toString();
  return {
    ...request,
    url,
    headers: { 'content-type': type, ...headers },
    body: Transient.of(text),
  };
}

async function clientParams(
  { clock, random }: Pick<TokenCallDeps, 'clock' | 'random'>,
  { clientAuth, assertion }: OAuth,
  client: OAuthClient | undefined,
  scope: Scope,
): Promise<Readonly<Record<string, string>>> {
  const id: Readonly<Record<string, string>> = client ? { client_id: client.id } : {};
  switch (clientAuth) {
    case 'basic':
    case 'basic_secret':
      return {};
    case 'none':
      return id;
    case 'body':
      return { ...id, ...(client?.secret !== undefined && { client_secret: client.secret }) };
    case 'private_key_jwt': {
      if (!assertion) return id;
      const jti = random.bytes(JTI_BYTES).toString('hex');
      const jwt = await mintJwt(assertion, scope, clock.now(), { jti });
      return { ...id, client_assertion_type: ASSERTION_TYPE, client_assertion: jwt };
    }
  }
}

function clientHeader(
  { clientAuth }: OAuth,
  client: OAuthClient | undefined,
): Readonly<Record<string, string>> {
  const { id = '', secret = '' } = client ?? {};
  switch (clientAuth) {
    case 'basic':
      return basicHeaderOf(`${formEncode(id)}:${formEncode(secret)}`);
    case 'basic_secret':
      return basicHeaderOf(`${secret}:`);
    default:
      return {};
  }
}

/** As a form would write it: RFC 6749 §2.3.1 asks for it in both halves of Basic. */
function formEncode(text: string): string {
  return new URLSearchParams({ x: text }).toString().slice('x='.length);
}
