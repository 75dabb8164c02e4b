import { createSealer } from '#shared/encryption/create-sealer.ts';
import {
  EnvelopeTamperedError,
  KeyRevokedError,
  KeyUnavailableError,
} from '#shared/encryption/key-ring.ts';
import type { SealContext, Sealer } from '#shared/encryption/sealer.ts';
import { createTenantKeyRing } from '#shared/encryption/tenant-key-ring.ts';
import { eraseTenantKey } from '#shared/encryption/tenant-key-store.ts';
import { brandId, type EnvironmentId } from '#shared/kernel/id.ts';
import { systemRandom } from '#shared/kernel/random.ts';
import { TEST_KEK_ARN, TestKms } from '../../support/doubles/kms.ts';
import { VirtualClock } from '../../support/doubles/virtual-clock.ts';
import { startDynamo, type TestDynamo } from '../../support/servers/dynamo.ts';

const PLAINTEXT = Buffer.from('the access token');

let dynamo: TestDynamo;
let kms: TestKms;
let clock: VirtualClock;
let context: SealContext;
let count = 0;

beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.stop());
beforeEach(() => {
  kms = new TestKms();
  clock = new VirtualClock();
  count += 1;
  context = {
    environmentId: brandId<'env'>(`env_${count}`),
    ownerId: 'acme',
    purpose: 'credential',
    subject: 'ia_1',
  };
});

/** A process of its own: nothing is cached yet. */
function newProcess(): Sealer {
  const keyRing = createTenantKeyRing({
    keysTable: dynamo.keysTable,
    kms: kms.client,
    kekArn: TEST_KEK_ARN,
    clock,
    random: systemRandom,
  });
  return createSealer({ keyRing, random: systemRandom });
}

function operations(): readonly string[] {
  return kms.calls.map(({ operation }) => operation);
}

describe('sealing under a tenant key', () => {
  it('opens in another process what it sealed in one', async () => {
    const sealed = await newProcess().seal(PLAINTEXT, context);

    expect(await newProcess().open(sealed, context)).toEqual(PLAINTEXT);
    expect(operations()).toEqual(['GenerateDataKey', 'Decrypt']);
  });

  it('asks KMS under the encryption context that key policies rely on', async () => {
    await newProcess().seal(PLAINTEXT, context);

    expect(kms.calls[0]?.encryptionContext).toEqual({
      app: 'millrace',
      env_id: context.environmentId,
      owner_id: 'acme',
      purpose: 'tenant_key',
    });
  });

  it('survives a round trip through the table', async () => {
    const key = { pk: `X#${count}`, sk: 'S' };
    await dynamo.table.put({ ...key, sealed: await newProcess().seal(PLAINTEXT, context) });

    const stored = await dynamo.table.get(key);

    expect(await newProcess().open(stored?.['sealed'], context)).toEqual(PLAINTEXT);
  });

  it.each<[string, Partial<SealContext>]>([
    ['another environment', { environmentId: brandId<'env'>('env_other') }],
    ['another owner', { ownerId: 'globex' }],
    ['another purpose', { purpose: 'cursor' }],
    ['another subject', { subject: 'ia_2' }],
  ])('does not open for %s', async (_, change) => {
    const sealer = newProcess();
    const sealed = await sealer.seal(PLAINTEXT, context);
    const elsewhere = { ...context, ...change };
    await sealer.seal(PLAINTEXT, elsewhere);

    await expect(sealer.open(sealed, elsewhere)).rejects.toThrow(EnvelopeTamperedError);
  });

  it('lets one key win when two processes make it at once', async () => {
    const [one, two] = [newProcess(), newProcess()];

    const [a, b] = await Promise.all([one.seal(PLAINTEXT, context), two.seal(PLAINTEXT, context)]);

    expect(a.keyId).toBe(b.keyId);
    expect(await one.open(b, context)).toEqual(PLAINTEXT);
    expect(await two.open(a, context)).toEqual(PLAINTEXT);
  });
});

describe('the cache of tenant keys', () => {
  it('asks KMS once for any number of concurrent callers', async () => {
    const sealed = await newProcess().seal(PLAINTEXT, context);
    kms.calls.length = 0;
    const sealer = newProcess();

    await Promise.all(Array.from({ length: 20 }, () => sealer.open(sealed, context)));

    expect(operations()).toEqual(['Decrypt']);
  });

  it('asks again after 60 seconds, and not before', async () => {
    const sealer = newProcess();
    const sealed = await sealer.seal(PLAINTEXT, context);
    clock.advance(59_999);
    await sealer.open(sealed, context);
    expect(operations()).toEqual(['GenerateDataKey']);

    clock.advance(1);
    await sealer.open(sealed, context);

    expect(operations()).toEqual(['GenerateDataKey', 'Decrypt']);
  });

  it('serves from memory through an outage, for as long as the minute lasts', async () => {
    const sealer = newProcess();
    const sealed = await sealer.seal(PLAINTEXT, context);
    kms.failure = 'KMSInternalException';

    expect(await sealer.open(sealed, context)).toEqual(PLAINTEXT);
    clock.advance(60_000);
    await expect(sealer.open(sealed, context)).rejects.toThrow(KeyUnavailableError);
  });

  it('does not remember a failure', async () => {
    const sealed = await newProcess().seal(PLAINTEXT, context);
    const sealer = newProcess();
    kms.failure = 'ThrottlingException';
    await expect(sealer.open(sealed, context)).rejects.toThrow(KeyUnavailableError);

    kms.failure = undefined;

    expect(await sealer.open(sealed, context)).toEqual(PLAINTEXT);
  });
});

describe('an erased key', () => {
  const owner = () => ({ environmentId: context.environmentId as EnvironmentId, ownerId: 'acme' });

  it('leaves nothing that it sealed readable, also after a new key was made', async () => {
    const sealed = await newProcess().seal(PLAINTEXT, context);
    expect(await eraseTenantKey(dynamo.keysTable, owner())).toBe(true);
    await expect(newProcess().open(sealed, context)).rejects.toThrow(KeyRevokedError);

    await newProcess().seal(PLAINTEXT, context);

    await expect(newProcess().open(sealed, context)).rejects.toThrow(EnvelopeTamperedError);
  });

  it('does not keep a process with the old key in memory from reading under the new one', async () => {
    const old = newProcess();
    await old.seal(PLAINTEXT, context);
    await eraseTenantKey(dynamo.keysTable, owner());
    const sealed = await newProcess().seal(PLAINTEXT, context);

    expect(await old.open(sealed, context)).toEqual(PLAINTEXT);
  });

  it('is told apart from a key that never was', async () => {
    expect(await eraseTenantKey(dynamo.keysTable, owner())).toBe(false);
  });
});

describe('a failure of KMS', () => {
  it.each([
    ['DisabledException', KeyRevokedError],
    ['KMSInvalidStateException', KeyRevokedError],
    ['NotFoundException', KeyRevokedError],
    ['AccessDeniedException', KeyRevokedError],
    ['InvalidCiphertextException', EnvelopeTamperedError],
    ['IncorrectKeyException', EnvelopeTamperedError],
    ['KeyUnavailableException', KeyUnavailableError],
    ['DependencyTimeoutException', KeyUnavailableError],
    ['LimitExceededException', KeyUnavailableError],
  ])('named %s becomes the right error of ours', async (failure, expected) => {
    kms.failure = failure;

    await expect(newProcess().seal(PLAINTEXT, context)).rejects.toThrow(expected);
  });

  it('says to clients what they switch on', async () => {
    kms.failure = 'DisabledException';
    const revoked = await newProcess()
      .seal(PLAINTEXT, context)
      .catch((error: unknown) => error);
    kms.failure = 'KMSInternalException';
    const away = await newProcess()
      .seal(PLAINTEXT, context)
      .catch((error: unknown) => error);

    expect(revoked).toMatchObject({
      code: 'key_revoked',
      status: 424,
      origin: 'tenant_key',
      retry: 'never',
    });
    expect(away).toMatchObject({
      code: 'key_unavailable',
      status: 503,
      origin: 'tenant_key',
      retry: { afterMs: 5_000 },
    });
  });
});
