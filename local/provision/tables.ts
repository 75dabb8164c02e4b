/** DynamoDB tables with their indexes, created where missing and compared where not. */
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  ResourceNotFoundException,
  type TableDescription,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { TemplateError } from '../template/template-error.ts';
import type { Creator } from './creator.ts';
import { propertiesOf } from './stack.ts';

const keySchema = z
  .array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }))
  .min(1);
const projection = z.strictObject({
  ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
  NonKeyAttributes: z.array(z.string()).optional(),
});
/** Honoured by AWS, without a meaning on one machine. */
const ignored = z.unknown().optional();

/** `AWS::DynamoDB::Table` and the part of `GlobalTable` that is the same in every Region. */
const tableSchema = z.strictObject({
  TableName: z.string().optional(),
  KeySchema: keySchema,
  AttributeDefinitions: z.array(
    z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  GlobalSecondaryIndexes: z
    .array(
      z.strictObject({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: projection,
        OnDemandThroughput: ignored,
        WriteOnDemandThroughputSettings: ignored,
        ContributorInsightsSpecification: ignored,
      }),
    )
    .optional(),
  BillingMode: z.literal('PAY_PER_REQUEST'),
  ContributorInsightsSpecification: ignored,
  DeletionProtectionEnabled: ignored,
  OnDemandThroughput: ignored,
  PointInTimeRecoverySpecification: ignored,
  Replicas: ignored,
  SSESpecification: ignored,
  TableClass: ignored,
  Tags: ignored,
  // Correctness never relies on it (A5), so that nothing expires here is the harder case.
  TimeToLiveSpecification: ignored,
  WarmThroughput: ignored,
  WriteOnDemandThroughputSettings: ignored,
});

export const createTable: Creator = async (resource, { clients, identity }) => {
  const properties = propertiesOf(resource, tableSchema);
  const name = properties.TableName ?? identity.physicalName(resource.logicalId, 255);
  const wanted = {
    TableName: name,
    KeySchema: properties.KeySchema,
    AttributeDefinitions: properties.AttributeDefinitions,
    BillingMode: properties.BillingMode,
    ...(properties.GlobalSecondaryIndexes && {
      GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes.map((index) => ({
        IndexName: index.IndexName,
        KeySchema: index.KeySchema,
        Projection: {
          ProjectionType: index.Projection.ProjectionType,
          ...(index.Projection.NonKeyAttributes && {
            NonKeyAttributes: index.Projection.NonKeyAttributes,
          }),
        },
      })),
    }),
  } satisfies CreateTableCommandInput;
  const describe = async (): Promise<TableDescription | undefined> => {
    try {
      return (await clients.dynamo.send(new DescribeTableCommand({ TableName: name }))).Table;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  };
  let table = await describe();
  if (!table) {
    await clients.dynamo.send(new CreateTableCommand(wanted));
    await waitUntilTableExists(
      { client: clients.dynamo, maxWaitTime: 60, minDelay: 0.05, maxDelay: 1 },
      { TableName: name },
    );
    table = await describe();
  }
  if (!sameShape(table, wanted)) {
    throw new TemplateError('a table in the data directory has other keys than the template', {
      logicalId: resource.logicalId,
    });
  }
  return {
    ref: name,
    attributes: { Arn: table?.TableArn ?? '', StreamArn: table?.LatestStreamArn ?? '' },
  };
};

function sameShape(table: TableDescription | undefined, wanted: CreateTableCommandInput): boolean {
  return shapeOf(table ?? {}) === shapeOf(wanted);
}

/** Keys of the table and of each index as one text; the order of indexes does not count. */
function shapeOf(table: Pick<TableDescription, 'KeySchema' | 'GlobalSecondaryIndexes'>): string {
  const keys = (schema: TableDescription['KeySchema']): string =>
    (schema ?? []).map((key) => `${key.KeyType}:${key.AttributeName}`).join(',');
  const indexes = (table.GlobalSecondaryIndexes ?? [])
    .map((index) => `${index.IndexName}(${keys(index.KeySchema)})`)
    .sort();
  return [keys(table.KeySchema), ...indexes].join(' ');
}
