/**
 * Pages of a resource that has been found: as the provider has them, or mapped to their model.
 *
 * Of a unified record that is gone no more is listed than `{ id, deleted: true }`; a native one is
 * what the provider says of it.
 *
 * Errors  those of ListPage
 */
import type { IntegratedAccount } from '../account/integrated-account.ts';
import type { Json } from '../kernel/json.ts';
import { Transient } from '../kernel/transient.ts';
import type { ListedPage, ListedRecord, ListPage } from '../list/list-call.ts';
import { type ApplyMapping, createApplyMapping, type MapOptions } from '../mapping/apply.ts';
import type { SourceRecord } from './fetch-page.ts';
import type { NativeQuery } from './filters.ts';
import { withMapping, withPageSize } from './mapped-method.ts';
import type { Noun, ResolvedResource } from './resource-ref.ts';

export interface MappedAsk {
  readonly requestId: string;
  readonly account: IntegratedAccount;
  readonly target: ResolvedResource;
  readonly query: NativeQuery;
  /** `next` of the page before. */
  readonly cursor?: Json | undefined;
  /** Records a page; undefined: as many as the integration asks for. */
  readonly pageSize?: number | undefined;
}

export interface MappedPage extends Omit<ListedPage, 'records'> {
  readonly records: readonly SourceRecord[];
}

export type FetchMapped = (ask: MappedAsk) => Promise<MappedPage>;
export type ApplierOf = (unified: NonNullable<Noun['unified']>) => ApplyMapping;

export function createFetchMapped(listPage: ListPage, applierOf: ApplierOf): FetchMapped {
  return async ({ requestId, account, target, query, cursor, pageSize }) => {
    const { integration, resource, unified } = target;
    const page = await listPage({
      requestId,
      account,
      integration,
      resource,
      method: withPageSize(withMapping(target.method, unified?.mapping), pageSize),
      params: query.params,
      query: query.query,
      sinceMs: query.sinceMs,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const apply = unified && applierOf(unified);
    return mappedWhenRead(page, (record) =>
      mapRecord(record, apply, {
        params: page.params ?? query.params,
        conn: account.connection,
        remoteData: query.remoteData,
      }),
    );
  };
}

/** Compiles a mapping once, for as long as it stays the same object. */
export function createApplierOf(): ApplierOf {
  const made = new WeakMap<object, ApplyMapping>();
  return ({ mapping, model }) => {
    const known = made.get(mapping);
    if (known) return known;
    const apply = createApplyMapping(mapping, model);
    made.set(mapping, apply);
    return apply;
  };
}

/** So that whoever reads ahead can send for the next page before this one is worked on. */
function mappedWhenRead(
  { records, ...rest }: ListedPage,
  map: (record: ListedRecord) => SourceRecord,
): MappedPage {
  let raw: readonly ListedRecord[] = records;
  let mapped: readonly SourceRecord[] | undefined;
  return {
    ...rest,
    get records() {
      mapped ??= raw.map(map);
      raw = [];
      return mapped;
    },
  };
}

function mapRecord(
  record: ListedRecord,
  apply: ApplyMapping | undefined,
  options: MapOptions,
): SourceRecord {
  if (record.kind === 'rejected') return record;
  const ref = record.ref === undefined ? {} : { ref: record.ref };
  if (!apply) return { kind: 'record', ...ref, value: record.value };
  if (record.kind === 'deleted') return tombstone(record.ref);
  const mapped = apply(record.value.reveal(), options);
  if (mapped.kind === 'rejected') return { ...mapped, ...ref };
  return { kind: 'record', ...ref, value: Transient.of(mapped.record) };
}

/** Nobody can be told that something is gone without being told what. */
function tombstone(id: string | undefined): SourceRecord {
  if (id === undefined) {
    const message = 'a record is gone, and the integration does not say which';
    return { kind: 'rejected', code: 'model_mismatch', message };
  }
  return { kind: 'record', ref: id, value: Transient.of({ id, deleted: true }) };
}
