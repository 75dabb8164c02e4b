/**
 * One account of the real engine over real sockets, for the tiers that talk to real servers: its
 * credential is in memory, and is renewed by the code that renews stored ones.
 *
 * Units  the clock is the system's, and jumps where the engine would wait
 */
import { Readable } from 'node:stream';
import { renewOn } from '../../../authoring/engine/token-engine.ts';
import { type CredentialFields, createCredential } from '../../../shared/account/credential.ts';
import type { IntegratedAccount } from '../../../shared/account/integrated-account.ts';
import type { SendHttp } from '../../../shared/http/http-message.ts';
import type { RateLimitState } from '../../../shared/http/rate-limit.ts';
import { readBody } from '../../../shared/http/read-body.ts';
import type { Catalogue } from '../../../shared/integration/catalogue/catalogue.ts';
import type { Clock } from '../../../shared/kernel/clock.ts';
import { UnprocessableError } from '../../../shared/kernel/errors.ts';
import { brandId } from '../../../shared/kernel/id.ts';
import type { Json, JsonObject } from '../../../shared/kernel/json.ts';
import { systemRandom } from '../../../shared/kernel/random.ts';
import { Transient } from '../../../shared/kernel/transient.ts';
import type { OAuthClient } from '../../../shared/oauth/app/renewal-plan.ts';
import { RefreshRefusedError } from '../../../shared/oauth/token/token-response.ts';
import { createVerifyAccount } from '../../../shared/provider/verify-account.ts';
import { createProxyCall } from '../../../shared/proxy/proxy-call.ts';
import { createFetchPage, type PageSourceDeps } from '../../../shared/unified/page-source.ts';
import { parseRef } from '../../../shared/unified/resource-ref.ts';
import { createUnifiedCalls } from '../../../shared/unified/unified-calls.ts';
import { NeedsReauthError } from '../../../shared/wire/provider-errors.ts';

export interface LiveCast {
  readonly catalogue: Catalogue;
  readonly send: SendHttp;
  readonly integration: string;
  readonly auth: string;
  readonly connection?: Readonly<Record<string, string>>;
  readonly credential?: CredentialFields;
  /** The environment's OAuth client. */
  readonly app?: OAuthClient;
}

export interface ListWish {
  /** Records a page. */
  readonly limit?: number;
  readonly query?: JsonObject;
  readonly updatedAfter?: string;
}

export interface Listed {
  readonly records: readonly JsonObject[];
  readonly pages: number;
  readonly leftOut: number;
  readonly rateLimit: RateLimitState | undefined;
}

export interface WriteWish {
  readonly id?: string;
  readonly input?: JsonObject;
  readonly query?: JsonObject;
  readonly operationKey?: string;
}

export interface ProxyWish {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly query?: string;
}

export interface Proxied {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export type LiveAccount = ReturnType<typeof openLiveAccount>;

const REQUEST_ID = 'req-live';
/** A list that never ends is a failure, not a hang. */
const MOST_PAGES = 500;

export function createJumpingClock(): Clock {
  let aheadMs = 0;
  return {
    now: () => Date.now() + aheadMs,
    sleep: async (ms) => {
      aheadMs += ms;
    },
  };
}

export function openLiveAccount(cast: LiveCast) {
  const { catalogue, send, app } = cast;
  const account = anAccount(cast);
  const held = { fields: cast.credential ?? {}, version: 1 };
  const deps: PageSourceDeps = {
    catalogue,
    send,
    clock: createJumpingClock(),
    random: systemRandom,
    observe: () => undefined,
    credentials: async (_account, request) => {
      if (request?.refusedVersion === held.version) await renew().catch(giveUp);
      return { credential: createCredential(held.fields), version: held.version };
    },
  };
  const calls = createUnifiedCalls(deps);
  const fetchPage = createFetchPage(deps);
  const verifyAccount = createVerifyAccount(deps);
  const proxyCall = createProxyCall(deps);
  const callOf = (resource: string, query: JsonObject = {}) => ({
    requestId: REQUEST_ID,
    account,
    ref: parseRef(resource),
    query,
  });
  const renew = async (): Promise<void> => {
    held.fields = await renewOn(deps, account, held.fields, app, REQUEST_ID);
    held.version += 1;
  };

  return {
    account,
    deps,
    renew,
    /** As they are now. */
    fields: () => held.fields,
    verify: () => verifyAccount(account, REQUEST_ID),
    /** Page after page, as callers of the API list. */
    async list(resource: string, { limit = 100, query, updatedAfter }: ListWish = {}) {
      const call = { ...callOf(resource, query), limit, updatedAfter };
      const records: JsonObject[] = [];
      let page = await calls.listRecords(call);
      let [pages, leftOut] = [1, page.leftOut.length];
      records.push(...page.records.reveal());
      for (; page.next !== undefined && pages < MOST_PAGES; pages += 1) {
        page = await calls.listRecords({ ...call, position: page.next });
        records.push(...page.records.reveal());
        leftOut += page.leftOut.length;
      }
      return { records, pages, leftOut, rateLimit: page.rateLimit } satisfies Listed;
    },
    /** Page after page, as sync runs read. */
    async sync(resource: string, query: JsonObject = {}, method = 'list') {
      const request = { requestId: REQUEST_ID, account, resource, method };
      const records: JsonObject[] = [];
      let cursor: Json | undefined;
      for (let pages = 0; pages < MOST_PAGES; pages += 1) {
        const page = await fetchPage({
          ...request,
          query: Transient.of(query),
          ...(cursor === undefined ? {} : { cursor }),
        });
        for (const one of page.records) if ('value' in one) records.push(one.value.reveal());
        if (page.next === undefined) break;
        cursor = page.next;
      }
      return records;
    },
    async get(resource: string, id: string, query?: JsonObject) {
      return (await calls.getRecord({ ...callOf(resource, query), id })).record.reveal();
    },
    async write(verb: 'create' | 'update' | 'delete', resource: string, wish: WriteWish) {
      const { id, input, query, operationKey = 'operation-1' } = wish;
      const written = await calls.writeRecord({
        ...callOf(resource, query),
        verb,
        operationKey,
        ...(id === undefined ? {} : { id }),
        ...(input === undefined ? {} : { input: Transient.of(input) }),
      });
      return { id: written.id, record: written.record?.reveal() };
    },
    async proxy(method: string, path: string, wish: ProxyWish = {}): Promise<Proxied> {
      const { headers = {}, body, query = '' } = wish;
      const bytes = body === undefined ? undefined : Readable.from([Buffer.from(body)]);
      const answer = await proxyCall({
        requestId: REQUEST_ID,
        account,
        method,
        path,
        query,
        headers,
        ...(bytes ? { body: Transient.of(bytes) } : {}),
      });
      const text = (await readBody(answer.body, 1 << 24)).reveal().toString('utf8');
      return { status: answer.status, headers: answer.headers, text };
    },
  };
}

/** As stored credentials say it. */
function giveUp(error: unknown): never {
  if (error instanceof UnprocessableError || error instanceof RefreshRefusedError) {
    throw new NeedsReauthError('the credential was refused, and cannot be renewed');
  }
  throw error;
}

function anAccount({ integration, auth, connection = {} }: LiveCast): IntegratedAccount {
  return {
    id: brandId('ia_live'),
    environmentId: brandId('env_live'),
    tenantId: brandId('tenant-live'),
    integration,
    auth,
    connection,
    status: 'active',
    createdAtMs: 0,
    updatedAtMs: 0,
    version: 1,
  };
}
