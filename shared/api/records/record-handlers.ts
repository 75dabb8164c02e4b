/**
 * What the routes on records do, whether a provider's own or unified ones: parameters apart, the
 * account, the cursor, the call, the answer.
 *
 * Repeats of a write with the same `Idempotency-Key` read the record back: nothing of it is stored
 * but its id.
 *
 * Errors  those of calledAccount, of cursors, and of the calls themselves
 */
import * as z from 'zod';
import type { AccountStore } from '../../account/account-store.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Random } from '../../kernel/random.ts';
import { Transient } from '../../kernel/transient.ts';
import type { RecordCall } from '../../unified/record-call.ts';
import type { ResourceRef } from '../../unified/resource-ref.ts';
import { UnsupportedMethodError } from '../../unified/supported.ts';
import type { UnifiedCalls } from '../../unified/unified-calls.ts';
import type { WriteRecordCall, WriteVerb } from '../../unified/write-record.ts';
import { calledAccount } from '../accounts/called-account.ts';
import { bodyEtag, requireMatch } from '../http/etag.ts';
import type { Cursors } from '../http/list.ts';
import type { CallContext, Reply } from '../http/route.ts';
import { operationKey } from '../idempotency/operation-key.ts';
import { openPosition, sealPosition } from './record-cursors.ts';
import {
  doneReply,
  listReply,
  type RecordsBody,
  recordReply,
  writtenReply,
} from './record-replies.ts';

export interface RecordRouteDeps extends UnifiedCalls {
  readonly accounts: Pick<AccountStore, 'get'>;
  readonly cursors: Cursors;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'bytes'>;
}

/** A call as the schemas parsed it. */
export interface RecordRequest extends CallContext {
  readonly query: Readonly<Record<string, unknown>> & {
    readonly fields?: readonly string[] | undefined;
    readonly include_remote_data?: boolean | undefined;
  };
}

export interface ListRequest extends RecordRequest {
  readonly query: RecordRequest['query'] & {
    readonly limit: number;
    readonly cursor?: string | undefined;
    readonly updated_after?: string | undefined;
  };
}

/** Which resource, and of which record. */
export interface Named {
  readonly ref: ResourceRef;
  readonly id?: string;
}

export interface RecordHandlers {
  list(request: ListRequest, named: Named): Promise<Reply<RecordsBody>>;
  get(request: RecordRequest, named: Required<Named>): Promise<Reply<JsonObject>>;
  create(request: RecordRequest, named: Named, input: JsonObject): Promise<Reply<JsonObject>>;
  update(
    request: RecordRequest,
    named: Required<Named>,
    input: JsonObject,
  ): Promise<Reply<JsonObject>>;
  remove(request: RecordRequest, named: Required<Named>): Promise<Reply<undefined>>;
  /** Whether the provider tells a repeat of a write from a new one. */
  isRepeatable(request: RecordRequest, named: Named, verb: WriteVerb): Promise<boolean>;
  /** What was created or changed, as it is now. */
  recall(request: RecordRequest, named: Required<Named>): Promise<Reply<JsonObject>>;
}

/** @param ours parameters that are not passed on */
export function createRecordHandlers(
  deps: RecordRouteDeps,
  ours: readonly string[],
): RecordHandlers {
  const callOf: CallOf = async (request, { ref }) => ({
    requestId: request.requestId,
    account: await calledAccount(deps.accounts, request.request, request.caller),
    ref,
    query: othersThan(ours, request.query),
    ...(ours.includes('fields') && {
      fields: request.query.fields,
      remoteData: request.query.include_remote_data,
    }),
  });
  const reads = createReads(deps, callOf);
  return { ...reads, ...createWrites(deps, callOf, reads.get) };
}

type CallOf = (request: RecordRequest, named: Named) => Promise<RecordCall>;

function createReads(
  { listRecords, getRecord, cursors, clock }: RecordRouteDeps,
  callOf: CallOf,
): Pick<RecordHandlers, 'list' | 'get'> {
  return {
    async get(request, named) {
      const call = await callOf(request, named);
      return recordReply(await getRecord({ ...call, id: named.id }), clock.now());
    },
    async list(request, named) {
      const call = await callOf(request, named);
      const { limit, cursor, updated_after: updatedAfter } = request.query;
      const { account, query } = call;
      const filters = { ...textsOf(query), updated_after: updatedAfter };
      const list = { account, path: request.request.path, filters };
      const position = await openPosition(cursors, cursor, list);
      const page = await listRecords({ ...call, limit, updatedAfter, position });
      return listReply(page, await sealPosition(cursors, page.next, list), clock.now());
    },
  };
}

function createWrites(
  { writeRecord, isRepeatable, clock, random }: RecordRouteDeps,
  callOf: CallOf,
  get: RecordHandlers['get'],
): Omit<RecordHandlers, 'list' | 'get'> {
  /** Not atomic: providers know no such condition. It keeps a caller from undoing what it has not seen. */
  const checkMatch = async (request: RecordRequest, named: Required<Named>): Promise<void> => {
    if (request.ifMatch === undefined) return;
    const current = await get(request, named);
    requireMatch(request.ifMatch, bodyEtag(JSON.stringify(current.body)));
  };

  const write = async (
    request: RecordRequest,
    named: Named,
    what: Pick<WriteRecordCall, 'verb' | 'input'>,
  ) => {
    const call = await callOf(request, named);
    const { environmentId, id: accountId } = call.account;
    const callerKey = request.request.headers['idempotency-key'];
    const key = operationKey({ environmentId, accountId, callerKey }, random);
    const { id } = named;
    return writeRecord({ ...call, ...what, ...(id !== undefined && { id }), operationKey: key });
  };

  return {
    async create(request, named, input) {
      const answer = await write(request, named, { verb: 'create', input: Transient.of(input) });
      return writtenReply(answer, clock.now());
    },
    async update(request, named, input) {
      await checkMatch(request, named);
      const answer = await write(request, named, { verb: 'update', input: Transient.of(input) });
      return writtenReply(answer, clock.now());
    },
    async remove(request, named) {
      await checkMatch(request, named);
      return doneReply(await write(request, named, { verb: 'delete' }), clock.now());
    },
    async isRepeatable(request, named, verb) {
      const { account, ref } = await callOf(request, named);
      return isRepeatable(account, ref, verb);
    },
    async recall(request, named) {
      // Made, and the provider did not say under which id.
      if (named.id === '') return { body: {} };
      try {
        return await get(request, named);
      } catch (error) {
        if (!(error instanceof UnsupportedMethodError)) throw error;
        // The provider cannot be asked for it: its id is all that there is to tell.
        return { id: named.id, body: { id: named.id } };
      }
    },
  };
}

const texts = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

function othersThan(
  ours: readonly string[],
  query: Readonly<Record<string, unknown>>,
): z.output<typeof texts> {
  return texts.parse(
    Object.fromEntries(Object.entries(query).filter(([name]) => !ours.includes(name))),
  );
}

/** Filters as a cursor is bound to them. */
function textsOf(query: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [`filter ${name}`, JSON.stringify(value)]),
  );
}
