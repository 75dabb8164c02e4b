/** The SDK clients with which the runtime provisions and polls, as whoever `access` says. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { AwsCredentials } from '../aws/embedded-aws.ts';

/** Where AWS is and who calls it; what is absent comes from the standard variables. */
export interface AwsAccess {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: AwsCredentials;
}

export interface AwsClients {
  readonly dynamo: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly s3: S3Client;
  readonly kms: KMSClient;
  readonly scheduler: SchedulerClient;
  close(): void;
}

export function createAwsClients(access: AwsAccess): AwsClients {
  const dynamo = new DynamoDBClient(access);
  const sqs = new SQSClient(access);
  // Bucket names as host names do not resolve under `localhost` and the like.
  const s3 = new S3Client({ ...access, forcePathStyle: true });
  const kms = new KMSClient(access);
  const scheduler = new SchedulerClient(access);
  return {
    dynamo,
    sqs,
    s3,
    kms,
    scheduler,
    close() {
      for (const client of [dynamo, sqs, s3, kms, scheduler]) client.destroy();
    },
  };
}
