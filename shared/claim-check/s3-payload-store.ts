/** {@link PayloadStore} in an S3 bucket without versions: what is deleted is gone. */
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type ErrorOrigin, UpstreamError } from '../kernel/errors.ts';
import type { PayloadStore } from './payload-store.ts';

/** Some objects could not be deleted; the next sweep tries again. */
export class PayloadDeletionError extends UpstreamError {
  override readonly name = 'PayloadDeletionError';
  readonly code = 'internal_error';
  override readonly origin: ErrorOrigin = 'platform';
}

/** Limit of one DeleteObjects request. */
const MAX_DELETIONS = 1_000;

export function createS3PayloadStore(client: S3Client, bucket: string): PayloadStore {
  return {
    async put(objectKey, ciphertext) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: objectKey, Body: ciphertext }));
    },

    async get(objectKey) {
      try {
        const { Body } = await client.send(
          new GetObjectCommand({ Bucket: bucket, Key: objectKey }),
        );
        return await Body?.transformToByteArray();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },

    async delete(objectKeys) {
      for (let start = 0; start < objectKeys.length; start += MAX_DELETIONS) {
        const Objects = objectKeys.slice(start, start + MAX_DELETIONS).map((Key) => ({ Key }));
        const { Errors = [] } = await client.send(
          new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
        );
        if (Errors.length > 0) {
          throw new PayloadDeletionError(
            'some payloads could not be deleted',
            { count: Errors.length },
            { retry: { afterMs: 1_000 } },
          );
        }
      }
    },

    list: (prefix) => listPages(client, bucket, prefix),
  };
}

async function* listPages(
  client: S3Client,
  bucket: string,
  prefix: string,
): AsyncGenerator<readonly string[]> {
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    );
    yield (page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
    token = page.NextContinuationToken;
  } while (token !== undefined);
}
