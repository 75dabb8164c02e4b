/**
 * Lists whose fields must be named: all in one request, or chunk by chunk, each chunk's page after
 * the other's and their records joined by id.
 *
 * Filters and maps see the joined record, never a part of one. A record that is missing from one
 * chunk's page keeps what the others say of it.
 *
 * Shape   the cursor of several chunks: `{ all }` where they stand at the same place, else `{ each }`
 * Errors  those of ListPage; InvalidCursorError
 */
import * as z from 'zod';
import type { Method } from '../../integration/method/plan.ts';
import type { Properties } from '../../integration/pieces/partition.ts';
import { canonicalJson, type Json, type JsonObject } from '../../kernel/json.ts';
import type { ListCall, ListedPage, ListPage } from '../list-call.ts';
import { toListed } from '../listed-records.ts';
import { InvalidCursorError } from '../paging/state.ts';
import { keepable } from '../pieces/place.ts';
import { joinRecords } from './join-records.ts';
import type { ReadNames } from './names.ts';

export function createChunkedList(inner: ListPage, readNames: ReadNames): ListPage {
  return async (call) => {
    const { properties } = call.method;
    // Who names the fields itself gets those.
    if (!properties || isAnswered(call, properties)) return inner(call);
    const told = properties.from ? await readNames(call, properties.from) : [];
    const names = [...new Set([...properties.names, ...told])];
    const [first, ...others] = chunksOf(names, properties.chunk);
    if (others.length === 0) return inner(withProperties(call, properties, first ?? []));
    return readChunks(inner, call, properties, [first ?? [], ...others]);
  };
}

function isAnswered({ query }: ListCall, { param }: Properties): boolean {
  return param !== undefined && Object.hasOwn(query, param);
}

function chunksOf(names: readonly string[], size: number | undefined): (readonly string[])[] {
  if (size === undefined) return [names];
  const chunks: (readonly string[])[] = [];
  for (let from = 0; from < names.length; from += size) chunks.push(names.slice(from, from + size));
  return chunks;
}

function withProperties(
  call: ListCall,
  { param, separator }: Properties,
  names: readonly string[],
): ListCall {
  const isNamed = param !== undefined && names.length > 0;
  return {
    ...call,
    query: isNamed ? { ...call.query, [param]: names.join(separator) } : call.query,
    scope: { ...call.scope, properties: names },
  };
}

async function readChunks(
  inner: ListPage,
  call: ListCall,
  properties: Properties,
  chunks: readonly (readonly string[])[],
): Promise<ListedPage> {
  const places = placesOf(call.cursor, chunks.length);
  const pages: ListedPage[] = [];
  const nexts: (Json | null)[] = [];
  for (const [index, names] of chunks.entries()) {
    const place = places[index];
    // This chunk's pages have all been read.
    if (place === null) nexts.push(null);
    else {
      const asked = withProperties(partOf(call), properties, names);
      const page = await inner(place === undefined ? asked : { ...asked, cursor: place });
      pages.push(page);
      nexts.push(page.next ?? null);
    }
  }
  const records = joinRecords(
    pages.map((page) => page.records),
    (record) => toListed(call, record),
  );
  const rateLimit = pages.at(-1)?.rateLimit;
  return {
    records,
    ...withNext(nexts, call.integration.name),
    ...(rateLimit === undefined ? {} : { rateLimit }),
  };
}

/** The call that yields parts of records as they came: what is decided on a whole one waits. */
function partOf({ cursor: _, sinceMs, ...call }: ListCall): ListCall {
  const { incremental } = call.method;
  const method: Method = { ...call.method, map: undefined, filter: undefined, deleted: undefined };
  const isAsked = sinceMs !== undefined && incremental?.mode === 'server';
  return { ...call, method, ...(isAsked ? { sinceMs } : {}) };
}

const stored = z.union([
  z.strictObject({ all: z.json() }),
  z.strictObject({ each: z.array(z.json()).min(2) }),
]);

/** By chunk: undefined at its start, null after its end. */
function placesOf(cursor: Json | undefined, chunks: number): readonly (Json | undefined)[] {
  if (cursor === undefined) return [];
  const { success, data } = stored.safeParse(cursor);
  if (!success) throw new InvalidCursorError('the cursor is not of this list');
  if ('all' in data) return Array.from({ length: chunks }, () => data.all);
  // The fields have changed since: the list starts again, and nothing is passed over.
  return data.each.length === chunks ? data.each : [];
}

function withNext(nexts: readonly (Json | null)[], integration: string): { next?: JsonObject } {
  const [first = null] = nexts;
  if (nexts.every((next) => next === null)) return {};
  const all = canonicalJson(first);
  const isSame = first !== null && nexts.every((next) => canonicalJson(next) === all);
  return { next: keepable(isSame ? { all: first } : { each: nexts }, integration) };
}
