/** Parts of records, joined by their ids, in the order in which the first parts came. */
import { isJsonObject, type Json, type JsonObject } from '../../kernel/json.ts';
import type { ListedRecord } from '../list-call.ts';

/** @param finish what becomes of a joined record; undefined leaves it out */
export function joinRecords(
  chunks: readonly (readonly ListedRecord[])[],
  finish: (record: JsonObject) => ListedRecord | undefined,
): readonly ListedRecord[] {
  const joined = new Map<string, JsonObject>();
  const rejected: ListedRecord[] = [];
  for (const record of chunks.flat()) {
    if (record.kind === 'rejected') rejected.push(record);
    else if (record.ref === undefined) rejected.push(NAMELESS);
    else joined.set(record.ref, merged(joined.get(record.ref) ?? {}, record.value.reveal()));
  }
  const finished = [...joined.values()].map(finish).filter((record) => record !== undefined);
  return [...finished, ...rejected];
}

const NAMELESS: ListedRecord = {
  kind: 'rejected',
  code: 'model_mismatch',
  message: 'the record has no id to join its parts by',
};

/** Objects within are joined as well: providers put the named fields into one. */
function merged(one: JsonObject, other: JsonObject): JsonObject {
  const members: Record<string, Json> = { ...one };
  for (const [name, value] of Object.entries(other)) {
    const known = Object.hasOwn(members, name) ? members[name] : undefined;
    const member = isJsonObject(known) && isJsonObject(value) ? merged(known, value) : value;
    // Not by assignment: `__proto__` is a name like any other.
    Object.defineProperty(members, name, {
      ...{ value: member, enumerable: true, configurable: true, writable: true },
    });
  }
  return members;
}
