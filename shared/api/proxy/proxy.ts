/** The pass-through proxy: the provider's own API, with our keys, errors and rate-limit headers. */
import * as z from 'zod';
import type { AccountStore } from '../../account/account-store.ts';
import { ConflictError, InvalidRequestError } from '../../kernel/errors.ts';
import { type AccountId, brandId } from '../../kernel/id.ts';
import type { ProxyCall } from '../../proxy/proxy-call.ts';
import { endpoint, noBody } from '../http/endpoint.ts';
import { type MatchedRequest, type Route, route } from '../http/route.ts';

const PREFIX = '/v1/proxy';
const ACCOUNT_HEADER = 'x-integrated-account-id';
/** Parameters that are ours; the rest goes to the provider. */
const ACCOUNT_PARAM = 'integrated_account_id';
const RAW_ERRORS_PARAM = 'raw_errors';
const TIMEOUT_HEADER = 'x-timeout-ms';

export const proxy = endpoint({
  method: 'ANY',
  path: `${PREFIX}/{path+}`,
  scopes: ['proxy'],
  summary: "Calls the provider's own API below its base URL and passes the answer through.",
  input: z.object({
    params: z.object({ path: z.string() }),
    query: z.object({
      [ACCOUNT_PARAM]: z.string().optional(),
      [RAW_ERRORS_PARAM]: z.enum(['true', 'false', '']).optional(),
    }),
  }),
  requestType: '*/*',
  response: noBody,
  responseType: '*/*',
  status: 200,
});

export interface ProxyRouteDeps {
  readonly accounts: Pick<AccountStore, 'get'>;
  readonly proxyCall: ProxyCall;
  /** The longest that a caller may ask for with x-timeout-ms. */
  readonly maxTimeoutMs: number;
}

export function proxyRoute({ accounts, proxyCall, maxTimeoutMs }: ProxyRouteDeps): Route {
  return route(proxy, {
    async run({ request, query, caller, requestId }) {
      const named = accountNameOf(request);
      const timeoutMs = timeoutOf(request, maxTimeoutMs);
      const account = await accounts.get(caller.environmentId, named.id);
      if (account.status === 'paused') {
        throw new ConflictError('the integrated account is paused', {
          integratedAccountId: account.id,
        });
      }
      const { status, headers, body } = await proxyCall({
        requestId,
        account,
        method: request.method,
        path: request.path.slice(PREFIX.length),
        query: providerQuery(request.query),
        headers: request.headers,
        ...(request.body.reveal().byteLength > 0 && { body: request.body }),
        rawErrors: isSet(query[RAW_ERRORS_PARAM]),
        timeoutMs,
        ownQuery: named.ownQuery,
      });
      return { status, headers, stream: body };
    },
  });
}

interface NamedAccount {
  readonly id: AccountId;
  /** Where it is named in the query, so that a redirect back to us names it too. */
  readonly ownQuery: string | undefined;
}

/** @throws InvalidRequestError where neither header nor query names an account */
function accountNameOf({ headers, query }: MatchedRequest): NamedAccount {
  const inHeader = headers[ACCOUNT_HEADER];
  if (inHeader) return { id: brandId<'ia'>(inHeader), ownQuery: undefined };
  const id = query.get(ACCOUNT_PARAM);
  if (id) {
    const ownQuery = new URLSearchParams([[ACCOUNT_PARAM, id]]).toString();
    return { id: brandId<'ia'>(id), ownQuery };
  }
  throw new InvalidRequestError('the request is not valid', [
    { path: ACCOUNT_PARAM, message: `is required, here or as the header ${ACCOUNT_HEADER}` },
  ]);
}

/** @throws InvalidRequestError */
function timeoutOf({ headers }: MatchedRequest, maxTimeoutMs: number): number | undefined {
  const text = headers[TIMEOUT_HEADER];
  if (text === undefined) return undefined;
  const timeoutMs = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (timeoutMs >= 1 && timeoutMs <= maxTimeoutMs) return timeoutMs;
  throw new InvalidRequestError('the request is not valid', [
    { path: TIMEOUT_HEADER, message: `must be milliseconds, from 1 to ${maxTimeoutMs}` },
  ]);
}

function providerQuery(query: URLSearchParams): string {
  if (!query.has(ACCOUNT_PARAM) && !query.has(RAW_ERRORS_PARAM)) return query.toString();
  const rest = [...query].filter(([name]) => name !== ACCOUNT_PARAM && name !== RAW_ERRORS_PARAM);
  return new URLSearchParams(rest).toString();
}

/** `?raw_errors` alone counts as set. */
function isSet(flag: string | undefined): boolean {
  return flag === 'true' || flag === '';
}
