/**
 * A method of an integration, filled in: the request without its credential.
 *
 * Values that come from callers or providers only ever land in one path segment, one query value,
 * one header or the body: none of them can change the host or the shape of the path.
 *
 * Errors  MissingValueError, InvalidRequestError, ForbiddenAddressError
 */
import { ForbiddenAddressError } from '../http/network-errors.ts';
import { loggedUrl } from '../http/redact.ts';
import { USER_AGENT } from '../http/user-agent.ts';
import { NOWHERE } from '../integration/auth/compile-apply.ts';
import type { AccountAddress, Apply } from '../integration/auth/plan.ts';
import type { Integration } from '../integration/document/plan.ts';
import { urlWordsOf } from '../integration/document/url-words.ts';
import type { Method } from '../integration/method/plan.ts';
import type { PlacedParam } from '../integration/paging/plan.ts';
import type { Scope } from '../integration/template/scope.ts';
import { InvalidRequestError } from '../kernel/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../kernel/json.ts';
import type { Transient } from '../kernel/transient.ts';
import { checkAlternative } from '../wire/allowed-auth.ts';
import { encodeBody, type RequestBody } from '../wire/body/request-body.ts';
import { acceptOf } from '../wire/decode/accept.ts';
import { checkHeaderValue } from '../wire/header-value.ts';

/** A parameter that the engine adds: a page token, a page size, a since. */
export type Placed = PlacedParam & { readonly value: Json };

export interface MethodCall {
  readonly integration: Integration;
  readonly method: Method;
  readonly account: AccountAddress;
  /** The roots of a request but `conn`, which is added. */
  readonly scope: Scope;
  /** The caller's own query parameters of the provider. */
  readonly query?: Readonly<Record<string, Json>>;
  readonly placed?: readonly Placed[];
  /** Query parameters to leave out. */
  readonly omit?: readonly string[];
}

export interface BuiltRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Transient<string | Uint8Array>;
  /** Where the credential goes, instead of where the account's alternative says. */
  readonly apply?: Apply;
  /** For the boundary log: names without values. */
  readonly loggedUrl: string;
  /** Of the base URL that it was built upon; empty where it is the whole origin. */
  readonly basePath: string;
}

export function buildRequest(call: MethodCall): BuiltRequest {
  const { integration, method, account } = call;
  checkAlternative(method, account);
  const placed = call.placed ?? [];
  const scope = { ...call.scope, conn: account.connection };
  const base = integration.baseUrl(account, method.baseUrl);
  const basePath = method.url ? '' : base.pathname.replace(/\/+$/, '');
  const url = method.url
    ? handedOut(call, method.url.render(scope), base)
    : filledIn(call, scope, { origin: base.origin, basePath }, placed);
  const body = buildBody(call, scope, placed);
  const headers = buildHeaders(call, scope, placed);
  return {
    url,
    method: method.httpMethod,
    headers: body ? { ...headers, 'content-type': body.contentType } : headers,
    loggedUrl: loggedUrl(url, { basePath, path: method.path.text }, isNameFor(call)),
    basePath,
    ...(body ? { body: body.body } : {}),
    ...applied(method),
  };
}

/** Undefined: all parameters are the integration's. Names that callers give are logged if it has them. */
function isNameFor({ integration, query }: MethodCall): ((name: string) => boolean) | undefined {
  if (query === undefined) return undefined;
  return (name) => !Object.hasOwn(query, name) || urlWordsOf(integration).parameters.has(name);
}

/** A URL that was handed out is signed by whoever did: the credential is none of its host's business. */
function applied({ url, apply }: Method): Pick<BuiltRequest, 'apply'> {
  if (url) return { apply: NOWHERE };
  return apply ? { apply } : {};
}

/** What an answer handed out is asked as it is, where the integration allows it. */
function handedOut({ integration, account }: MethodCall, text: string, base: URL): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === base.protocol && integration.allowsHost(url, account.connection))
    return url;
  throw new ForbiddenAddressError('the URL that was handed out is not on the allow-list of hosts', {
    reason: 'host_not_allowed',
  });
}

function filledIn(
  call: MethodCall,
  scope: Scope,
  { origin, basePath }: { readonly origin: string; readonly basePath: string },
  placed: readonly Placed[],
): URL {
  const { method } = call;
  const url = new URL(origin);
  url.pathname = basePath + checkedPath(method.path.render(scope, encodeURIComponent));
  for (const [name, compute] of Object.entries(method.query)) {
    if (!call.omit?.includes(name)) setQuery(url, name, compute(scope));
  }
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (!call.omit?.includes(name)) setQuery(url, name, value);
  }
  for (const { param, in: place, value } of placed) {
    if (place === 'query') setQuery(url, param, value);
  }
  return url;
}

/** `..` as a value would climb out of the path that the integration declares. */
function checkedPath(path: string): string {
  if (path.split('/').some((segment) => segment === '.' || segment === '..')) {
    throw new InvalidRequestError('a value may not be a dot segment of a path', []);
  }
  return path;
}

function setQuery(url: URL, name: string, value: Json | undefined): void {
  if (value === undefined || value === null) return;
  url.searchParams.delete(name);
  for (const item of Array.isArray(value) ? value : [value]) {
    url.searchParams.append(name, typeof item === 'object' ? JSON.stringify(item) : String(item));
  }
}

function buildHeaders(
  call: MethodCall,
  scope: Scope,
  placed: readonly Placed[],
): Record<string, string> {
  const accept = acceptOf(call.method.decode);
  const headers: Record<string, string> = { accept, 'user-agent': USER_AGENT };
  for (const source of [call.integration.headers, call.method.headers]) {
    for (const [name, template] of Object.entries(source)) {
      headers[name.toLowerCase()] = template.render(scope);
    }
  }
  for (const { param, in: place, value } of placed) {
    if (place === 'header') headers[param.toLowerCase()] = headerText(value);
  }
  for (const value of Object.values(headers)) checkHeaderValue(value);
  return headers;
}

function headerText(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function buildBody(
  call: MethodCall,
  scope: Scope,
  placed: readonly Placed[],
): RequestBody | undefined {
  const { method } = call;
  const inBody = placed.filter(({ in: place }) => place === 'body');
  let body = method.body?.(scope);
  for (const { param, value } of inBody) body = withMember(body, param.split('.'), value);
  return body === undefined ? undefined : encodeBody(body, method.bodyFormat, method.contentType);
}

function withMember(body: Json | undefined, path: readonly string[], value: Json): JsonObject {
  const [name = '', ...rest] = path;
  const object = isJsonObject(body) ? body : {};
  return {
    ...object,
    [name]: rest.length === 0 ? value : withMember(object[name], rest, value),
  };
}
