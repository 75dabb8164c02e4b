/**
 * Everything that holds data at rest, and for how long.
 *
 * | store       | holds                                  | kept                                       |
 * | ----------- | -------------------------------------- | ------------------------------------------ |
 * | main        | configuration, state, sealed secrets   | until deleted; restorable for recoveryDays |
 * | keys        | wrapped tenant keys                    | until deleted; nothing brings them back    |
 * | claims      | payload under a key that is not here   | minutes; 1 day if every sweeper is broken  |
 *
 * Losing a tenant's item in `keys` makes its credentials unreadable in every backup of `main`,
 * which is why `keys` has no backup of its own and `main` must not be encrypted with the same key.
 */
import { CfnElement, Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  ProjectionType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

const text = (name: string) => ({ name, type: AttributeType.STRING });

export class Storage extends Construct {
  readonly main: TableV2;
  readonly keys: TableV2;
  readonly claims: Bucket;
  readonly claimsResource: CfnElement;
  /** Encrypts queues. Wraps nothing of a tenant's. */
  readonly queueKey: Key;
  /** Wraps tenants' keys, and only under an encryption context that names them. */
  readonly tenantKek: Key;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    this.main = this.#table('Main', settings);
    this.main.addGlobalSecondaryIndex({
      indexName: 'gsi1',
      partitionKey: text('gsi1pk'),
      sortKey: text('gsi1sk'),
    });
    // Sparse: only runs that wait for something are in it.
    this.main.addGlobalSecondaryIndex({
      indexName: 'due',
      partitionKey: text('duePk'),
      sortKey: { name: 'dueAt', type: AttributeType.NUMBER },
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: ['token', 'runId', 'environmentId'],
    });
    this.keys = this.#table('Keys', { ...settings, recoveryDays: 0 });
    this.claims = this.#claims();
    this.claimsResource = elementOf(this.claims);
    this.queueKey = new Key(this, 'QueueKey', {
      description: 'Millrace: encrypts queues',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.tenantKek = new Key(this, 'TenantKek', {
      description: 'Millrace: wraps the keys of tenants',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  #table(id: string, { recoveryDays, deletionProtection }: Settings): TableV2 {
    return new TableV2(this, id, {
      partitionKey: text('pk'),
      sortKey: text('sk'),
      billing: Billing.onDemand(),
      // A key of our own here would quietly grant every reader of the table that key.
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      deletionProtection,
      removalPolicy: RemovalPolicy.RETAIN,
      // Housekeeping only: readers check the time themselves.
      timeToLiveAttribute: 'ttl',
      ...(recoveryDays > 0 && {
        pointInTimeRecoverySpecification: {
          pointInTimeRecoveryEnabled: true,
          recoveryPeriodInDays: recoveryDays,
        },
      }),
    });
  }

  /**
   * Objects are ciphertext whose key travels in a queue, so S3's own encryption is enough, and no
   * KMS call is paid per claim. A day is the shortest life that S3 can count; the sweeper is faster.
   */
  #claims(): Bucket {
    return new Bucket(this, 'Claims', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: false,
      lifecycleRules: [
        {
          id: 'Broom',
          expiration: Duration.days(1),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}

/** The CloudFormation resource inside a construct of CDK. */
function elementOf(construct: Construct): CfnElement {
  const { defaultChild } = construct.node;
  if (defaultChild instanceof CfnElement) return defaultChild;
  throw new Error(`${construct.node.path} has no resource of its own`);
}
