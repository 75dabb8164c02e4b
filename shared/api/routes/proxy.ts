/** The pass-through proxy: the provider's own API, with our keys, errors and rate-limit headers. */
import * as z from 'zod';
import type { AccountStore } from '../../account/account-store.ts';
import { ConflictError, InvalidRequestError } from '../../kernel/errors.ts';
import { type AccountId, brandId } from '../../kernel/id.ts';
import type { ProxyCall } from '../../proxy/proxy-call.ts';
import { endpoint, noBody } from '../endpoint.ts';
import { type MatchedRequest, type Route, route } from '../route.ts';

const PREFIX = '/v1/proxy';
const ACCOUNT_HEADER = 'x-integrated-account-id';
/** Parameters that are ours; the rest goes to the provider. */
const ACCOUNT_PARAM = 'integrated_account_id';
const RAW_ERRORS_PARAM = 'raw_errors';

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
}

export function proxyRoute({ accounts, proxyCall }: ProxyRouteDeps): Route {
  return route(proxy, {
    async run({ request, query, caller, requestId }) {
      const account = await accounts.get(caller.environmentId, accountIdOf(request));
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
      });
      return { status, headers, stream: body };
    },
  });
}

/** @throws InvalidRequestError where neither header nor query names an account */
function accountIdOf({ headers, query }: MatchedRequest): AccountId {
  const id = headers[ACCOUNT_HEADER] ?? query.get(ACCOUNT_PARAM);
  if (id) return brandId<'ia'>(id);
  throw new InvalidRequestError('the request is not valid', [
    { path: ACCOUNT_PARAM, message: `is required, here or as the header ${ACCOUNT_HEADER}` },
  ]);
}

function providerQuery(query: URLSearchParams): string {
  const rest = [...query].filter(([name]) => name !== ACCOUNT_PARAM && name !== RAW_ERRORS_PARAM);
  return new URLSearchParams(rest).toString();
}

/** `?raw_errors` alone counts as set. */
function isSet(flag: string | undefined): boolean {
  return flag === 'true' || flag === '';
}
