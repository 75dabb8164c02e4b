import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  type KMSClient,
  ListAliasesCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { ACCOUNT, REGION, TestAws } from '../support.ts';

const DAY_MS = 86_400_000;
const CONTEXT = { app: 'millrace', env_id: 'env_1' };
const SECRET = Buffer.from('correct horse battery staple');

const local = new TestAws();
let kms: KMSClient;

beforeAll(async () => {
  await local.start();
  kms = local.clients().kms;
});
afterAll(() => local.remove());

async function makeKey(): Promise<string> {
  return (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? '';
}

async function encrypt(KeyId: string): Promise<Uint8Array | undefined> {
  return (
    await kms.send(new EncryptCommand({ KeyId, Plaintext: SECRET, EncryptionContext: CONTEXT }))
  ).CiphertextBlob;
}

function decrypt(
  CiphertextBlob: Uint8Array | undefined,
  EncryptionContext: Record<string, string> = CONTEXT,
  KeyId?: string,
) {
  return kms.send(
    new DecryptCommand({
      CiphertextBlob,
      EncryptionContext,
      ...(KeyId === undefined ? {} : { KeyId }),
    }),
  );
}

describe('KMS', () => {
  it('opens what it sealed, without being told the key, contexts in any order', async () => {
    const key = await makeKey();
    const opened = await decrypt(await encrypt(key), { env_id: 'env_1', app: 'millrace' });
    expect(Buffer.from(opened.Plaintext ?? [])).toEqual(SECRET);
    expect(opened.KeyId).toBe(key);
  });

  it('refuses another context, a changed byte and foreign bytes alike', async () => {
    const sealed = await encrypt(await makeKey());
    const changed = Buffer.from(sealed ?? []);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    for (const attempt of [
      decrypt(sealed, { app: 'other' }),
      decrypt(changed),
      decrypt(Buffer.from('x'.repeat(80))),
    ]) {
      await expect(attempt).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
    }
  });

  it('refuses a key that is not the one that sealed', async () => {
    const sealed = await encrypt(await makeKey());
    await expect(decrypt(sealed, CONTEXT, await makeKey())).rejects.toMatchObject({
      name: 'IncorrectKeyException',
    });
  });

  it('makes data keys that it can open again', async () => {
    const made = await kms.send(
      new GenerateDataKeyCommand({
        KeyId: await makeKey(),
        KeySpec: 'AES_256',
        EncryptionContext: CONTEXT,
      }),
    );
    expect(made.Plaintext).toHaveLength(32);
    expect((await decrypt(made.CiphertextBlob)).Plaintext).toEqual(made.Plaintext);
  });

  it('withholds the plaintext of a data key on request', async () => {
    const made = await kms.send(
      new GenerateDataKeyWithoutPlaintextCommand({ KeyId: await makeKey(), NumberOfBytes: 24 }),
    );
    expect(made).not.toHaveProperty('Plaintext');
    expect((await decrypt(made.CiphertextBlob, {})).Plaintext).toHaveLength(24);
  });

  it('moves a ciphertext to another key and context without showing it', async () => {
    const [from, to] = [await makeKey(), await makeKey()];
    const moved = await kms.send(
      new ReEncryptCommand({
        CiphertextBlob: await encrypt(from),
        SourceEncryptionContext: CONTEXT,
        DestinationKeyId: to,
        DestinationEncryptionContext: { app: 'moved' },
      }),
    );
    expect(moved).toMatchObject({ SourceKeyId: from, KeyId: to });
    expect(
      Buffer.from((await decrypt(moved.CiphertextBlob, { app: 'moved' })).Plaintext ?? []),
    ).toEqual(SECRET);
  });

  it('says of a dry run that would succeed that it would', async () => {
    const KeyId = await makeKey();
    const dry = new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', DryRun: true });
    await expect(kms.send(dry)).rejects.toMatchObject({ name: 'DryRunOperationException' });
    await kms.send(new DisableKeyCommand({ KeyId }));
    await expect(kms.send(dry)).rejects.toMatchObject({ name: 'DisabledException' });
  });

  it('does nothing with a disabled key until it is enabled', async () => {
    const KeyId = await makeKey();
    const sealed = await encrypt(KeyId);
    await kms.send(new DisableKeyCommand({ KeyId }));
    await expect(decrypt(sealed)).rejects.toMatchObject({ name: 'DisabledException' });
    await kms.send(new EnableKeyCommand({ KeyId }));
    expect((await decrypt(sealed)).KeyId).toBe(KeyId);
  });

  it('keeps a key that is to be deleted from use, and gives it back disabled', async () => {
    const KeyId = await makeKey();
    const sealed = await encrypt(KeyId);
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    await expect(decrypt(sealed)).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
    await kms.send(new CancelKeyDeletionCommand({ KeyId }));
    await expect(decrypt(sealed)).rejects.toMatchObject({ name: 'DisabledException' });
  });

  it('destroys a key, its aliases and all that it sealed when its time is over', async () => {
    const KeyId = await makeKey();
    const sealed = await encrypt(KeyId);
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/doomed', TargetKeyId: KeyId }));
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    local.clock.advance(7 * DAY_MS);
    await expect(kms.send(new DescribeKeyCommand({ KeyId }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
    await expect(decrypt(sealed)).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
    expect((await kms.send(new ListAliasesCommand({}))).Aliases).not.toContainEqual(
      expect.objectContaining({ AliasName: 'alias/doomed' }),
    );
  });

  it('opens old ciphertexts after rotation, which changes the material at its time', async () => {
    const KeyId = await makeKey();
    await kms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }));
    expect(await kms.send(new GetKeyRotationStatusCommand({ KeyId }))).toMatchObject({
      KeyRotationEnabled: true,
      RotationPeriodInDays: 90,
    });
    const before = await encrypt(KeyId);
    local.clock.advance(90 * DAY_MS);
    const after = await encrypt(KeyId);
    expect([before?.[1], after?.[1]]).toEqual([0, 1]);
    expect(Buffer.from((await decrypt(before)).Plaintext ?? [])).toEqual(SECRET);
    expect(Buffer.from((await decrypt(after)).Plaintext ?? [])).toEqual(SECRET);
  });

  it('finds a key by id, ARN, alias and alias ARN', async () => {
    const arn = await makeKey();
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/platform', TargetKeyId: arn }));
    for (const KeyId of [
      arn,
      arn.split('/')[1],
      'alias/platform',
      `arn:aws:kms:${REGION}:${ACCOUNT}:alias/platform`,
    ]) {
      expect((await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.Arn).toBe(arn);
    }
    const foreign = arn.replace(REGION, 'us-east-1');
    await expect(kms.send(new DescribeKeyCommand({ KeyId: foreign }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
    const again = new CreateAliasCommand({ AliasName: 'alias/platform', TargetKeyId: arn });
    await expect(kms.send(again)).rejects.toMatchObject({ name: 'AlreadyExistsException' });
  });

  it('keeps the policy it is given, and has the account in one it is not given', async () => {
    const KeyId = await makeKey();
    const policy = async () =>
      JSON.parse((await kms.send(new GetKeyPolicyCommand({ KeyId }))).Policy ?? '');
    expect((await policy()).Statement[0]).toMatchObject({
      Action: 'kms:*',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    });
    await kms.send(new PutKeyPolicyCommand({ KeyId, Policy: '{"Statement":[]}' }));
    expect(await policy()).toEqual({ Statement: [] });
  });

  it('refuses more plaintext than KMS takes', async () => {
    const tooMuch = new EncryptCommand({
      KeyId: await makeKey(),
      Plaintext: Buffer.alloc(4097, 1),
    });
    await expect(kms.send(tooMuch)).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
