/**
 * Permissions that DynamoDB requests need, with the partition keys they touch.
 *
 * Source  https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
import { type AwsRequest, isRecord, operationOf, parseJsonBody } from '../aws-message.ts';
import { type AccessNeed, type AwsPlace, stringIn } from '../iam/access-need.ts';

export interface TableSchemas {
  partitionKey(table: string, index: string | undefined): Promise<string | undefined>;
}

type Body = Readonly<Record<string, unknown>>;

/** Stands for a partition key that could not be read: no pattern but `*` matches it. */
const UNREADABLE = '';

export async function dynamoDbNeeds(
  request: AwsRequest,
  place: AwsPlace,
  schemas: TableSchemas,
): Promise<readonly AccessNeed[]> {
  const operation = operationOf(request);
  const action = `dynamodb:${operation}`;
  const body = parseJsonBody(request);
  const tables = `arn:aws:dynamodb:${place.region}:${place.accountId}:table/`;
  const batch = body['RequestItems'];
  if (isRecord(batch)) {
    return await Promise.all(
      Object.entries(batch).map(async ([name, requests]) => {
        const key = await schemas.partitionKey(tableName(name), undefined);
        return need(action, tables + tableName(name), key && batchKeys(requests, key));
      }),
    );
  }
  const table = tableName(stringIn(body, 'TableName') ?? stringIn(body, 'ResourceArn') ?? '');
  if (table === '') return [need(action, '*', undefined)];
  const index = stringIn(body, 'IndexName');
  const key = await schemas.partitionKey(table, index);
  const resource = index === undefined ? tables + table : `${tables}${table}/index/${index}`;
  return [need(action, resource, key && itemKeys(operation, body, key))];
}

function need(
  action: string,
  resource: string,
  keys: readonly string[] | undefined | '',
): AccessNeed {
  return keys
    ? { action, resource, context: { 'dynamodb:LeadingKeys': keys } }
    : { action, resource };
}

function itemKeys(operation: string, body: Body, key: string): readonly string[] | undefined {
  if (operation === 'Query') return [queriedKey(body, key)];
  const item = body['Key'] ?? body['Item'];
  return isRecord(item) ? [keyText(item, key)] : undefined;
}

/** BatchGetItem holds keys, BatchWriteItem requests with a key or an item each. */
function batchKeys(requests: unknown, key: string): readonly string[] {
  const list: unknown = isRecord(requests) ? requests['Keys'] : requests;
  if (!Array.isArray(list)) return [UNREADABLE];
  const entries: readonly unknown[] = list;
  return entries.map((entry) => keyText(keyOrItem(entry), key));
}

function keyOrItem(entry: unknown): unknown {
  if (!isRecord(entry)) return undefined;
  const write = entry['PutRequest'] ?? entry['DeleteRequest'];
  return isRecord(write) ? (write['Item'] ?? write['Key']) : entry;
}

/** The value that the condition sets the partition key equal to. */
function queriedKey(body: Body, key: string): string {
  const names = body['ExpressionAttributeNames'];
  const values = body['ExpressionAttributeValues'];
  const condition = stringIn(body, 'KeyConditionExpression') ?? '';
  for (const [, name = '', value = ''] of condition.matchAll(/([#\w.-]+)\s*=\s*(:\w+)/g)) {
    const attribute = name.startsWith('#') && isRecord(names) ? names[name] : name;
    if (attribute === key && isRecord(values)) return keyText(values, value);
  }
  return UNREADABLE;
}

/** The text, number or base64 of a key attribute, as DynamoDB puts it into the context. */
function keyText(item: unknown, key: string): string {
  const attribute = isRecord(item) ? item[key] : undefined;
  const value = isRecord(attribute)
    ? (attribute['S'] ?? attribute['N'] ?? attribute['B'])
    : undefined;
  return typeof value === 'string' ? value : UNREADABLE;
}

/** Tables may be named by their ARN. */
function tableName(nameOrArn: string): string {
  return nameOrArn.split('/')[nameOrArn.startsWith('arn:') ? 1 : 0] ?? '';
}
