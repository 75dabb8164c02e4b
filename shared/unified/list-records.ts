/**
 * A list of records for a caller: one page of the provider's, mapped, with what did not fit beside it.
 *
 * Pages without records are passed over, up to a bound, so that callers need not.
 *
 * Errors  NotFoundError, UnsupportedMethodError, InvalidRequestError; those of ListPage
 */
import type { RateLimitState } from '../http/rate-limit.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import { Transient } from '../kernel/transient.ts';
import type { SourceRecord } from './fetch-page.ts';
import { asAsked } from './filters.ts';
import { pageSizeOf } from './mapped-method.ts';
import type { FetchMapped, MappedPage } from './mapped-pages.ts';
import { queryOf, type RecordCall, selected } from './record-call.ts';
import type { FindNoun } from './resource-ref.ts';
import { verbOf } from './supported.ts';

/** Where a list goes on. */
export interface ListPosition {
  readonly cursor: Json;
  /** Page numbers mean the same records only while pages keep their size. */
  readonly size?: number;
}

export interface ListRecordsCall extends RecordCall {
  /** Records a page, where the provider lets us say so. */
  readonly limit: number;
  /** ISO 8601. */
  readonly updatedAfter?: string | undefined;
  /** Of the page before. */
  readonly position?: ListPosition | undefined;
}

/** A record that was left out, and why; no value of it but its id. */
export interface LeftOut {
  readonly id?: string;
  readonly code: string;
  readonly message: string;
}

export interface RecordList {
  readonly records: Transient<readonly JsonObject[]>;
  readonly leftOut: readonly LeftOut[];
  readonly next: ListPosition | undefined;
  readonly rateLimit: RateLimitState | undefined;
}

export type ListRecords = (call: ListRecordsCall) => Promise<RecordList>;

/** Pages asked for in one call, at most: a caller's patience and the function's time are bounded. */
const MOST_PAGES = 5;

export function createListRecords(deps: {
  readonly findNoun: FindNoun;
  readonly fetchMapped: FetchMapped;
}): ListRecords {
  return async (call) => {
    const { requestId, account, position } = call;
    const found = verbOf(await deps.findNoun(account, call.ref), 'list', account.auth);
    const query = queryOf(found, call, call);
    const target = asAsked(found, query);
    const pageSize = position ? position.size : pageSizeOf(target.method, call.limit);
    const fetch = (cursor: Json | undefined) =>
      deps.fetchMapped({ requestId, account, target, query, cursor, pageSize });
    let page = await fetch(position?.cursor);
    for (
      let pages = 1;
      isEmpty(page) && page.next !== undefined && pages < MOST_PAGES;
      pages += 1
    ) {
      page = await fetch(page.next);
    }
    return toList(page, pageSize, call.fields);
  };
}

function isEmpty({ records }: MappedPage): boolean {
  return records.length === 0;
}

function toList(
  { records, next, rateLimit }: MappedPage,
  size: number | undefined,
  fields: readonly string[] | undefined,
): RecordList {
  const kept = records.flatMap((record) => (record.kind === 'record' ? [record.value] : []));
  return {
    records: Transient.of(kept.map((value) => selected(value.reveal(), fields))),
    leftOut: records.flatMap((record) => (record.kind === 'rejected' ? [leftOut(record)] : [])),
    next:
      next === undefined ? undefined : { cursor: next, ...(size === undefined ? {} : { size }) },
    rateLimit,
  };
}

function leftOut({ ref, code, message }: Extract<SourceRecord, { kind: 'rejected' }>): LeftOut {
  return { ...(ref === undefined ? {} : { id: ref }), code, message };
}
