/**
 * The pass-through proxy: a call in the provider's own shape, streamed through.
 *
 * Answers of success are not read here at all; those of failure are read up to a limit, so that the
 * integration's rules can say what they mean. A caller who wants them raw gets the provider's own
 * answer, a refused credential included. No answer is larger than {@link MAX_ANSWER_BYTES}.
 *
 * Errors  RateLimitedError, NeedsReauthError, ProviderError, CircuitOpenError, InvalidRequestError;
 *         those of SendHttp
 */
import { Readable } from 'node:stream';
import type { HeldCredential } from '../account/credential-source.ts';
import { decodedContent } from '../http/content-coding.ts';
import { rateLimitHeaders } from '../http/rate-limit.ts';
import { readBody } from '../http/read-body.ts';
import type { Catalogue } from '../integration/catalogue/catalogue.ts';
import { NotFoundError } from '../kernel/errors.ts';
import type { Transient } from '../kernel/transient.ts';
import { behindBreaker } from '../provider/breaker/behind-breaker.ts';
import { classify, type Failure, toError, wantsRenewal } from '../provider/classify.ts';
import { exchange, type ProviderDeps, type RawAnswer } from '../provider/exchange.ts';
import { keepCredentials } from '../provider/kept-credential.ts';
import { currentCredential, renewedCredential } from '../provider/provider-client.ts';
import { authOf } from '../wire/authenticate.ts';
import { parseAnswer } from '../wire/decode/answer.ts';
import { NeedsReauthError } from '../wire/provider-errors.ts';
import { returnedHeaders } from './forwarded-headers.ts';
import { type ProxiedCall, type ProxyRequest, toProviderCall } from './proxy-request.ts';
import { returnedLocation, withoutCredential } from './returned-redirect.ts';

export interface ProxyAnswer {
  readonly status: number;
  /** The provider's, filtered, and the normalised rate-limit headers. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Transient<Readable>;
}

export type ProxyCall = (request: ProxyRequest) => Promise<ProxyAnswer>;

/** What Lambda streams in one answer at most. */
const MAX_ANSWER_BYTES = 200 * 1_024 * 1_024;
/** Errors say what they have to say in far less. */
const MAX_ERROR_BYTES = 256 * 1_024;
/** As large as an answer that is not streamed: nobody looks into it, but it must be held. */
const MAX_RAW_ERROR_BYTES = 6 * 1_024 * 1_024;

export function createProxyCall(
  given: ProviderDeps & { readonly catalogue: Catalogue },
): ProxyCall {
  const deps = { ...given, credentials: keepCredentials(given.credentials, given.clock) };
  return async (request) => {
    const integration = deps.catalogue.integration(request.account.integration);
    if (!integration) throw new NotFoundError('the catalogue has no such integration');
    const call = toProviderCall(integration, request);
    const held = await currentCredential(deps, call);
    const first = await attempt(deps, call, request, held);
    if (!held || !wantsRenewal(first.failure) || !isRepeatable(request)) {
      return toAnswer(deps, request, call, first, held);
    }
    const renewed = await renewedUnlessRaw(deps, call, request, held);
    if (!renewed) return toAnswer(deps, request, call, first, held);
    first.response.body.reveal().destroy();
    const second = await attempt(deps, call, request, renewed);
    return toAnswer(deps, request, call, second, renewed);
  };
}

/** A stream is spent after one attempt. */
function isRepeatable(request: ProxyRequest): boolean {
  return !(request.body?.reveal() instanceof Readable);
}

/** To who wants raw answers, the provider's own refusal says more than ours. */
async function renewedUnlessRaw(
  deps: ProviderDeps,
  call: ProxiedCall,
  request: ProxyRequest,
  held: HeldCredential,
): Promise<HeldCredential | undefined> {
  try {
    return await renewedCredential(deps, call, held);
  } catch (error) {
    if (request.rawErrors && error instanceof NeedsReauthError) return undefined;
    throw error;
  }
}

interface Attempt extends RawAnswer {
  readonly failure: Failure | undefined;
  /** The body, where it had to be read. */
  readonly read: Transient<Buffer> | undefined;
}

function attempt(
  deps: ProviderDeps,
  call: ProxiedCall,
  request: ProxyRequest,
  held: HeldCredential | undefined,
): Promise<Attempt> {
  return behindBreaker(deps, call, async () => {
    const raw = await exchange(deps, { ...call, maxAnswerBytes: MAX_ANSWER_BYTES }, held);
    const { status, headers } = raw.response;
    // Only a failure is worth reading; a success streams through untouched.
    const limit = request.rawErrors ? MAX_RAW_ERROR_BYTES : MAX_ERROR_BYTES;
    const read = status < 400 ? undefined : await readBody(raw.response.body, limit);
    const text = read && decodedContent(read, headers['content-encoding'], MAX_ERROR_BYTES);
    const scope = text
      ? parseAnswer(status, headers, text).scope.reveal()
      : { status, headers, body: undefined };
    const expected = { connection: call.account.connection };
    return { ...raw, read, failure: classify(call.integration, scope, expected, deps.clock.now()) };
  });
}

function toAnswer(
  deps: ProviderDeps,
  request: ProxyRequest,
  call: ProxiedCall,
  { response, rateLimit, failure, read }: Attempt,
  held: HeldCredential | undefined,
): ProxyAnswer {
  const nowMs = deps.clock.now();
  const redirect = response.status >= 300 && response.status < 400;
  if (failure && !request.rawErrors && !redirect) {
    response.body.reveal().destroy();
    throw toError(failure, nowMs, call.integration.name, rateLimit);
  }
  const limited = failure?.class === 'rate_limited' ? failure.resumeAtMs : undefined;
  return {
    status: response.status,
    headers: {
      ...pointingHome(returnedHeaders(response.headers), request, call, held),
      ...rateLimitHeaders(rateLimit, nowMs, limited),
    },
    body: read ? read.map((bytes) => Readable.from([bytes])) : response.body,
  };
}

function pointingHome(
  headers: Readonly<Record<string, string>>,
  { ownQuery }: ProxyRequest,
  { integration, account, basePath, request }: ProxiedCall,
  held: HeldCredential | undefined,
): Readonly<Record<string, string>> {
  const names = Object.keys(authOf(integration, account).apply.query);
  const cleaned = withoutCredential(headers, names, held?.credential);
  const location = cleaned['location'];
  if (location === undefined) return cleaned;
  const place = { url: request.url, basePath, ownQuery };
  return { ...cleaned, location: returnedLocation(location, place) };
}
