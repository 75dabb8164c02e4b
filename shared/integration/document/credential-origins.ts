/**
 * Where an account's credential is sent to: its integration's API, where it is renewed, and what
 * else its alternative and the methods call with it.
 */
import { ForbiddenAddressError } from '../../http/network-errors.ts';
import { alternativeOf } from '../auth/alternative.ts';
import type { AccountAddress, Auth, Steps } from '../auth/plan.ts';
import { MissingInputError, MissingValueError, type Template } from '../template/template.ts';
import type { Integration } from './plan.ts';

/**
 * Whether two accounts' credentials go to the same origins. Who may change a connection may not
 * read the credential, and must not have it sent to a host of its own either.
 */
export function haveSameOrigins(
  integration: Integration,
  one: AccountAddress,
  other: AccountAddress,
): boolean {
  const theirs = originsOf(integration, other);
  return originsOf(integration, one).every((origin, index) => origin === theirs[index]);
}

function originsOf(integration: Integration, account: AccountAddress): readonly string[] {
  const auth = alternativeOf(integration, account);
  const urls = [...(auth ? urlsOf(auth) : []), ...methodUrls(integration)];
  const scope = { conn: account.connection };
  return [apiOrigin(integration, account), ...urls.map((url) => originOf(url, scope))];
}

/** Nowhere, as long as an input that the address takes is missing or leads where nothing may. */
function apiOrigin(integration: Integration, account: AccountAddress): string {
  try {
    return integration.baseUrl(account).origin;
  } catch (error) {
    if (error instanceof MissingInputError || error instanceof ForbiddenAddressError) return '';
    throw error;
  }
}

function urlsOf({ oauth, exchange, revoke }: Auth): readonly Template[] {
  return [
    oauth?.tokenUrl,
    oauth?.refresh.url,
    ...(oauth ? stepUrls(oauth.afterToken) : []),
    ...(exchange ? stepUrls(exchange.steps) : []),
    revoke?.url,
  ].filter((url) => url !== undefined);
}

function stepUrls({ list }: Steps): readonly Template[] {
  return list.flatMap((step) => (step.kind === 'request' ? [step.url] : []));
}

function methodUrls({ resources, afterConnect, verify }: Integration): readonly Template[] {
  const methods = [
    ...Object.values(resources).flatMap((resource) => Object.values(resource.methods)),
    ...afterConnect.map(({ method }) => method),
    ...verify,
  ];
  return methods.map(({ baseUrl }) => baseUrl).filter((url) => url !== undefined);
}

/**
 * Of a template: what it yields where that is a URL, else as much of it as inputs can change. Two
 * that are no URLs are no address, and are refused where they are called.
 */
function originOf(
  template: Template,
  scope: { readonly conn: AccountAddress['connection'] },
): string {
  const text = filled(template, scope);
  return URL.canParse(text) ? new URL(text).origin : text;
}

/** What another root than the connection yields is the same for both accounts. */
function filled(
  template: Template,
  scope: { readonly conn: AccountAddress['connection'] },
): string {
  const others: Record<string, Record<string, string>> = {};
  for (const [root = '', name] of template.paths.map((path) => path.split('.'))) {
    if (root !== 'conn' && name !== undefined) others[root] = { ...others[root], [name]: root };
  }
  try {
    return template.render({ ...others, ...scope });
  } catch (error) {
    if (error instanceof MissingInputError || error instanceof MissingValueError) return '';
    throw error;
  }
}
