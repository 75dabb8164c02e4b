/**
 * The real engine for authors: everything of it but the network, the clock and the stored
 * credentials. One file, so that fixtures, conformance and documentation play the same engine.
 *
 * Units  the clock stands until something sleeps on it, and then jumps
 */
import { type CredentialFields, createCredential } from '#shared/account/credential.ts';
import type { CredentialSource } from '#shared/account/credential-source.ts';
import type { IntegratedAccount } from '#shared/account/integrated-account.ts';
import type { SendHttp } from '#shared/http/http-message.ts';
import type { Catalogue } from '#shared/integration/catalogue/catalogue.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { brandId } from '#shared/kernel/id.ts';
import type { Json, JsonObject } from '#shared/kernel/json.ts';
import type { Random } from '#shared/kernel/random.ts';
import { Transient } from '#shared/kernel/transient.ts';
import { createVerifyAccount } from '#shared/provider/verify-account.ts';
import { createFetchPage, type PageSourceDeps } from '#shared/unified/page-source.ts';
import { parseRef } from '#shared/unified/resource-ref.ts';
import { createUnifiedCalls } from '#shared/unified/unified-calls.ts';
import type { BoundaryCall } from '#shared/wire/boundary-call.ts';
import { connectOn, type OAuthClient, renewOn } from './token-engine.ts';

export const ENGINE_TIME_MS = Date.parse('2026-03-01T12:00:00.000Z');

export interface Cast {
  readonly integration: string;
  readonly auth: string;
  readonly connection: Readonly<Record<string, string>>;
  readonly credential: CredentialFields;
}

export interface EngineOptions {
  readonly catalogue: Catalogue;
  readonly cast: Cast;
  readonly send: SendHttp;
  readonly nowMs?: number;
  /** Whether a refused credential is renewed, once. */
  readonly renews?: boolean;
}

/** What a list is asked for. */
export interface ListAsk {
  readonly resource: string;
  readonly method: string;
  readonly query: JsonObject;
  readonly cursor?: Json | undefined;
  readonly maxPages?: number | undefined;
}

/** What one record is asked for, or written. */
export interface RecordAsk {
  readonly resource: string;
  readonly query: JsonObject;
  readonly id?: string | undefined;
  readonly input?: JsonObject | undefined;
}

export interface EngineUnderTest {
  readonly clock: Clock;
  /** What the boundary log would hold. */
  readonly calls: readonly BoundaryCall[];
  /** How often the credential was said to be refused. */
  renewals(): number;
  list(ask: ListAsk): Promise<readonly unknown[]>;
  get(ask: RecordAsk): Promise<JsonObject>;
  /** Undefined where the provider answers no record. */
  write(verb: 'create' | 'update' | 'delete', ask: RecordAsk): Promise<JsonObject | undefined>;
  verify(): Promise<void>;
  /** The inputs of the connection as the provider completes them. */
  connect(): Promise<Readonly<Record<string, string>>>;
  /** The fields of the renewed credential. */
  renew(app: OAuthClient | undefined): Promise<CredentialFields>;
}

const REQUEST_ID = 'req-1';

export function createEngineUnderTest(options: EngineOptions): EngineUnderTest {
  const { cast, catalogue } = options;
  const clock = createEngineClock(options.nowMs ?? ENGINE_TIME_MS);
  const calls: BoundaryCall[] = [];
  const held = createHeldCredentials(cast.credential, options.renews ?? false);
  const deps: PageSourceDeps = {
    catalogue,
    send: options.send,
    clock,
    random: ENGINE_RANDOM,
    credentials: held.source,
    observe: (call) => {
      calls.push(call);
    },
  };
  const account = anAccount(cast);
  const { getRecord, writeRecord } = createUnifiedCalls(deps);
  const fetchPage = createFetchPage(deps);
  const verifyAccount = createVerifyAccount(deps);
  const callOf = ({ resource, query }: RecordAsk) => ({
    requestId: REQUEST_ID,
    account,
    ref: parseRef(resource),
    query,
  });
  return {
    clock,
    calls,
    renewals: held.renewals,
    list: (ask) => listWhole(fetchPage, account, ask),
    async get(ask) {
      return (await getRecord({ ...callOf(ask), id: ask.id ?? '' })).record.reveal();
    },
    async write(verb, { id, input, ...ask }) {
      const { record } = await writeRecord({
        ...callOf(ask),
        verb,
        operationKey: 'operation-1',
        ...(id === undefined ? {} : { id }),
        ...(input === undefined ? {} : { input: Transient.of(input) }),
      });
      return record?.reveal();
    },
    verify: () => verifyAccount(account, REQUEST_ID),
    connect: () => connectOn(deps, account, REQUEST_ID),
    renew: (app) => renewOn(deps, account, cast.credential, app, REQUEST_ID),
  };
}

async function listWhole(
  fetchPage: ReturnType<typeof createFetchPage>,
  account: IntegratedAccount,
  ask: ListAsk,
): Promise<readonly unknown[]> {
  const records: unknown[] = [];
  let cursor = ask.cursor;
  for (let page = 0; page < (ask.maxPages ?? Number.POSITIVE_INFINITY); page += 1) {
    const { records: listed, next } = await fetchPage({
      requestId: REQUEST_ID,
      account,
      resource: ask.resource,
      method: ask.method,
      query: Transient.of(ask.query),
      ...(cursor === undefined ? {} : { cursor }),
    });
    records.push(...listed.map((one) => ('value' in one ? one.value.reveal() : one)));
    if (next === undefined) break;
    cursor = next;
  }
  return records;
}

/** The same every time: what is signed can be compared. */
const ENGINE_RANDOM: Random = {
  bytes: (length) => Buffer.alloc(length, 7),
  integer: (minimum) => minimum,
};

function createEngineClock(startMs: number): Clock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms;
    },
  };
}

function createHeldCredentials(fields: CredentialFields, renews: boolean) {
  let renewals = 0;
  const source: CredentialSource = async (_account, request) => {
    if (request?.refusedVersion !== undefined) renewals += 1;
    return { credential: createCredential(fields), version: renews && renewals > 0 ? 2 : 1 };
  };
  return { source, renewals: () => renewals };
}

function anAccount(cast: Cast): IntegratedAccount {
  return {
    id: brandId('ia_1'),
    environmentId: brandId('env_1'),
    tenantId: brandId('tenant-1'),
    integration: cast.integration,
    auth: cast.auth,
    connection: cast.connection,
    status: 'active',
    createdAtMs: 0,
    updatedAtMs: 0,
    version: 1,
  };
}
