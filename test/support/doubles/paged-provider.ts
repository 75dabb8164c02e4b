/** A provider of pages from plain lists: parents, children by parent, latency, failures on demand. */
import type { Clock } from '#shared/kernel/clock.ts';
import type { JsonObject } from '#shared/kernel/json.ts';
import { Transient } from '#shared/kernel/transient.ts';
import type { FetchPage, PageRequest, SourceRecord } from '#shared/unified/fetch-page.ts';

export interface PagedProviderOptions {
  /** The records of a resource for a query; a record with `rejected` fails its model. */
  readonly list: (resource: string, query: JsonObject) => readonly JsonObject[];
  readonly pageSize: number;
  readonly latencyMs?: number;
  /** Throws, to fail the call. `call` counts from 1. */
  readonly before?: (request: PageRequest, call: number) => void | Promise<void>;
}

export interface PagedProvider {
  readonly fetchPage: FetchPage;
  /** `resource query cursor` of each call, in order. */
  readonly calls: string[];
}

export function createPagedProvider(clock: Clock, options: PagedProviderOptions): PagedProvider {
  const calls: string[] = [];
  return {
    calls,
    async fetchPage(request) {
      const query = request.query.reveal();
      calls.push(`${request.resource} ${JSON.stringify(query)} ${request.cursor ?? 0}`);
      if (options.latencyMs) await clock.sleep(options.latencyMs);
      await options.before?.(request, calls.length);
      const all = options.list(request.resource, query);
      const from = Number(request.cursor ?? 0);
      const to = from + options.pageSize;
      const records = all.slice(from, to).map(sourceRecord);
      return to < all.length ? { records, next: to } : { records };
    },
  };
}

function sourceRecord(value: JsonObject): SourceRecord {
  const ref = String(value['id']);
  if (value['rejected'] === true) {
    return { kind: 'rejected', ref, code: 'record_invalid', message: 'does not fit its model' };
  }
  return { kind: 'record', ref, value: Transient.of(value) };
}
