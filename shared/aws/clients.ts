/**
 * AWS clients, made when asked for and never at import. Where they connect is the SDK's own
 * business: region, credentials and `AWS_ENDPOINT_URL_*` come from the environment.
 *
 * Units   a call gives up after three tries of at most 2.5 s each, and their short pauses: below
 *         the 10 s that a refreshed token may take to be stored (shared/oauth/token/refresh-timing.ts)
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SQSClient } from '@aws-sdk/client-sqs';

const TIMEOUTS = {
  connectionTimeout: 1_000,
  requestTimeout: 2_500,
  // Without it the SDK only logs a warning and waits on.
  throwOnRequestTimeout: true,
} as const;

function settings() {
  return { maxAttempts: 3, requestHandler: { ...TIMEOUTS } };
}

export function createDynamoClient(): DynamoDBClient {
  return new DynamoDBClient(settings());
}

export function createKmsClient(): KMSClient {
  return new KMSClient(settings());
}

/** Path style, because an endpoint other than AWS has no name per bucket. */
export function createS3Client(): S3Client {
  return new S3Client({ ...settings(), forcePathStyle: true });
}

export function createSqsClient(): SQSClient {
  return new SQSClient(settings());
}

export function createSchedulerClient(): SchedulerClient {
  return new SchedulerClient(settings());
}
