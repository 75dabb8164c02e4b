/**
 * Permissions that S3 requests need.
 *
 * Source  https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
import type { AwsRequest } from '../aws-message.ts';
import type { AccessNeed } from '../iam/access-need.ts';
import { addressOf, keysToDelete } from './s3.ts';

const ON_OBJECT: Readonly<Record<string, string>> = {
  PUT: 's3:PutObject',
  GET: 's3:GetObject',
  HEAD: 's3:GetObject',
  DELETE: 's3:DeleteObject',
};
const ON_BUCKET: Readonly<Record<string, string>> = {
  PUT: 's3:CreateBucket',
  GET: 's3:ListBucket',
  HEAD: 's3:ListBucket',
  DELETE: 's3:DeleteBucket',
};
const ON_LIFECYCLE: Readonly<Record<string, string>> = {
  PUT: 's3:PutLifecycleConfiguration',
  GET: 's3:GetLifecycleConfiguration',
  DELETE: 's3:PutLifecycleConfiguration',
};

export function s3Needs(request: AwsRequest): readonly AccessNeed[] {
  const { method, query } = request;
  const { bucket, key } = addressOf(request);
  if (bucket === '') return [{ action: 's3:ListAllMyBuckets', resource: '*' }];
  const resource = `arn:aws:s3:::${bucket}`;
  if (key !== '') return [{ action: named(ON_OBJECT, method), resource: `${resource}/${key}` }];
  if (query.has('delete')) {
    return keysToDelete(request).map((each) => ({
      action: 's3:DeleteObject',
      resource: `${resource}/${each}`,
    }));
  }
  if (query.has('lifecycle')) return [{ action: named(ON_LIFECYCLE, method), resource }];
  const prefix = query.get('prefix');
  return [
    {
      action: named(ON_BUCKET, method),
      resource,
      ...(prefix !== null && { context: { 's3:prefix': prefix } }),
    },
  ];
}

/**
 * S3 tells that a key does not exist only to those who may list the bucket; others are refused.
 * @returns the permission that a "not found" needs, or undefined where it needs none
 */
export function needToKnowAbsence(request: AwsRequest): AccessNeed | undefined {
  const { bucket, key } = addressOf(request);
  const reads = request.method === 'GET' || request.method === 'HEAD';
  return reads && key !== ''
    ? { action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}` }
    : undefined;
}

/** A method that S3 does not have needs a permission that nobody has. */
function named(actions: Readonly<Record<string, string>>, method: string): string {
  return actions[method] ?? `s3:${method}`;
}
