/**
 * DynamoDB: dynalite's engine in process, on LevelDB in one folder, without a socket of its own.
 *
 * A `kill -9` loses no acknowledged write; what it may tear, the indexes, is rebuilt at the next
 * start. Deleted and overwritten values leave the disk at each {@link DynamoDb.compact}.
 * Not here: transactions, time to live, streams, backups.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import dynalite, { type Store, type Table } from 'dynalite/db/index.js';
import {
  AwsError,
  type Backend,
  isRecord,
  jsonAnswer,
  jsonRefusal,
  operationOf,
  parseJsonBody,
} from '../aws-message.ts';
import { readIfPresent } from '../durable-file.ts';
import { rebuildIndexes } from './indexes.ts';

const PROTOCOL = 'application/x-amz-json-1.0';
/** dynalite's keys begin with `index-`, `item-`, `table~` or `tag-`, which lie between these. */
const FIRST_KEY = '!';
const LAST_KEY = '~';
const WRITES = new Set([
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'PutItem',
  'TagResource',
  'UntagResource',
  'UpdateItem',
  'UpdateTable',
]);
const READS = new Set([
  'BatchGetItem',
  'DescribeTable',
  'DescribeTimeToLive',
  'GetItem',
  'ListTables',
  'ListTagsOfResource',
  'Query',
  'Scan',
]);

export interface DynamoDb {
  readonly handle: Backend;
  /** The name of the partition key of a table or of one of its indexes. */
  partitionKey(table: string, index: string | undefined): Promise<string | undefined>;
  /** Takes deleted and overwritten values off the disk. */
  compact(): Promise<void>;
  stop(): Promise<void>;
}

export interface DynamoDbOptions {
  readonly folder: string;
  readonly region: string;
  readonly accountId: string;
}

type Action = (
  store: Store,
  input: unknown,
  done: (error: unknown, output?: unknown) => void,
) => void;
interface Validation {
  readonly types: object;
  readonly custom?: unknown;
}
interface Validations {
  checkTypes(input: unknown, types: object): unknown;
  checkValidations(input: unknown, types: object, custom: unknown, store: Store): void;
}

const load = createRequire(import.meta.url);

export async function openDynamoDb(options: DynamoDbOptions): Promise<DynamoDb> {
  mkdirSync(options.folder, { recursive: true });
  const store = dynalite.create({
    path: join(options.folder, 'level'),
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
  });
  store.tableDb.awsAccountId = options.accountId;
  store.tableDb.awsRegion = options.region;
  await store.db.open();
  // Present while the store is open: found at a start, it tells that the last one was killed.
  const openMark = join(options.folder, 'open');
  if (readIfPresent(openMark)) await rebuildIndexes(store);
  writeFileSync(openMark, '');
  let written = true;
  const compactIfWritten = async (): Promise<void> => {
    if (!written) return;
    written = false;
    await compact(store);
  };
  await compactIfWritten();

  return {
    async handle(request) {
      try {
        const operation = operationOf(request);
        written ||= WRITES.has(operation);
        return jsonAnswer(PROTOCOL, await perform(store, operation, parseJsonBody(request)));
      } catch (error) {
        const refusal = error instanceof AwsError ? error : dynaliteRefusal(error);
        if (refusal) return jsonRefusal(PROTOCOL, refusal);
        throw error;
      }
    },
    async partitionKey(name, index) {
      const table = await tableOf(store, name);
      const indexes = [
        ...(table?.GlobalSecondaryIndexes ?? []),
        ...(table?.LocalSecondaryIndexes ?? []),
      ];
      const schema =
        index === undefined ? table : indexes.find(({ IndexName }) => IndexName === index);
      return schema?.KeySchema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName;
    },
    compact: compactIfWritten,
    async stop() {
      await compactIfWritten();
      await store.db.close();
      rmSync(openMark, { force: true });
    },
  };
}

function perform(store: Store, operation: string, body: unknown): Promise<unknown> {
  if (!WRITES.has(operation) && !READS.has(operation)) {
    throw new AwsError(
      'UnknownOperationException',
      `The local DynamoDB has no operation ${operation}.`,
    );
  }
  const file = operation.charAt(0).toLowerCase() + operation.slice(1);
  const { types, custom }: Validation = load(`dynalite/validations/${file}`);
  const { checkTypes, checkValidations }: Validations = load('dynalite/validations');
  const action: Action = load(`dynalite/actions/${file}`);
  const input = checkTypes(body, types);
  checkValidations(input, types, custom, store);
  return new Promise((resolve, reject) => {
    action(store, input, (error, output) => (error ? reject(error) : resolve(output)));
  });
}

/** dynalite's refusals are errors that carry the answer. */
function dynaliteRefusal(error: unknown): AwsError | undefined {
  if (!(error instanceof Error) || !('body' in error) || !isRecord(error.body)) return undefined;
  const { __type: type, message, Message } = error.body;
  const status = 'statusCode' in error ? Number(error.statusCode) : 400;
  return new AwsError(
    String(type).split('#').at(-1) ?? '',
    String(message ?? Message ?? ''),
    status,
  );
}

function tableOf(store: Store, name: string): Promise<Table | undefined> {
  return new Promise((resolve) => store.getTable(name, false, (_missing, table) => resolve(table)));
}

/**
 * LevelDB drops what a file's newer neighbours overwrite only when it merges them, and a full
 * compaction leaves the deepest level alone. Two marks around all keys make the last merge reach it.
 */
async function compact({ db }: Store): Promise<void> {
  await db.compactRange(FIRST_KEY, LAST_KEY);
  await db.batch([FIRST_KEY, LAST_KEY].map((key) => ({ type: 'put', key, value: {} })));
  await db.compactRange(FIRST_KEY, LAST_KEY);
}
