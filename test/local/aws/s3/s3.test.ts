import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { decodeBody } from '../../../../local/aws/s3/aws-chunked.ts';
import { TestAws } from '../support.ts';

const DAY_MS = 86_400_000;

const local = new TestAws();
let s3: S3Client;

beforeAll(async () => {
  await local.start();
  s3 = local.clients().s3;
  await s3.send(new CreateBucketCommand({ Bucket: 'claims' }));
});
afterAll(() => local.remove());

const put = (Key: string, Body: string, more = {}) =>
  s3.send(new PutObjectCommand({ Bucket: 'claims', Key, Body, ...more }));
const get = (Key: string) => s3.send(new GetObjectCommand({ Bucket: 'claims', Key }));

async function list(more = {}) {
  const page = await s3.send(new ListObjectsV2Command({ Bucket: 'claims', ...more }));
  return { keys: (page.Contents ?? []).map(({ Key }) => Key), next: page.NextContinuationToken };
}

describe('S3', () => {
  it('gives back what was put, with its type, its metadata and a check sum that the SDK verifies', async () => {
    await put('env/clm_1', 'sealed', {
      ContentType: 'application/octet-stream',
      Metadata: { run: 'run_1' },
    });
    const object = await get('env/clm_1');
    expect(await object.Body?.transformToString()).toBe('sealed');
    expect(object).toMatchObject({
      ContentType: 'application/octet-stream',
      Metadata: { run: 'run_1' },
      ContentLength: 6,
    });
    expect(object.ChecksumCRC32).toBeDefined();
  });

  it('takes keys of any characters', async () => {
    const key = 'a b/c+d%20(é)!*\'&<>"~.json';
    await put(key, 'x');
    expect(await (await get(key)).Body?.transformToString()).toBe('x');
    expect((await list({ Prefix: 'a b/' })).keys).toEqual([key]);
    await s3.send(
      new DeleteObjectsCommand({ Bucket: 'claims', Delete: { Objects: [{ Key: key }] } }),
    );
    expect((await list({ Prefix: 'a b/' })).keys).toEqual([]);
  });

  it('lists by prefix, page by page, in the order of keys', async () => {
    for (const key of ['p/2', 'p/1', 'p/3', 'q/1']) await put(key, 'x');
    const first = await list({ Prefix: 'p/', MaxKeys: 2 });
    const second = await list({ Prefix: 'p/', MaxKeys: 2, ContinuationToken: first.next });
    expect([first.keys, second.keys, second.next]).toEqual([['p/1', 'p/2'], ['p/3'], undefined]);
  });

  it('says what is missing', async () => {
    await expect(get('none')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(
      s3.send(new HeadObjectCommand({ Bucket: 'claims', Key: 'none' })),
    ).rejects.toMatchObject({ name: 'NotFound' });
    await expect(s3.send(new HeadBucketCommand({ Bucket: 'none' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    await expect(s3.send(new ListObjectsV2Command({ Bucket: 'none' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
  });

  it('does not overwrite where that is asked', async () => {
    await put('once', 'first', { IfNoneMatch: '*' });
    await expect(put('once', 'second', { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    expect(await (await get('once')).Body?.transformToString()).toBe('first');
  });

  it('deletes what is older than the lifecycle of its bucket allows, where its prefix says so', async () => {
    const rule = {
      ID: 'Broom',
      Status: 'Enabled' as const,
      Filter: { Prefix: 'old/' },
      Expiration: { Days: 1 },
    };
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: 'claims',
        LifecycleConfiguration: { Rules: [rule] },
      }),
    );
    const stored = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: 'claims' }));
    expect(stored.Rules).toEqual([rule]);
    await put('old/1', 'expiring-canary');
    await put('new/1', 'x');
    local.clock.advance(DAY_MS - 1);
    await local.aws.tidy();
    expect((await list({ Prefix: 'old/' })).keys).toEqual(['old/1']);
    local.clock.advance(1);
    await local.aws.tidy();
    expect((await list({ Prefix: 'old/' })).keys).toEqual([]);
    expect((await list({ Prefix: 'new/' })).keys).toEqual(['new/1']);
    expect(local.filesWith('expiring-canary')).toEqual([]);
  });

  it('leaves nothing of a deleted or overwritten object on the disk', async () => {
    await put('gone', `deleted-canary${'x'.repeat(20_000)}deleted-canary`);
    await put('changed', 'overwritten-canary');
    expect(local.filesWith('deleted-canary')).toEqual(['s3/objects.db']);
    await s3.send(new DeleteObjectCommand({ Bucket: 'claims', Key: 'gone' }));
    await put('changed', 'x');
    expect(local.filesWith('deleted-canary')).toEqual([]);
    expect(local.filesWith('overwritten-canary')).toEqual([]);
  });

  it('deletes a bucket only when it is empty', async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'brief' }));
    await s3.send(new PutObjectCommand({ Bucket: 'brief', Key: 'a', Body: 'x' }));
    const remove = () => s3.send(new DeleteBucketCommand({ Bucket: 'brief' }));
    await expect(remove()).rejects.toMatchObject({ name: 'BucketNotEmpty' });
    await s3.send(new DeleteObjectCommand({ Bucket: 'brief', Key: 'a' }));
    await remove();
    await expect(s3.send(new HeadBucketCommand({ Bucket: 'brief' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });

  it('refuses what it does not know rather than doing half of it', async () => {
    const tagged = {
      ID: 't',
      Status: 'Enabled' as const,
      Filter: { Tag: { Key: 'a', Value: 'b' } },
      Expiration: { Days: 1 },
    };
    const lifecycle = new PutBucketLifecycleConfigurationCommand({
      Bucket: 'claims',
      LifecycleConfiguration: { Rules: [tagged] },
    });
    await expect(s3.send(lifecycle)).rejects.toMatchObject({ name: 'NotImplemented' });
    await expect(list({ Delimiter: '/' })).rejects.toMatchObject({ name: 'NotImplemented' });
  });

  it('reads bodies that come in chunks with check sums after them', () => {
    const body = Buffer.from(
      '5\r\nhello\r\n6;chunk-signature=ab\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n',
    );
    const request = {
      method: 'PUT',
      path: '/b/k',
      query: new URLSearchParams(),
      headers: { 'content-encoding': 'aws-chunked' },
      body,
      signal: new AbortController().signal,
    };
    const decoded = decodeBody(request);
    expect(decoded.body.toString()).toBe('hello world');
    expect(decoded.trailers).toEqual({ 'x-amz-checksum-crc32': 'DUoRhQ==' });
  });
});
