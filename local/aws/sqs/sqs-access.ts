/**
 * Permissions that SQS requests need: on the queue, and through SQS on the key that encrypts it.
 *
 * Source  https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
 *         https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
import { type AwsRequest, operationOf, parseJsonBody } from '../aws-message.ts';
import { type AccessNeed, type AwsPlace, stringIn } from '../iam/access-need.ts';
import type { QueueStore } from './queue-store.ts';
import { queueNameOf } from './sqs.ts';

/** The key of `KmsMasterKeyId`, which may be an id, an ARN or an alias. */
export type FindKeyArn = (name: string) => string | undefined;

const KEY_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  'sqs:SendMessage': ['kms:GenerateDataKey', 'kms:Decrypt'],
  'sqs:ReceiveMessage': ['kms:Decrypt'],
};

export function sqsNeeds(
  request: AwsRequest,
  place: AwsPlace,
  queues: QueueStore,
  findKeyArn: FindKeyArn,
): readonly AccessNeed[] {
  // There are no permissions of their own for batches.
  const action = `sqs:${operationOf(request).replace(/Batch$/, '')}`;
  const body = parseJsonBody(request);
  const name = stringIn(body, 'QueueName') ?? queueNameOf(stringIn(body, 'QueueUrl') ?? '');
  if (name === '') return [{ action, resource: '*' }];
  const resource = `arn:aws:sqs:${place.region}:${place.accountId}:${name}`;
  const keyName = queues.queue(name)?.attributes['KmsMasterKeyId'];
  const keyArn = keyName === undefined ? undefined : findKeyArn(keyName);
  const keyActions = keyArn === undefined ? [] : (KEY_ACTIONS[action] ?? []);
  return [
    { action, resource },
    ...keyActions.map((keyAction) => ({
      action: keyAction,
      resource: keyArn ?? '',
      context: {
        'kms:ViaService': `sqs.${place.region}.amazonaws.com`,
        'kms:EncryptionContext:aws:sqs:arn': resource,
        'kms:EncryptionContextKeys': ['aws:sqs:arn'],
      },
    })),
  ];
}
