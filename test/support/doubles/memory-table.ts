/**
 * A {@link Table} in memory that obeys the same contract test as DynamoDB. Everything happens
 * in microtasks, so that a virtual clock can tell when nothing is left to do.
 */
import {
  ConditionFailedError,
  type ItemKey,
  type Query,
  type StoredItem,
  type Table,
} from '#shared/aws/table.ts';
import { InvariantError } from '#shared/kernel/errors.ts';
import { assertPersistable } from '#shared/kernel/transient.ts';
import { conditionHolds } from './condition-expression.ts';

const SORTED_BY = {
  table: ['pk', 'sk'],
  gsi1: ['gsi1pk', 'gsi1sk'],
  due: ['duePk', 'dueAt'],
} as const;

export function createMemoryTable(): Table & { readonly items: () => readonly StoredItem[] } {
  const stored = new Map<string, StoredItem>();
  const nameOf = ({ pk, sk }: ItemKey) => JSON.stringify([pk, sk]);
  const check: (key: ItemKey, condition: Parameters<Table['put']>[1]) => void = (
    key,
    condition,
  ) => {
    if (!condition) return;
    assertPersistable(condition.values);
    if (!conditionHolds(condition.when, stored.get(nameOf(key)) ?? {}, condition.values ?? {})) {
      throw new ConditionFailedError('the item is not in the state that the write expects');
    }
  };
  return {
    items: () => [...stored.values()],
    async get(key) {
      const item = stored.get(nameOf(key));
      return item && structuredClone(item);
    },
    async put(item, condition) {
      assertPersistable(item);
      check(item, condition);
      stored.set(nameOf(item), plain(item) as StoredItem);
    },
    async update(key, change, condition) {
      assertPersistable(change);
      check(key, condition);
      const next: Record<string, unknown> = { ...(stored.get(nameOf(key)) ?? key) };
      Object.assign(next, plain(change.set ?? {}));
      for (const [name, by] of Object.entries(change.add ?? {})) {
        next[name] = Number(next[name] ?? 0) + by;
      }
      for (const name of change.remove ?? []) delete next[name];
      stored.set(nameOf(key), next as StoredItem);
      return structuredClone(next as StoredItem);
    },
    async delete(key, condition) {
      check(key, condition);
      stored.delete(nameOf(key));
    },
    async query(query) {
      const all = sorted([...stored.values()], query);
      const from = query.start === undefined ? 0 : Number(query.start);
      const to = Math.min(all.length, from + (query.limit ?? all.length));
      const items = structuredClone(all.slice(from, to));
      return to < all.length ? { items, next: String(to) } : { items };
    },
  };
}

function sorted(items: readonly StoredItem[], query: Query): StoredItem[] {
  const [partition, sort] = SORTED_BY[query.index ?? 'table'];
  const found = items
    .filter((item) => item[partition] === query.partition && matches(item[sort], query.sort))
    .sort((a, b) => ((a[sort] as string) < (b[sort] as string) ? -1 : 1));
  return query.descending ? found.reverse() : found;
}

function matches(value: unknown, sort: Query['sort']): boolean {
  if (value === undefined) return false;
  if (sort === undefined) return true;
  if ('beginsWith' in sort) return String(value).startsWith(sort.beginsWith);
  if ('atMost' in sort) return (value as string) <= (sort.atMost as string);
  return (value as string) >= sort.between[0] && (value as string) <= sort.between[1];
}

/** A copy without undefined members; numbers must be finite, as DynamoDB demands. */
function plain(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new InvariantError('expected that a stored number is finite');
  }
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member)]));
}
