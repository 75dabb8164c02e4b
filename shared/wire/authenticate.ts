/**
 * Puts an account's credential on a request, at the last moment before it is sent: where the
 * method or the account's alternative says, and as a signature over all of it where that is asked.
 *
 * Errors  NeedsReauthError where the credential lacks what the integration sends; MissingInputError
 *         where the connection does; UnprocessableError
 * Source  RFC 6265 §4.2 (Cookie)
 */
import type { Credential } from '../account/credential.ts';
import type { IntegratedAccount } from '../account/integrated-account.ts';
import { alternativeOf } from '../integration/auth/alternative.ts';
import type { Apply, Auth, Templates } from '../integration/auth/plan.ts';
import type { Integration } from '../integration/document/plan.ts';
import type { Scope } from '../integration/template/scope.ts';
import { MissingValueError } from '../integration/template/template.ts';
import { ConflictError, InvalidRequestError } from '../kernel/errors.ts';
import { mapRecord } from '../kernel/map-record.ts';
import type { Random } from '../kernel/random.ts';
import { basicHeader } from './basic.ts';
import { withCredentialInBody } from './credential-in-body.ts';
import { checkHeaderValue } from './header-value.ts';
import { NeedsReauthError } from './provider-errors.ts';
import type { Outgoing } from './sign/outgoing.ts';
import { signatureHeaders } from './sign/sign-request.ts';

/** Of a nonce: as many bytes as its text has pairs of digits. */
const NONCE_BYTES = 16;

export interface Instant {
  readonly nowMs: number;
  readonly random: Random;
}

/** @throws ConflictError where the integration no longer has the account's alternative */
export function authOf(integration: Integration, account: IntegratedAccount): Auth {
  const auth = alternativeOf(integration, account);
  if (auth) return auth;
  throw new ConflictError('the integration has no such way to authenticate any more', {
    account_id: account.id,
  });
}

/** @param own where the method puts the credential, instead of the alternative's way */
export async function authenticate(
  request: Outgoing & { readonly apply?: Apply | undefined },
  auth: Auth,
  credential: Credential | undefined,
  account: IntegratedAccount,
  { nowMs, random }: Instant,
): Promise<Outgoing> {
  const { apply: own, ...bare } = request;
  const scope = { cred: credential?.fields.reveal() ?? {}, conn: account.connection };
  try {
    const placed = addHeaders(
      place(bare, own ?? auth.apply, scope),
      basicHeader(own ? undefined : auth.basic, scope),
    );
    if (own || !auth.signer) return placed;
    const moment = { nowMs, nonce: random.bytes(NONCE_BYTES).toString('hex') };
    return addHeaders(placed, await signatureHeaders(auth.signer, placed, scope, moment));
  } catch (error) {
    if (!(error instanceof MissingValueError || error instanceof InvalidRequestError)) throw error;
    throw new NeedsReauthError('the credential lacks something that the provider needs', {
      account_id: account.id,
    });
  }
}

function place(request: Outgoing, apply: Apply, scope: Scope): Outgoing {
  const url = withParameters(request.url, rendered(apply.query, scope));
  const headers = { ...rendered(apply.headers, scope), ...cookieHeader(request, apply, scope) };
  const body = rendered(apply.body, scope);
  return withCredentialInBody(addHeaders({ ...request, url }, headers), body);
}

/** The very URL where nothing is added: copying one costs as much as parsing it. */
function withParameters(url: URL, parameters: Readonly<Record<string, string>>): URL {
  const added = Object.entries(parameters);
  if (added.length === 0) return url;
  const copy = new URL(url);
  for (const [name, value] of added) copy.searchParams.set(name, value);
  return copy;
}

function cookieHeader(
  { headers }: Outgoing,
  { cookies }: Apply,
  scope: Scope,
): Readonly<Record<string, string>> {
  const pairs = Object.entries(rendered(cookies, scope)).map(([name, value]) => `${name}=${value}`);
  if (pairs.length === 0) return {};
  const present = headers['cookie'];
  return { cookie: [...(present === undefined ? [] : [present]), ...pairs].join('; ') };
}

function addHeaders(request: Outgoing, added: Readonly<Record<string, string>>): Outgoing {
  for (const value of Object.values(added)) checkHeaderValue(value);
  return { ...request, headers: { ...request.headers, ...added } };
}

function rendered(templates: Templates, scope: Scope): Readonly<Record<string, string>> {
  return mapRecord(templates, (template) => template.render(scope));
}
