/**
 * A caller's request, turned into the call to the provider: below the integration's base URL, and
 * with nothing of the caller's own on it.
 *
 * Errors  InvalidRequestError, ForbiddenAddressError
 */
import type { IntegratedAccount } from '../account/integrated-account.ts';
import type { OutboundRequest } from '../http/http-message.ts';
import { loggedFreeUrl } from '../http/redact.ts';
import type { Integration } from '../integration/document/plan.ts';
import { urlWordsOf } from '../integration/document/url-words.ts';
import { InvalidRequestError } from '../kernel/errors.ts';
import type { ProviderCall } from '../provider/exchange.ts';
import { forwardedHeaders } from './forwarded-headers.ts';

export interface ProxyRequest {
  readonly requestId: string;
  readonly account: IntegratedAccount;
  readonly method: string;
  /** Below the base URL, percent-encoded as the caller sent it: `/tickets/1`. */
  readonly path: string;
  /** As the caller sent it, without `?`; our own parameters already taken out. */
  readonly query: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: OutboundRequest['body'];
  /** Provider's failures as they are, rather than as errors of ours. */
  readonly rawErrors?: boolean;
  /** Instead of the usual limit of a call. */
  readonly timeoutMs?: number | undefined;
  /** Our own parameters that who follows a redirect back to us must repeat. */
  readonly ownQuery?: string | undefined;
}

export interface ProxiedCall extends ProviderCall {
  /** Of the base URL, without a slash at its end. */
  readonly basePath: string;
}

export function toProviderCall(integration: Integration, request: ProxyRequest): ProxiedCall {
  checkMethod(request.method);
  const { origin, basePath } = baseOf(integration, request.account);
  const url = urlOf(origin, basePath + checkedPath(request.path), request.query);
  return {
    basePath,
    requestId: request.requestId,
    account: request.account,
    integration,
    operation: 'proxy',
    request: {
      url,
      method: request.method,
      headers: forwardedHeaders(request.headers),
      loggedUrl: loggedFreeUrl(url, basePath, urlWordsOf(integration)),
      ...(request.body ? { body: request.body } : {}),
    },
    timeoutMs: request.timeoutMs,
  };
}

/** Parsed once: whatever is in a path stays in the path. */
function urlOf(origin: string, path: string, query: string): URL {
  const text = /[?#]/.test(path) ? path.replaceAll('?', '%3F').replaceAll('#', '%23') : path;
  return new URL(`${origin}${text}${query === '' ? '' : `?${query.replaceAll('#', '%23')}`}`);
}

interface Base {
  readonly integration: Integration;
  readonly origin: string;
  readonly basePath: string;
}

/** An account object never changes, nor does where it calls. */
const bases = new WeakMap<IntegratedAccount, Base>();

function baseOf(integration: Integration, account: IntegratedAccount): Base {
  const known = bases.get(account);
  if (known?.integration === integration) return known;
  const url = integration.baseUrl(account);
  const base = { integration, origin: url.origin, basePath: url.pathname.replace(/\/+$/, '') };
  bases.set(account, base);
  return base;
}

/** Their answers repeat the request's headers, the credential among them, or open a tunnel. */
const REFUSED_METHODS = new Set(['TRACE', 'TRACK', 'CONNECT']);

/** @throws InvalidRequestError */
function checkMethod(method: string): void {
  if (!REFUSED_METHODS.has(method.toUpperCase())) return;
  throw new InvalidRequestError('the method is not passed on', [
    { path: 'method', message: 'must not be TRACE, TRACK or CONNECT' },
  ]);
}

/** Between segments, for us, for URL parsers and for servers that decode before they split. */
const SEPARATOR = /[/\\]|%2f|%5c/i;
/** `.` and `..`, with the parameters that some servers cut off: `..;x=1`. */
const DOT_SEGMENT = /^(?:\.|%2e){1,2}(?:;|%3b|$)/i;
/** Without one of these a path has no dot segments, and is not split to find out. */
const MAY_CLIMB = /\.|%2e/i;

/** @throws InvalidRequestError for a path that would leave the base URL once it is normalised */
function checkedPath(path: string): string {
  const text = path.startsWith('/') ? path : `/${path}`;
  const climbs =
    MAY_CLIMB.test(text) && text.split(SEPARATOR).some((part) => DOT_SEGMENT.test(part));
  // URL parsers drop tabs and line ends, and only then look for dot segments.
  if (climbs || text.includes('\\') || /\p{Cc}/u.test(text)) {
    throw new InvalidRequestError('the path must stay below the base URL', [
      { path: 'path', message: 'must hold no dot segments, backslashes or control characters' },
    ]);
  }
  return text;
}
