/** An embedded AWS on a folder of its own, a clock that tests move, and clients that point at it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import type {
  AwsCredentials,
  EmbeddedAws,
  EmbeddedAwsOptions,
} from '../../../local/aws/embedded-aws.ts';
import { startEmbeddedAws } from '../../../local/aws/embedded-aws.ts';
import type { Denial } from '../../../local/aws/guarded-services.ts';

export const REGION = 'eu-central-1';
export const ACCOUNT = '123456789012';
export const NOON_MS = Date.parse('2026-03-01T12:00:00Z');

/** Stands still unless moved; `sleep` is not for tests. */
export class TestClock {
  #nowMs: number;

  constructor(nowMs = NOON_MS) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }

  sleep(): Promise<void> {
    return Promise.reject(new Error('nothing sleeps here'));
  }
}

export interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly kms: KMSClient;
  readonly s3: S3Client;
  readonly scheduler: SchedulerClient;
  readonly sqs: SQSClient;
}

export function createClients(endpoint: string, credentials: AwsCredentials): Clients {
  const config = { region: REGION, endpoint, credentials: { ...credentials }, maxAttempts: 1 };
  return {
    dynamodb: new DynamoDBClient(config),
    kms: new KMSClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    scheduler: new SchedulerClient(config),
    sqs: new SQSClient(config),
  };
}

/** A table with an index, an encrypted queue, a bucket, a key and a schedule group. */
export async function setUp({ dynamodb, kms, s3, scheduler, sqs }: Clients) {
  await dynamodb.send(
    new CreateTableCommand({
      TableName: 'main',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'duePk'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'due',
          KeySchema: [{ AttributeName: 'duePk', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['token'] },
        },
      ],
    }),
  );
  const waiting = { client: dynamodb, maxWaitTime: 5, minDelay: 0.01, maxDelay: 0.05 };
  await waitUntilTableExists(waiting, { TableName: 'main' });
  const keyArn = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? '';
  const Attributes = { KmsMasterKeyId: keyArn };
  const queue = await sqs.send(new CreateQueueCommand({ QueueName: 'step', Attributes }));
  await s3.send(new CreateBucketCommand({ Bucket: 'claims' }));
  await scheduler.send(new CreateScheduleGroupCommand({ Name: 'sync' }));
  return { keyArn, queueUrl: queue.QueueUrl ?? '' };
}

export class TestAws {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'millrace-aws-'));
  readonly clock = new TestClock();
  readonly denials: Denial[] = [];
  readonly faults: string[] = [];
  readonly #clients: Clients[] = [];
  #running: EmbeddedAws | undefined;

  get aws(): EmbeddedAws {
    if (!this.#running) throw new Error('not started');
    return this.#running;
  }

  async start(options: Partial<EmbeddedAwsOptions> = {}): Promise<this> {
    this.#running = await startEmbeddedAws({
      dataDir: this.dataDir,
      region: REGION,
      accountId: ACCOUNT,
      clock: this.clock,
      onDenied: (denial) => this.denials.push(denial),
      onFault: (what) => this.faults.push(what),
      ...options,
    });
    return this;
  }

  /** Clients of the administrator, or of whoever the credentials belong to. */
  clients(credentials: AwsCredentials = this.aws.admin): Clients {
    const made = createClients(this.aws.endpoint, credentials);
    this.#clients.push(made);
    return made;
  }

  /** Clients of a role with one policy. */
  role(name: string, statements: readonly object[], trust?: unknown): Clients {
    return this.clients(
      this.aws.registerRole({
        arn: roleArn(name),
        policies: [{ name: 'Work', document: { Version: '2012-10-17', Statement: statements } }],
        ...(trust === undefined ? {} : { trust }),
      }),
    );
  }

  async stop(): Promise<void> {
    for (const clients of this.#clients.splice(0)) {
      for (const client of Object.values(clients)) client.destroy();
    }
    await this.#running?.stop();
    this.#running = undefined;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** Permissions of the files in a folder of the data directory, in octal. */
  modes(folder: string): Readonly<Record<string, string>> {
    const names = readdirSync(join(this.dataDir, folder));
    const mode = (name: string) =>
      (statSync(join(this.dataDir, folder, name)).mode & 0o777).toString(8);
    return Object.fromEntries(names.map((name) => [name, mode(name)]));
  }

  /** Files under the data directory whose bytes contain `text`. */
  filesWith(text: string): readonly string[] {
    const names = readdirSync(this.dataDir, { recursive: true, encoding: 'utf8' });
    return names.filter((name) => {
      const path = join(this.dataDir, name);
      return statSync(path).isFile() && readFileSync(path).includes(text);
    });
  }
}

export function roleArn(name: string): string {
  return `arn:aws:iam::${ACCOUNT}:role/${name}`;
}

/** A trust policy that lets the scheduler act for schedules of one group. */
export function trustsScheduler(group: string): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Condition: {
          StringEquals: {
            'aws:SourceAccount': ACCOUNT,
            'aws:SourceArn': `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule-group/${group}`,
          },
        },
      },
    ],
  };
}
