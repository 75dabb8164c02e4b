/**
 * AWS on one machine: DynamoDB, SQS, S3, KMS and EventBridge Scheduler behind one loopback
 * endpoint, with every caller's IAM policies enforced and every state durable in one folder.
 *
 * Point `AWS_ENDPOINT_URL` at {@link EmbeddedAws.endpoint} and give each function the credentials
 * that {@link EmbeddedAws.registerRole} made for its role; SDK clients need nothing else.
 *
 * Errors  UnsupportedPolicyError (a policy uses IAM that the evaluator does not know)
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, systemClock } from '#shared/kernel/clock.ts';
import { type AwsCredentials, Credentials } from './credentials.ts';
import { readIfPresent, writeDurably } from './durable-file.ts';
import { openDynamoDb } from './dynamodb/dynamodb.ts';
import { type Gateway, type GatewayOptions, openGateway } from './gateway.ts';
import { type Denial, GuardedServices, type Services } from './guarded-services.ts';
import { Authorizer } from './iam/authorizer.ts';
import { openKms } from './kms/kms.ts';
import { openS3 } from './s3/s3.ts';
import { assertAssumable, createDelivery, type ScheduleTargets } from './schedule-delivery.ts';
import { openScheduler } from './scheduler/scheduler.ts';
import { openSqs } from './sqs/sqs.ts';

/** A role as the template defines it, intrinsics already resolved. */
export interface RoleDefinition {
  readonly arn: string;
  /** `Policies` of the role and every `AWS::IAM::Policy` attached to it. */
  readonly policies: readonly NamedPolicy[];
  /** `AssumeRolePolicyDocument`; without it, no service may assume the role. */
  readonly trust?: unknown;
}

export interface NamedPolicy {
  readonly name: string;
  /** The parsed `PolicyDocument`. */
  readonly document: unknown;
}

export interface EmbeddedAwsOptions {
  /** Everything durable lies in here; created where it is missing. */
  readonly dataDir: string;
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  readonly clock?: Clock;
  /** Default: the port of the last start on this folder, else a free one. */
  readonly port?: number;
  readonly onDenied?: (denial: Denial) => void;
  /** What went wrong in the background: a schedule's target that gave up, a broom that failed. */
  readonly onFault?: (what: string, error: unknown) => void;
}

export interface EmbeddedAws {
  /** `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
  /** Bypasses every policy: for provisioning, and for what AWS itself would do. */
  readonly admin: AwsCredentials;
  /** Replaces the role of the same ARN and returns its (stable while running) credentials. */
  registerRole(role: RoleDefinition): AwsCredentials;
  /** The policy of a queue, a bucket or a key, by its ARN. KMS key policies need not be given. */
  registerResourcePolicy(resourceArn: string, document: unknown): void;
  /** Until now no schedule fired; from now on they do, missed one-shot ones at once. */
  startSchedules(targets: ScheduleTargets): void;
  /**
   * Deletes messages and objects that have outlived their retention, and takes everything deleted
   * off the disk. Also runs by itself every half minute.
   */
  tidy(): Promise<void>;
  stop(): Promise<void>;
}

const TIDY_EVERY_MS = 30_000;

export async function startEmbeddedAws(options: EmbeddedAwsOptions): Promise<EmbeddedAws> {
  const { dataDir, region, accountId } = options;
  const clock = options.clock ?? systemClock;
  const onFault = options.onFault ?? (() => {});
  mkdirSync(dataDir, { recursive: true });
  const place = { region, accountId };
  const authorizer = new Authorizer(accountId);
  // DynamoDB first: its lock refuses a second start on the folder before anything is touched.
  const dynamodb = await openDynamoDb({ folder: join(dataDir, 'dynamodb'), ...place });
  const kms = openKms({ folder: join(dataDir, 'kms'), clock, ...place });
  const s3 = openS3({ folder: join(dataDir, 's3'), clock });
  const url = { endpoint: '' };
  const sqs = openSqs({ folder: join(dataDir, 'sqs'), clock, url, ...place });
  const scheduler = openScheduler({
    folder: join(dataDir, 'scheduler'),
    clock,
    onFault,
    assertAssumable: (roleArn, group) => assertAssumable(authorizer, place, roleArn, group),
    ...place,
  });
  const all = { dynamodb, sqs, s3, kms, scheduler };
  const services = new GuardedServices(all, authorizer, place, options.onDenied ?? (() => {}));
  const credentials = new Credentials();
  const portFile = join(dataDir, 'port');
  const gateway = await openOnUsualPort({ services, credentials, onFault }, portFile, options.port);
  url.endpoint = `http://127.0.0.1:${gateway.port}`;
  const broom = startBroom(all, clock, onFault);
  return {
    endpoint: url.endpoint,
    admin: credentials.issue({ kind: 'admin' }),
    registerRole(role) {
      authorizer.setRole(role);
      return credentials.issue({ kind: 'role', arn: role.arn });
    },
    registerResourcePolicy: (arn, document) => authorizer.setResourcePolicy(arn, document),
    startSchedules(targets) {
      scheduler.clockwork.start(createDelivery(services, authorizer, place, targets));
    },
    tidy: broom.sweep,
    async stop() {
      broom.stop();
      await scheduler.stop();
      await gateway.stop();
      sqs.stop();
      s3.stop();
      await dynamodb.stop();
    },
  };
}

function startBroom(
  { sqs, s3, dynamodb }: Services,
  clock: Clock,
  onFault: NonNullable<EmbeddedAwsOptions['onFault']>,
) {
  const sweep = async (): Promise<void> => {
    sqs.store.expire(clock.now());
    s3.store.expire(clock.now());
    await dynamodb.compact();
  };
  const timer = setInterval(
    () => void sweep().catch((error) => onFault('tidying failed', error)),
    TIDY_EVERY_MS,
  );
  return { sweep, stop: () => clearInterval(timer) };
}

/** The same port at every start where it is free: queue URLs that somebody kept stay right. */
async function openOnUsualPort(
  options: GatewayOptions,
  file: string,
  wanted: number | undefined,
): Promise<Gateway> {
  const last = Number(readIfPresent(file)?.toString('utf8') ?? 0);
  const gateway = await openGateway(options, wanted ?? last).catch((error: unknown) => {
    if (wanted !== undefined || last === 0) throw error;
    return openGateway(options, 0);
  });
  writeDurably(file, String(gateway.port));
  return gateway;
}

export type { AwsCredentials } from './credentials.ts';
export type { FunctionInvocation, ScheduleTargets } from './schedule-delivery.ts';
