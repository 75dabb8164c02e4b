/**
 * One record by its id.
 *
 * Errors  NotFoundError, UnsupportedMethodError, InvalidRequestError; ProviderError where the record
 *         does not fit its model; those of ListPage
 */
import { NotFoundError } from '../kernel/errors.ts';
import { structuralError } from '../provider/classify.ts';
import type { FetchMapped } from './mapped-pages.ts';
import { queryOf, type RecordAnswer, type RecordCall, selected } from './record-call.ts';
import type { FindNoun, ResolvedResource } from './resource-ref.ts';
import { verbOf } from './supported.ts';

export interface GetRecordCall extends RecordCall {
  readonly id: string;
}

export type GetRecord = (call: GetRecordCall) => Promise<RecordAnswer>;

export function createGetRecord(deps: {
  readonly findNoun: FindNoun;
  readonly fetchMapped: FetchMapped;
}): GetRecord {
  return async (call) => {
    const { requestId, account, id } = call;
    const found = verbOf(await deps.findNoun(account, call.ref), 'get', account.auth);
    const target = withId(found, id);
    const query = queryOf(target, call);
    const page = await deps.fetchMapped({ requestId, account, target, query });
    const [record] = page.records;
    if (!record) throw new NotFoundError('the provider has no such record');
    if (record.kind === 'rejected') {
      throw structuralError(target.integration.name, 200, `${record.code}: ${record.message}`);
    }
    return {
      id,
      record: record.value.map((value) => selected(value, call.fields)),
      rateLimit: page.rateLimit,
    };
  };
}

/** The path names the record; methods look it up as `id`, whether they declare it or not. */
export function withId(target: ResolvedResource, id: string): ResolvedResource {
  return { ...target, preset: { ...target.preset, id } };
}
