/**
 * The pass-through proxy: a call in the provider's own shape, streamed both ways.
 *
 * The caller's path is taken below the integration's base URL and cannot leave it. Answers of
 * success are not read here at all; those of failure are read up to a limit, so that the
 * integration's rules can say what they mean, unless the caller wants them raw.
 *
 * Errors  RateLimitedError, NeedsReauthError, ProviderError, InvalidRequestError; those of SendHttp
 */
import { Readable } from 'node:stream';
import type { HeldCredential } from '../account/credential-source.ts';
import type { IntegratedAccount } from '../account/integrated-account.ts';
import type { OutboundRequest } from '../http/http-message.ts';
import { rateLimitHeaders } from '../http/rate-limit.ts';
import { readBody } from '../http/read-body.ts';
import { loggedFreeUrl } from '../http/redact.ts';
import type { Catalogue } from '../integration/catalogue.ts';
import type { Integration } from '../integration/integration.ts';
import { urlWordsOf } from '../integration/url-words.ts';
import { InvalidRequestError, NotFoundError } from '../kernel/errors.ts';
import type { Transient } from '../kernel/transient.ts';
import { parseAnswer } from './answer.ts';
import { classify, type Failure, toError } from './classify.ts';
import { exchange, type ProviderCall, type ProviderDeps, type RawAnswer } from './exchange.ts';
import { forwardedHeaders, returnedHeaders } from './forwarded-headers.ts';
import { currentCredential, renewedCredential } from './provider-client.ts';

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
}

export interface ProxyAnswer {
  readonly status: number;
  /** The provider's, filtered, and the normalised rate-limit headers. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Transient<Readable>;
}

export type ProxyCall = (request: ProxyRequest) => Promise<ProxyAnswer>;

/** Errors say what they have to say in far less. */
const MAX_ERROR_BYTES = 256 * 1_024;

export function createProxyCall(deps: ProviderDeps & { readonly catalogue: Catalogue }): ProxyCall {
  return async (request) => {
    const integration = deps.catalogue.integration(request.account.integration);
    if (!integration) throw new NotFoundError('the catalogue has no such integration');
    const call = toProviderCall(integration, request);
    const held = await currentCredential(deps, call);
    const first = await attempt(deps, call, held);
    const renewed =
      first.failure?.class === 'auth' && held && isRepeatable(request)
        ? await renewedCredential(deps, call, held)
        : undefined;
    const last = renewed ? await attempt(deps, call, renewed) : first;
    return toAnswer(deps, request, integration, last);
  };
}

function toProviderCall(integration: Integration, request: ProxyRequest): ProviderCall {
  checkMethod(request.method);
  const base = integration.baseUrl(request.account.connection);
  const basePath = base.pathname.replace(/\/+$/, '');
  const url = new URL(base.origin);
  url.pathname = basePath + checkedPath(request.path);
  url.search = request.query;
  return {
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
  };
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

/** @throws InvalidRequestError for a path that would leave the base URL once it is normalised */
function checkedPath(path: string): string {
  const text = path.startsWith('/') ? path : `/${path}`;
  const climbs = text.split(SEPARATOR).some((part) => DOT_SEGMENT.test(part));
  // URL parsers drop tabs and line ends, and only then look for dot segments.
  if (climbs || text.includes('\\') || /\p{Cc}/u.test(text)) {
    throw new InvalidRequestError('the path must stay below the base URL', [
      { path: 'path', message: 'must hold no dot segments, backslashes or control characters' },
    ]);
  }
  return text;
}

/** A stream is spent after one attempt. */
function isRepeatable(request: ProxyRequest): boolean {
  return !(request.body?.reveal() instanceof Readable);
}

interface Attempt extends RawAnswer {
  readonly failure: Failure | undefined;
  /** The body, where it had to be read. */
  readonly read: Transient<Buffer> | undefined;
}

async function attempt(
  deps: ProviderDeps,
  call: ProviderCall,
  held: HeldCredential | undefined,
): Promise<Attempt> {
  const raw = await exchange(deps, call, held);
  const { status, headers } = raw.response;
  // Only a failure is worth reading; a success streams through untouched.
  if (status < 400) {
    const failure = classify(
      call.integration,
      { status, headers, body: undefined },
      undefined,
      deps.clock.now(),
    );
    return { ...raw, read: undefined, failure };
  }
  const read = await readBody(raw.response.body, MAX_ERROR_BYTES);
  const { scope } = parseAnswer(status, headers, read);
  return {
    ...raw,
    read,
    failure: classify(call.integration, scope.reveal(), undefined, deps.clock.now()),
  };
}

function toAnswer(
  deps: ProviderDeps,
  request: ProxyRequest,
  integration: Integration,
  { response, rateLimit, failure, read }: Attempt,
): ProxyAnswer {
  const nowMs = deps.clock.now();
  const redirect = response.status >= 300 && response.status < 400;
  if (failure && !request.rawErrors && !redirect) {
    response.body.reveal().destroy();
    throw toError(failure, nowMs, integration.name, rateLimit);
  }
  const limited = failure?.class === 'rate_limited' ? failure.resumeAtMs : undefined;
  return {
    status: response.status,
    headers: {
      ...returnedHeaders(response.headers),
      ...rateLimitHeaders(rateLimit, nowMs, limited),
    },
    body: read ? read.map((bytes) => Readable.from([bytes])) : response.body,
  };
}
