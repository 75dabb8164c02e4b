/**
 * What functions may be allowed, as policy statements: each names its actions one by one and its
 * resources exactly.
 *
 * CDK's own `grant*` methods are not used: `grantReadWriteData` brings Scan and the stream verbs,
 * and every grant on an encrypted thing brings `kms:Decrypt` on its key along.
 */
import { Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';

/** The kinds of item there are, by what their partition keys start with (shared/aws/keys.ts). */
export type Partition =
  | 'ACCT#*'
  | 'BRK#*'
  | 'DLV#*'
  | 'DUE#*'
  | 'ENV#*'
  | 'ENV#*#TEN#environment'
  | 'IDEM#*'
  | 'JOB#*'
  | 'KEY#*'
  | 'RUN#*'
  | 'SUB#*';

export type TableAction = 'GetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem';

/** Actions on items whose partition key has one of these beginnings, and on no others. */
export function onItems(
  sid: string,
  table: TableV2,
  actions: readonly TableAction[],
  partitions: readonly Partition[],
): PolicyStatement {
  return itemStatement(sid, table.tableArn, actions, partitions);
}

/** Queries of one index of a table. */
export function onIndex(
  sid: string,
  table: TableV2,
  index: 'gsi1' | 'due',
  partitions: readonly Partition[],
): PolicyStatement {
  return itemStatement(sid, `${table.tableArn}/index/${index}`, ['Query'], partitions);
}

function itemStatement(
  sid: string,
  resource: string,
  actions: readonly TableAction[],
  partitions: readonly Partition[],
): PolicyStatement {
  return new PolicyStatement({
    sid,
    actions: actions.map((action) => `dynamodb:${action}`),
    resources: [resource],
    conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...partitions] } },
  });
}

export type KekAction = 'Decrypt' | 'GenerateDataKey';

/** Whose key wraps what belongs to the operator: webhook secrets, apps (shared/encryption/sealer.ts). */
const OPERATOR = 'environment';

/** Unwrapping the operator's own key, and no tenant's. */
export function onOperatorKey(keys: TableV2, kek: Key): PolicyStatement[] {
  const unwrap = onTenantKeys(kek, ['Decrypt']);
  unwrap.addCondition('StringEquals', { 'kms:EncryptionContext:owner_id': OPERATOR });
  return [onItems('OwnerKeys', keys, ['GetItem'], [`ENV#*#TEN#${OPERATOR}`]), unwrap];
}

/** Use of the key that wraps tenants' keys, for nothing but tenants' keys. */
export function onTenantKeys(kek: Key, actions: readonly KekAction[]): PolicyStatement {
  return new PolicyStatement({
    sid: 'TenantKeys',
    actions: actions.map((action) => `kms:${action}`),
    resources: [kek.keyArn],
    conditions: {
      StringEquals: {
        'kms:EncryptionContext:app': 'millrace',
        'kms:EncryptionContext:purpose': 'tenant_key',
      },
    },
  });
}

/** Sending to queues, and through SQS alone the key that encrypts them. */
export function onQueues(queueKey: Key, queues: readonly Queue[]): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'Send',
      actions: ['sqs:SendMessage'],
      resources: queues.map((queue) => queue.queueArn),
    }),
    throughSqs('SendEncrypted', queueKey, ['kms:Decrypt', 'kms:GenerateDataKey']),
  ];
}

/** What Lambda's poller needs, in the function's name, to feed it from a queue. */
export function onOwnQueue(queueKey: Key, queue: Queue): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'Receive',
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      resources: [queue.queueArn],
    }),
    throughSqs('ReceiveEncrypted', queueKey, ['kms:Decrypt']),
  ];
}

function throughSqs(sid: string, key: Key, actions: string[]): PolicyStatement {
  const { region, urlSuffix } = Stack.of(key);
  return new PolicyStatement({
    sid,
    actions,
    resources: [key.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `sqs.${region}.${urlSuffix}` } },
  });
}

export type ClaimAction = 'PutObject' | 'GetObject' | 'DeleteObject';

/** Where shared/claim-check puts its objects. */
export const CLAIM_OBJECTS = 'c/*';

export function onClaims(claims: Bucket, actions: readonly ClaimAction[]): PolicyStatement {
  return new PolicyStatement({
    sid: 'Claims',
    actions: actions.map((action) => `s3:${action}`),
    resources: [claims.arnForObjects(CLAIM_OBJECTS)],
  });
}

/**
 * Finding claims. Needed also by who reads them: S3 tells a missing object from a forbidden one
 * only to those who may list, and a claim that is gone already is no error.
 */
export function onClaimList(claims: Bucket): PolicyStatement {
  return new PolicyStatement({
    sid: 'ListClaims',
    actions: ['s3:ListBucket'],
    resources: [claims.bucketArn],
  });
}
