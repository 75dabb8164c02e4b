/** DynamoDB in memory, in this process, with the two tables as they are deployed. */
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoTable } from '#shared/aws/dynamo-table.ts';
import type { Table } from '#shared/aws/table.ts';

export const MAIN_TABLE = 'main';
export const KEYS_TABLE = 'keys';

export interface TestDynamo {
  readonly table: Table;
  readonly keysTable: Table;
  readonly client: DynamoDBClient;
  /** `http://127.0.0.1:PORT`, for a client of your own. */
  readonly endpoint: string;
  stop(): Promise<void>;
}

// The package has no types.
const dynalite = createRequire(import.meta.url)('dynalite') as (options: object) => Server;

export async function startDynamo(): Promise<TestDynamo> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await createMainTable(client);
  await createKeysTable(client);
  return {
    table: createDynamoTable(client, MAIN_TABLE),
    keysTable: createDynamoTable(client, KEYS_TABLE),
    client,
    endpoint,
    stop: async () => {
      client.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

const string = (name: string) => ({ AttributeName: name, AttributeType: 'S' }) as const;
const keys = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' } as const,
  { AttributeName: sort, KeyType: 'RANGE' } as const,
];

async function createMainTable(client: DynamoDBClient): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: MAIN_TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        ...['pk', 'sk', 'gsi1pk', 'gsi1sk', 'duePk'].map(string),
        { AttributeName: 'dueAt', AttributeType: 'N' },
      ],
      KeySchema: keys('pk', 'sk'),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'gsi1',
          KeySchema: keys('gsi1pk', 'gsi1sk'),
          Projection: { ProjectionType: 'ALL' },
        },
        {
          IndexName: 'due',
          KeySchema: keys('duePk', 'dueAt'),
          Projection: {
            ProjectionType: 'INCLUDE',
            NonKeyAttributes: ['token', 'runId', 'environmentId'],
          },
        },
      ],
    }),
  );
}

async function createKeysTable(client: DynamoDBClient): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: KEYS_TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map(string),
      KeySchema: keys('pk', 'sk'),
    }),
  );
}
