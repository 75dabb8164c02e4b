/**
 * {@link Table} over the low-level DynamoDB client: what goes in is checked to hold no
 * provider data, and every condition travels as it was written.
 *
 * Shape   attribute names are identifiers; `#name` in a condition stands for the attribute
 *         `name`, so that no reserved word of DynamoDB can ever clash.
 * Errors  {@link ConditionFailedError}; other failures of the service are thrown as they are
 */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { invariant } from '../kernel/invariant.ts';
import { assertPersistable } from '../kernel/transient.ts';
import {
  addChange,
  addCondition,
  emptyExpressions,
  expressionAttributes,
  IDENTIFIER,
  keyCondition,
} from './dynamo-expressions.ts';
import { marshalMembers, unmarshalMembers } from './marshal.ts';
import {
  ConditionFailedError,
  type ItemKey,
  type NewItem,
  type Query,
  type QueryPage,
  type StoredItem,
  type Table,
} from './table.ts';

export function createDynamoTable(client: DynamoDBClient, tableName: string): Table {
  return {
    async get(key, options) {
      const answer = await client.send(
        new GetItemCommand({
          TableName: tableName,
          Key: keyAttributes(key),
          ConsistentRead: options?.consistent ?? true,
        }),
      );
      return answer.Item && storedItem(answer.Item);
    },

    async put(item, condition) {
      assertPersistable(item);
      const expressions = emptyExpressions();
      const when = addCondition(expressions, condition);
      await conditional(item, () =>
        client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: itemAttributes(item),
            ...when,
            ...expressionAttributes(expressions),
          }),
        ),
      );
    },

    async update(key, change, condition) {
      assertPersistable(change);
      const expressions = emptyExpressions();
      const update = addChange(expressions, change);
      const when = addCondition(expressions, condition);
      const answer = await conditional(key, () =>
        client.send(
          new UpdateItemCommand({
            TableName: tableName,
            Key: keyAttributes(key),
            ReturnValues: 'ALL_NEW',
            ...update,
            ...when,
            ...expressionAttributes(expressions),
          }),
        ),
      );
      return storedItem(answer.Attributes ?? {});
    },

    async delete(key, condition) {
      const expressions = emptyExpressions();
      const when = addCondition(expressions, condition);
      await conditional(key, () =>
        client.send(
          new DeleteItemCommand({
            TableName: tableName,
            Key: keyAttributes(key),
            ...when,
            ...expressionAttributes(expressions),
          }),
        ),
      );
    },

    query: (query) => runQuery(client, tableName, query),
  };
}

async function runQuery(
  client: DynamoDBClient,
  tableName: string,
  query: Query,
): Promise<QueryPage> {
  const answer = await client.send(
    new QueryCommand({
      TableName: tableName,
      ...(query.index === undefined ? {} : { IndexName: query.index }),
      ...keyCondition(query),
      ...(query.limit === undefined ? {} : { Limit: query.limit }),
      ...(query.start === undefined ? {} : { ExclusiveStartKey: decodeStart(query.start) }),
      ScanIndexForward: !(query.descending ?? false),
      ConsistentRead: query.consistent ?? false,
    }),
  );
  const items = (answer.Items ?? []).map(storedItem);
  return answer.LastEvaluatedKey
    ? { items, next: encodeStart(answer.LastEvaluatedKey) }
    : { items };
}

async function conditional<Answer>(key: ItemKey, send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    throw new ConditionFailedError(
      'the item is not in the state that the write expects',
      { entity: entityOf(key) },
      { cause: error },
    );
  }
}

/** `ACCT` of `ACCT#ia_…`: the kind of thing, without anybody's id. */
function entityOf({ pk, sk }: ItemKey): string {
  return `${pk.split('#', 1)[0]}/${sk.split('#', 1)[0]}`;
}

function keyAttributes({ pk, sk }: ItemKey): Record<string, AttributeValue> {
  return { pk: { S: pk }, sk: { S: sk } };
}

function itemAttributes(item: NewItem): Record<string, AttributeValue> {
  for (const name of Object.keys(item)) {
    invariant(IDENTIFIER.test(name), 'an attribute name is an identifier');
  }
  return marshalMembers(item);
}

function storedItem(attributes: Record<string, AttributeValue>): StoredItem {
  const { pk, sk, ...rest } = unmarshalMembers(attributes);
  invariant(typeof pk === 'string' && typeof sk === 'string', 'a stored item has its keys');
  return { pk, sk, ...rest };
}

function encodeStart(lastKey: Record<string, AttributeValue>): string {
  return Buffer.from(JSON.stringify(unmarshalMembers(lastKey))).toString('base64url');
}

function decodeStart(start: string): Record<string, AttributeValue> {
  const parsed: unknown = JSON.parse(Buffer.from(start, 'base64url').toString());
  assertPersistable(parsed);
  invariant(
    typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed),
    'a start is what a query gave back',
  );
  return marshalMembers(Object.fromEntries(Object.entries(parsed)));
}
