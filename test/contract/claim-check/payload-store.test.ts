import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { PayloadStore } from '#shared/claim-check/payload-store.ts';
import { createS3PayloadStore } from '#shared/claim-check/s3-payload-store.ts';
// By path: the package exports nothing that CommonJS, which Jest runs, could resolve.
import { type FauxqsServer, startFauxqs } from '../../../node_modules/fauxqs/dist/app.js';
import { createMemoryPayloadStore } from '../../support/doubles/memory-payload-store.ts';

let server: FauxqsServer;
let client: S3Client;
let store: PayloadStore;
let count = 0;

beforeAll(async () => {
  server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false });
  client = new S3Client({
    endpoint: `http://127.0.0.1:${server.port}`,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});
afterAll(async () => {
  client.destroy();
  await server.stop();
});

async function keysUnder(prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of store.list(prefix)) keys.push(...page);
  return keys;
}

/** One contract: what the double in memory promises, S3 keeps. */
describe.each(['memory', 'S3'])('the %s payload store', (name) => {
  beforeEach(async () => {
    count += 1;
    const bucket = `claims-${count}`;
    if (name === 'S3') await client.send(new CreateBucketCommand({ Bucket: bucket }));
    store = name === 'S3' ? createS3PayloadStore(client, bucket) : createMemoryPayloadStore();
  });

  it('gives back the very bytes that were put', async () => {
    const bytes = Uint8Array.from([0, 255, 10, 13, 128]);
    await store.put('c/1/a', bytes);

    expect(Uint8Array.from((await store.get('c/1/a'))!)).toEqual(bytes);
  });

  it('answers undefined for what is not there', async () => {
    expect(await store.get('c/1/none')).toBeUndefined();
  });

  it('deletes some and leaves the others', async () => {
    for (const key of ['c/1/a', 'c/1/b', 'c/2/a']) await store.put(key, new Uint8Array(1));

    await store.delete(['c/1/a', 'c/2/a', 'c/9/never']);

    expect(await keysUnder('c/')).toEqual(['c/1/b']);
  });

  it('lists by prefix, in order', async () => {
    for (const key of ['c/2/a', 'c/1/b', 'd/1', 'c/1/a']) await store.put(key, new Uint8Array(1));

    expect(await keysUnder('c/')).toEqual(['c/1/a', 'c/1/b', 'c/2/a']);
  });
});

it('lists and deletes more objects than S3 names or deletes at once', async () => {
  await client.send(new CreateBucketCommand({ Bucket: 'many' }));
  store = createS3PayloadStore(client, 'many');
  const keys = Array.from({ length: 1_003 }, (_, n) => `c/1/${String(n).padStart(4, '0')}`);
  for (let n = 0; n < keys.length; n += 50) {
    await Promise.all(keys.slice(n, n + 50).map((key) => store.put(key, new Uint8Array(1))));
  }
  expect(await keysUnder('c/')).toEqual(keys);

  await store.delete(keys);

  expect(await keysUnder('c/')).toEqual([]);
});
