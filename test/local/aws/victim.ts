/**
 * A process that writes to an embedded AWS of its own until somebody kills it. Prints one line of
 * JSON per write that was acknowledged. Arguments: the data directory.
 */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EncryptCommand } from '@aws-sdk/client-kms';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateScheduleCommand } from '@aws-sdk/client-scheduler';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { startEmbeddedAws } from '../../../local/aws/embedded-aws.ts';
import { ACCOUNT, createClients, REGION, roleArn, setUp, trustsScheduler } from './support.ts';

const dataDir = process.argv[2] ?? '';
const aws = await startEmbeddedAws({ dataDir, region: REGION, accountId: ACCOUNT });
const clients = createClients(aws.endpoint, aws.admin);
aws.registerRole({ arn: roleArn('fires'), policies: [], trust: trustsScheduler('sync') });
const { queueUrl, keyArn } = await setUp(clients);

for (let number = 0; ; number += 1) {
  const id = String(number).padStart(5, '0');
  const Item = {
    pk: { S: `RUN#${id}` },
    sk: { S: 'STATE' },
    duePk: { S: 'DUE' },
    token: { S: id },
  };
  const sealed = await clients.kms.send(
    new EncryptCommand({ KeyId: keyArn, Plaintext: Buffer.from(id) }),
  );
  await Promise.all([
    clients.dynamodb.send(new PutItemCommand({ TableName: 'main', Item })),
    clients.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: id })),
    clients.s3.send(new PutObjectCommand({ Bucket: 'claims', Key: id, Body: id })),
    clients.scheduler.send(
      new CreateScheduleCommand({
        Name: id,
        GroupName: 'sync',
        ScheduleExpression: 'rate(1 hour)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:step`, RoleArn: roleArn('fires') },
      }),
    ),
  ]);
  const ciphertext = Buffer.from(sealed.CiphertextBlob ?? []).toString('base64');
  process.stdout.write(`${JSON.stringify({ id, ciphertext })}\n`);
}
