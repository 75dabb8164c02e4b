/** S3 buckets and their lifecycle. */
import {
  CreateBucketCommand,
  HeadBucketCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import * as z from 'zod';
import type { Creator } from './creator.ts';
import { propertiesOf } from './stack.ts';

const ignored = z.unknown().optional();
const ruleSchema = z.strictObject({
  Id: z.string().optional(),
  Prefix: z.string().default(''),
  Status: z.enum(['Enabled', 'Disabled']),
  ExpirationInDays: z.number().int().positive().optional(),
  AbortIncompleteMultipartUpload: z
    .strictObject({ DaysAfterInitiation: z.number().int().positive() })
    .optional(),
});

const bucketSchema = z.strictObject({
  BucketName: z.string().optional(),
  LifecycleConfiguration: z
    .strictObject({ Rules: z.array(ruleSchema), TransitionDefaultMinimumObjectSize: ignored })
    .optional(),
  // The endpoint is one machine's own: nothing is public, nobody else owns an object.
  BucketEncryption: ignored,
  LoggingConfiguration: ignored,
  MetricsConfigurations: ignored,
  OwnershipControls: ignored,
  PublicAccessBlockConfiguration: ignored,
  Tags: ignored,
});

export const createBucket: Creator = async (resource, { clients, identity, region }) => {
  const properties = propertiesOf(resource, bucketSchema);
  const name = properties.BucketName ?? identity.physicalName(resource.logicalId, 63).toLowerCase();
  try {
    await clients.s3.send(new HeadBucketCommand({ Bucket: name }));
  } catch (error) {
    if (!(error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404)) {
      throw error;
    }
    await clients.s3.send(new CreateBucketCommand({ Bucket: name }));
  }
  const rules = properties.LifecycleConfiguration?.Rules.map(lifecycleRule);
  if (rules) {
    await clients.s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: name,
        LifecycleConfiguration: { Rules: rules },
      }),
    );
  }
  const host = `${name}.s3.amazonaws.com`;
  return {
    ref: name,
    attributes: {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: host,
      RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
    },
  };
};

/** CloudFormation and the API spell the same rule differently. */
function lifecycleRule(rule: z.output<typeof ruleSchema>): LifecycleRule {
  return {
    ...(rule.Id !== undefined && { ID: rule.Id }),
    Status: rule.Status,
    Filter: { Prefix: rule.Prefix },
    ...(rule.ExpirationInDays !== undefined && { Expiration: { Days: rule.ExpirationInDays } }),
    ...(rule.AbortIncompleteMultipartUpload && {
      AbortIncompleteMultipartUpload: rule.AbortIncompleteMultipartUpload,
    }),
  };
}
