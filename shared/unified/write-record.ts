/**
 * Creates, changes and deletes one record of a provider's.
 *
 * What came of it is read from the answer where the method says where; where no more than an id comes
 * back, the record is read. Once the provider has done it, nothing that goes wrong with telling so
 * fails the call: the caller then learns the id, and reads the record when it can.
 *
 * Errors  NotFoundError, UnsupportedMethodError, InvalidRequestError, UnprocessableError; ProviderError
 *         where a new record has no id; those of CallProvider
 */

import { evaluateOr } from '../expression/evaluate-or.ts';
import type { Mapping } from '../integration/mapping/plan.ts';
import { knownParams } from '../integration/pieces/partition.ts';
import { AppError, UnprocessableError } from '../kernel/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../kernel/json.ts';
import { Transient } from '../kernel/transient.ts';
import { idOf } from '../list/listed-records.ts';
import { createApplyWrite, type WriteOptions } from '../mapping/apply-write.ts';
import { buildRequest } from '../provider/build-request.ts';
import { structuralError } from '../provider/classify.ts';
import type { CallProvider } from '../provider/provider-client.ts';
import type { Answer } from '../wire/decode/answer.ts';
import type { NativeQuery } from './filters.ts';
import { type GetRecord, withId } from './get-record.ts';
import { inputFaults } from './input-faults.ts';
import { withMapping } from './mapped-method.ts';
import type { ApplierOf } from './mapped-pages.ts';
import { queryOf, type RecordAnswer, type RecordCall, selected } from './record-call.ts';
import type { FindNoun, ResolvedResource } from './resource-ref.ts';
import { supportedVerbs, verbOf } from './supported.ts';

export type WriteVerb = 'create' | 'update' | 'delete';

export interface WriteRecordCall extends RecordCall {
  readonly verb: WriteVerb;
  /** Of the record to change or delete. */
  readonly id?: string;
  /** Unified, or as the provider takes it. */
  readonly input?: Transient<JsonObject>;
  /** The same for a repeat of the call: for providers that keep writes apart by such a key. */
  readonly operationKey: string;
}

/** Of what is deleted there is no record. */
export type WriteAnswer = Omit<RecordAnswer, 'record'> & Partial<Pick<RecordAnswer, 'record'>>;
export type WriteRecord = (call: WriteRecordCall) => Promise<WriteAnswer>;

/** Whether the method hands the provider the key of the operation, which tells a repeat from a new one. */
export type IsRepeatable = (
  account: RecordCall['account'],
  ref: RecordCall['ref'],
  verb: WriteVerb,
) => Promise<boolean>;

export interface WriteDeps {
  readonly findNoun: FindNoun;
  readonly applierOf: ApplierOf;
  readonly callProvider: CallProvider;
  readonly getRecord: GetRecord;
}

export function createIsRepeatable({ findNoun }: Pick<WriteDeps, 'findNoun'>): IsRepeatable {
  return async (account, ref, verb) =>
    verbOf(await findNoun(account, ref), verb, account.auth).method.sendsOperationKey;
}

export function createWriteRecord(deps: WriteDeps): WriteRecord {
  return async (call) => {
    const { account, verb, id } = call;
    const found = verbOf(await deps.findNoun(account, call.ref), verb, account.auth);
    const target = id === undefined ? found : withId(found, id);
    const { query, input } = toWrite(target, call);
    const answer = await send(deps, call, target, query, input);
    const told = { rateLimit: answer.rateLimit };
    if (verb === 'delete') return { ...told, id };
    const written = writtenRecord(target, query, answer);
    const writtenId = (written && idOf(target.resource, written)) ?? id;
    const record = written && shown(deps, call, target, query, written);
    if (record) return { ...told, ...record };
    if (writtenId === undefined) {
      const { integration } = target;
      throw structuralError(integration.name, answer.status, 'the new record has no id');
    }
    return { ...told, id: writtenId, record: await readBack(deps, call, target, writtenId) };
  };
}

/** @throws InvalidRequestError with every fault of query and input; UnprocessableError */
function toWrite(target: ResolvedResource, call: WriteRecordCall) {
  const input = call.input?.reveal() ?? {};
  const { unified } = target;
  if (!unified || call.verb === 'delete') return { query: queryOf(target, call), input };
  const { mapping, model } = unified;
  const isNew = call.verb === 'create';
  const params = isNew ? Object.keys(mapping.params) : [];
  const needed = isNew ? model.required.filter((name) => !isGiven(call, name)) : [];
  const query = queryOf(
    target,
    { ...call, query: { ...paramsOf(input, params), ...call.query } },
    { faults: inputFaults(input, { model, mapping, needed, params }) },
  );
  const bindings = { params: query.params, conn: call.account.connection };
  const { id } = call;
  const options = { ...bindings, ...(id === undefined ? {} : { id }) };
  return { query, input: nativeInput(mapping, input, options) };
}

/** By the provider, or beside the body. */
function isGiven(call: WriteRecordCall, name: string): boolean {
  return name === 'id' || Object.hasOwn(call.query, name);
}

/** @throws UnprocessableError */
function nativeInput(mapping: Mapping, input: JsonObject, options: WriteOptions): JsonObject {
  const written = createApplyWrite(mapping)(input, options);
  if (written.kind === 'mapped') return written.input;
  const message = 'the record cannot be mapped to what the provider takes';
  throw new UnprocessableError(message, written.faults);
}

/** A comment says whose it is; the provider may want to be told in the path. */
function paramsOf(given: JsonObject, names: readonly string[]): JsonObject {
  const named = names.map((name) => [name, given[name]] as const);
  return Object.fromEntries(named.filter((entry): entry is [string, Json] => isText(entry[1])));
}

function send(
  { callProvider }: WriteDeps,
  call: WriteRecordCall,
  target: ResolvedResource,
  query: NativeQuery,
  input: JsonObject,
): Promise<Answer> {
  const { integration, resource, unified } = target;
  const { account, requestId } = call;
  const method = withMapping(target.method, unified?.mapping);
  const request = buildRequest({
    integration,
    method,
    account,
    scope: { id: call.id, params: query.params, input, op: { key: call.operationKey } },
    query: query.query,
  });
  return callProvider({
    requestId,
    account,
    integration,
    operation: `${resource.name}.${method.name}`,
    request,
    timeoutMs: method.timeoutMs,
    ok: method.ok,
    errors: method.errors,
    ...(method.decode ? { decode: method.decode } : {}),
    ...(method.budget ? { budget: method.budget } : {}),
  });
}

/** What the answer holds of the record, by the method's own word; else the body, if it has an id. */
function writtenRecord(
  { method, resource }: ResolvedResource,
  { params }: NativeQuery,
  answer: Answer,
): JsonObject | undefined {
  const scope = answer.scope.reveal();
  const mapped = evaluateOr(undefined, () => {
    const found = method.record ? method.record.evaluate(scope) : scope.body;
    return method.map && found !== undefined ? method.map.evaluate(found, { params }) : found;
  });
  if (!isJsonObject(mapped)) return undefined;
  return method.record || idOf(resource, mapped) !== undefined ? mapped : undefined;
}

/** Undefined where the answer holds too little of the record, or what does not fit its model. */
function shown(
  { applierOf }: WriteDeps,
  call: WriteRecordCall,
  { method, resource, unified }: ResolvedResource,
  { params }: NativeQuery,
  written: JsonObject,
): Pick<RecordAnswer, 'id' | 'record'> | undefined {
  if (!method.record || Object.keys(written).length < 2) return undefined;
  if (!unified) return { id: idOf(resource, written) ?? call.id, record: Transient.of(written) };
  const remoteData = call.remoteData ?? false;
  const mapped = applierOf(unified)(written, { params, conn: call.account.connection, remoteData });
  if (mapped.kind === 'rejected') return undefined;
  const id = mapped.record['id'];
  return {
    id: isText(id) ? String(id) : call.id,
    record: Transient.of(selected(mapped.record, call.fields)),
  };
}

async function readBack(
  { getRecord }: WriteDeps,
  call: WriteRecordCall,
  target: ResolvedResource,
  id: string,
): Promise<Transient<JsonObject>> {
  const onlyId = Transient.of<JsonObject>({ id });
  if (!supportedVerbs(target, call.account.auth).includes('get')) return onlyId;
  try {
    return (await getRecord({ ...call, query: whereItIs(call, target), id })).record;
  } catch (error) {
    // The write has been done: a caller who is told of a failure would do it again.
    if (error instanceof AppError) return onlyId;
    throw error;
  }
}

/** Of what the write was asked with, what reading takes too: whose the record is. */
function whereItIs(call: WriteRecordCall, { unified, resource }: ResolvedResource): JsonObject {
  const get = resource.methods['get'];
  const taken = unified ? Object.keys(unified.mapping.params) : get ? knownParams(get) : [];
  return paramsOf({ ...call.input?.reveal(), ...call.query }, taken);
}

function isText(value: Json | undefined): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}
