/**
 * Amazon S3 as claims need it: buckets with expiry, objects, listing. Path-style addresses only.
 *
 * Not here: versions, multipart uploads, ranges, ACLs, delimiters, presigned addresses.
 * Source  https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
import { createHash } from 'node:crypto';
import type { Clock } from '#shared/kernel/clock.ts';
import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type Backend,
  escapeXml,
  xmlAnswer,
  xmlRefusal,
} from '../aws-message.ts';
import { decodeBody } from './aws-chunked.ts';
import { parseLifecycle } from './lifecycle.ts';
import { type Bucket, ObjectStore } from './object-store.ts';

export interface S3 {
  readonly handle: Backend;
  readonly store: ObjectStore;
  stop(): void;
}

export interface S3Options {
  readonly folder: string;
  readonly clock: Clock;
}

/** Bucket and key of a path-style address; both empty for the account, the key for the bucket. */
export interface S3Address {
  readonly bucket: string;
  readonly key: string;
}

const MAX_KEYS = 1_000;
const KEPT_HEADERS =
  /^(content-type|content-encoding|cache-control|x-amz-meta-.+|x-amz-checksum-.+)$/;
const XMLNS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

/** What S3 parameters may stand in the query of a request that we know. */
const KNOWN_QUERY = new Set([
  'x-id',
  'list-type',
  'prefix',
  'continuation-token',
  'start-after',
  'max-keys',
  'encoding-type',
  'delete',
  'lifecycle',
]);

export function addressOf(request: AwsRequest): S3Address {
  const [, bucket = '', ...key] = request.path.split('/').map(decodeURIComponent);
  return { bucket, key: key.join('/') };
}

export function openS3(options: S3Options): S3 {
  const store = new ObjectStore(options.folder);
  return {
    store,
    async handle(request) {
      try {
        const unknown = [...request.query.keys()].find((name) => !KNOWN_QUERY.has(name));
        if (unknown !== undefined) throw notImplemented(`the parameter ${unknown}`);
        const { bucket, key } = addressOf(request);
        if (bucket === '') return listBuckets(store);
        return key === ''
          ? onBucket(store, options.clock, request, bucket)
          : onObject(store, options.clock, request, bucket, key);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const refusal = xmlRefusal(error);
        return request.method === 'HEAD' ? { ...refusal, body: '' } : refusal;
      }
    },
    stop: () => store.close(),
  };
}

function onBucket(
  store: ObjectStore,
  clock: Clock,
  request: AwsRequest,
  name: string,
): AwsResponse {
  const { method, query } = request;
  if (query.has('lifecycle')) return onLifecycle(store, request, existing(store, name));
  if (method === 'PUT') {
    if (!store.bucket(name)) {
      store.putBucket({ name, createdAtMs: clock.now(), lifecycleXml: undefined, expiry: [] });
    }
    return { status: 200, headers: { location: `/${name}` }, body: '' };
  }
  const bucket = existing(store, name);
  if (method === 'HEAD') return { status: 200, headers: {}, body: '' };
  if (method === 'GET') return listObjects(store, bucket.name, query);
  if (method === 'POST' && query.has('delete')) {
    const keys = keysToDelete(request);
    store.delete(name, keys);
    const deleted = keys.map((key) => `<Deleted><Key>${escapeXml(key)}</Key></Deleted>`).join('');
    return xmlAnswer(`<DeleteResult ${XMLNS}>${deleted}</DeleteResult>`);
  }
  if (method === 'DELETE') {
    if (store.list(name, '', '', 1).length > 0)
      throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty.', 409);
    store.deleteBucket(name);
    return { status: 204, headers: {}, body: '' };
  }
  throw notImplemented(`${method} of a bucket`);
}

function onLifecycle(store: ObjectStore, request: AwsRequest, bucket: Bucket): AwsResponse {
  if (request.method === 'GET') {
    if (bucket.lifecycleXml === undefined) {
      throw new AwsError(
        'NoSuchLifecycleConfiguration',
        'The lifecycle configuration does not exist',
        404,
      );
    }
    return {
      status: 200,
      headers: { 'content-type': 'application/xml' },
      body: bucket.lifecycleXml,
    };
  }
  if (request.method === 'DELETE') {
    store.putBucket({ ...bucket, lifecycleXml: undefined, expiry: [] });
    return { status: 204, headers: {}, body: '' };
  }
  const xml = decodeBody(request).body.toString('utf8');
  store.putBucket({ ...bucket, lifecycleXml: xml, expiry: parseLifecycle(xml) });
  return { status: 200, headers: {}, body: '' };
}

function onObject(
  store: ObjectStore,
  clock: Clock,
  request: AwsRequest,
  bucket: string,
  key: string,
): AwsResponse {
  existing(store, bucket);
  if (request.method === 'PUT') return putObject(store, clock, request, bucket, key);
  if (request.method === 'DELETE') {
    store.delete(bucket, [key]);
    return { status: 204, headers: {}, body: '' };
  }
  const object = store.get(bucket, key);
  if (!object) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  const headers = {
    ...object.headers,
    etag: object.etag,
    'last-modified': new Date(object.modifiedAtMs).toUTCString(),
    'content-length': String(object.body.length),
  };
  if (request.method === 'HEAD') return { status: 200, headers, body: '' };
  if (request.method === 'GET') return { status: 200, headers, body: object.body };
  throw notImplemented(`${request.method} of an object`);
}

function putObject(
  store: ObjectStore,
  clock: Clock,
  request: AwsRequest,
  bucket: string,
  key: string,
): AwsResponse {
  if (request.headers['x-amz-copy-source'] !== undefined) throw notImplemented('copying');
  if (request.headers['if-none-match'] === '*' && store.get(bucket, key)) {
    throw new AwsError(
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
      412,
    );
  }
  const { body, trailers } = decodeBody(request);
  const etag = `"${createHash('md5').update(body).digest('hex')}"`;
  const given = Object.entries({ ...request.headers, ...trailers });
  const kept = given.filter(([name, value]) => KEPT_HEADERS.test(name) && value !== 'aws-chunked');
  store.put(bucket, key, {
    body,
    headers: Object.fromEntries(kept),
    etag,
    modifiedAtMs: clock.now(),
  });
  return { status: 200, headers: { etag }, body: '' };
}

function listBuckets(store: ObjectStore): AwsResponse {
  const buckets = store
    .buckets()
    .map(
      (bucket) =>
        `<Bucket><Name>${bucket.name}</Name><CreationDate>${new Date(bucket.createdAtMs).toISOString()}</CreationDate></Bucket>`,
    );
  return xmlAnswer(
    `<ListAllMyBucketsResult ${XMLNS}><Buckets>${buckets.join('')}</Buckets></ListAllMyBucketsResult>`,
  );
}

function listObjects(store: ObjectStore, bucket: string, query: URLSearchParams): AwsResponse {
  const prefix = query.get('prefix') ?? '';
  const limit = Math.min(Number(query.get('max-keys') ?? MAX_KEYS), MAX_KEYS);
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  const found = store.list(bucket, prefix, after, limit + 1);
  const page = found.slice(0, limit);
  const truncated = found.length > limit;
  const contents = page.map(
    ({ key, bytes, etag, modifiedAtMs }) =>
      `<Contents><Key>${escapeXml(key)}</Key><LastModified>${new Date(modifiedAtMs).toISOString()}</LastModified><ETag>${escapeXml(etag)}</ETag><Size>${bytes}</Size></Contents>`,
  );
  const token = truncated
    ? `<NextContinuationToken>${escapeXml(page.at(-1)?.key ?? '')}</NextContinuationToken>`
    : '';
  return xmlAnswer(
    `<ListBucketResult ${XMLNS}><Name>${bucket}</Name><KeyCount>${page.length}</KeyCount><IsTruncated>${truncated}</IsTruncated>${token}${contents.join('')}</ListBucketResult>`,
  );
}

/** The keys that a DeleteObjects request names. */
export function keysToDelete(request: AwsRequest): readonly string[] {
  const xml = decodeBody(request).body.toString('utf8');
  return [...xml.matchAll(/<Key>(.*?)<\/Key>/gs)].map(([, key = '']) =>
    key
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&apos;', "'")
      .replaceAll('&amp;', '&'),
  );
}

function existing(store: ObjectStore, name: string): Bucket {
  const bucket = store.bucket(name);
  if (!bucket) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
  return bucket;
}

function notImplemented(what: string): AwsError {
  return new AwsError('NotImplemented', `The local S3 does not support ${what}.`, 501);
}
