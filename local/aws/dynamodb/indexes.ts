/**
 * Rebuilding a table's indexes from its items.
 *
 * dynalite writes index entries and the item one after the other, so a kill in between can leave an
 * item that its index does not list: a run that the sweeper would never find again.
 */
import dynalite, { type Item, type LevelBatch, type Store, type Table } from 'dynalite/db/index.js';

/** dynalite's own end of a prefix's range: all its keys are ASCII. */
const END = '\xFF';

export async function rebuildIndexes(store: Store): Promise<void> {
  for await (const table of store.db.values({ gte: 'table~', lt: `table~${END}` })) {
    if (isTable(table)) await rebuildTable(store, table);
  }
}

async function rebuildTable(store: Store, table: Table): Promise<void> {
  const prefixes = {
    global: `index-global~${table.TableName}~`,
    local: `index-local~${table.TableName}~`,
  };
  const batch: LevelBatch[] = [];
  for (const prefix of Object.values(prefixes)) {
    for await (const key of store.db.keys({ gte: prefix, lt: prefix + END }))
      batch.push({ type: 'del', key });
  }
  const items = `item-${table.TableName}~`;
  for await (const item of store.db.values({ gte: items, lt: items + END })) {
    if (!isItem(item)) continue;
    batch.push(...entries(prefixes.global, table.GlobalSecondaryIndexes ?? [], item, table));
    batch.push(...entries(prefixes.local, table.LocalSecondaryIndexes ?? [], item, table));
  }
  await store.db.batch(batch);
}

function entries(
  prefix: string,
  indexes: NonNullable<Table['GlobalSecondaryIndexes']>,
  item: Item,
  table: Table,
): readonly LevelBatch[] {
  const { puts } = dynalite.getIndexActions(indexes, null, item, table);
  return puts.map(({ index, key, item: value }) => ({
    type: 'put',
    key: `${prefix}${index}~${key}`,
    value,
  }));
}

function isTable(value: unknown): value is Table {
  return (
    typeof value === 'object' && value !== null && 'TableName' in value && 'KeySchema' in value
  );
}

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null;
}
