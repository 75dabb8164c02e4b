/** The parts of dynalite that we use in process, as its 4.0 has them. */
declare module 'dynalite/db/index.js' {
  export type Item = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

  export interface KeyElement {
    readonly AttributeName: string;
    readonly KeyType: 'HASH' | 'RANGE';
  }

  export interface Index {
    readonly IndexName: string;
    readonly KeySchema: readonly KeyElement[];
  }

  export interface Table {
    readonly TableName: string;
    readonly KeySchema: readonly KeyElement[];
    readonly GlobalSecondaryIndexes?: readonly Index[];
    readonly LocalSecondaryIndexes?: readonly Index[];
  }

  export interface LevelBatch {
    readonly type: 'put' | 'del';
    readonly key: string;
    readonly value?: object;
  }

  /** A classic-level database with values as JSON. */
  export interface Level {
    keys(range: { readonly gte: string; readonly lt: string }): AsyncIterable<string>;
    values(range: { readonly gte: string; readonly lt: string }): AsyncIterable<unknown>;
    batch(operations: readonly LevelBatch[]): Promise<void>;
    open(): Promise<void>;
    close(): Promise<void>;
    /** Merges the files and drops what was deleted or overwritten. */
    compactRange(start: string, end: string): Promise<void>;
  }

  export interface Store {
    readonly db: Level;
    readonly tableDb: { awsAccountId: string; awsRegion: string };
    getTable(
      name: string,
      checkStatus: boolean,
      done: (error: Error | null, table?: Table) => void,
    ): void;
  }

  export interface StoreOptions {
    readonly path: string;
    readonly createTableMs: number;
    readonly deleteTableMs: number;
    readonly updateTableMs: number;
  }

  const dynaliteDb: {
    create(options: StoreOptions): Store;
    getIndexActions(
      indexes: readonly Index[],
      existing: null,
      item: Item,
      table: Table,
    ): {
      readonly puts: readonly {
        readonly index: string;
        readonly key: string;
        readonly item: Item;
      }[];
    };
  };
  export default dynaliteDb;
}
