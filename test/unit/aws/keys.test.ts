import * as keys from '#shared/aws/keys.ts';
import { brandId } from '#shared/kernel/id.ts';

const environment = brandId<'env'>('env_1');
const account = brandId<'ia'>('ia_1');
const job = brandId<'job'>('job_1');
const run = brandId<'run'>('run_1');
const event = brandId<'evt'>('evt_1');
const subscription = brandId<'sub'>('sub_1');
const tenant = brandId<'tenant'>('acme#META');

describe('the keys of items', () => {
  it.each([
    [keys.environmentKey(environment), 'ENV#env_1', 'META'],
    [keys.apiKeyKey(brandId<'key'>('key_1')), 'KEY#key_1', 'META'],
    [keys.tenantKey(environment, tenant), 'ENV#env_1#TEN#acme#META', 'META'],
    [keys.accountKey(account), 'ACCT#ia_1', 'META'],
    [keys.credentialKey(account), 'ACCT#ia_1', 'CRED'],
    [keys.appKey(environment, 'sandbox'), 'ENV#env_1#APP#sandbox', 'META'],
    [keys.jobKey(job), 'JOB#job_1', 'META'],
    [keys.watermarkKey(job, account), 'JOB#job_1', 'WM#ia_1'],
    [keys.activeRunKey(job, account), 'JOB#job_1', 'ACTIVE#ia_1'],
    [keys.runKey(run), 'RUN#run_1', 'STATE'],
    [keys.subscriptionKey(environment, subscription), 'ENV#env_1', 'SUB#sub_1'],
    [keys.attemptKey(event, subscription, 7), 'DLV#evt_1#sub_1', 'A#0007'],
    [
      keys.circuitKey({ integration: 'acme', host: 'api.acme.com:8443' }),
      'BRK#acme#api.acme.com:8443',
      'STATE',
    ],
    [keys.lockKey('x'), 'LOCK#x', 'L'],
    [keys.ownerKeyKey(environment, 'environment'), 'ENV#env_1#TEN#environment', 'KEY'],
  ])('%j are what backups and policies rely on', (key, pk, sk) => {
    expect(key).toEqual({ pk, sk });
  });

  it('hash the caller’s own idempotency key', () => {
    expect(keys.idempotencyKey(environment, 'again')).toEqual({
      pk: 'IDEM#env_1#b4c9e14061c2fd453b36700e3b0da008db2189c711ac629f0f583089164e267d',
      sk: 'I',
    });
  });
});

describe('the keys of listings', () => {
  it.each([
    [keys.apiKeyListing(environment, brandId<'key'>('key_1')), 'ENV#env_1', 'KEY#key_1'],
    [keys.tenantListing(environment, tenant), 'ENV#env_1', 'TEN#acme#META'],
    [
      keys.accountListing(environment, '2026-03-01T12:00:00.000Z', account),
      'ENV#env_1',
      'ACCT#2026-03-01T12:00:00.000Z#ia_1',
    ],
    [keys.jobListing(environment, job), 'ENV#env_1', 'JOB#job_1'],
    [keys.runListing(job, run), 'JOB#job_1', 'RUN#run_1'],
  ])('%j start with the prefix that lists them', (listing, gsi1pk, gsi1sk) => {
    expect(listing).toEqual({ gsi1pk, gsi1sk });
    const starts = Object.values(keys.listingPrefix).filter((prefix) => gsi1sk.startsWith(prefix));
    expect(starts.length).toBe(1);
  });
});

it('keep a run in one of eight shards, always the same', () => {
  const shards = Array.from({ length: 400 }, (_, n) => keys.runShard(brandId<'run'>(`run_${n}`)));

  expect(new Set(shards)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
  expect(keys.runShard(run)).toBe(keys.runShard(run));
  expect(keys.runDuePartition(3)).toBe('DUE#run#3');
});
