/** The operations of KMS that use a key. */
import * as z from 'zod';
import { AwsError } from '../aws-message.ts';
import type { KeyRing } from './key-ring.ts';
import { type Operation, operation } from './operation.ts';

const MAX_PLAINTEXT_BYTES = 4096;
const MAX_DATA_KEY_BYTES = 1024;
const DATA_KEY_BYTES = { AES_128: 16, AES_256: 32 } as const;
const ALGORITHM = 'SYMMETRIC_DEFAULT';

const blob = z.base64().transform((text) => Buffer.from(text, 'base64'));
const context = z.record(z.string(), z.string()).default({});
const dryRun = z.boolean().default(false);
const keyId = z.string().min(1);

const dataKeyInput = z.object({
  KeyId: keyId,
  KeySpec: z.enum(['AES_128', 'AES_256']).optional(),
  NumberOfBytes: z.int().min(1).max(MAX_DATA_KEY_BYTES).optional(),
  EncryptionContext: context,
  DryRun: dryRun,
});

const reEncryptInput = z.object({
  CiphertextBlob: blob,
  SourceKeyId: keyId.optional(),
  SourceEncryptionContext: context,
  DestinationKeyId: keyId,
  DestinationEncryptionContext: context,
  DryRun: dryRun,
});

export function encryptionOperations(ring: KeyRing): Readonly<Record<string, Operation>> {
  return {
    Encrypt: operation(
      z.object({ KeyId: keyId, Plaintext: blob, EncryptionContext: context, DryRun: dryRun }),
      (input) => {
        const size = input.Plaintext.length;
        if (size < 1 || size > MAX_PLAINTEXT_BYTES) {
          throw new AwsError(
            'ValidationException',
            "Value at 'plaintext' failed to satisfy constraint: Member must have length between 1 and 4096",
          );
        }
        const key = ring.usable(input.KeyId);
        stopIfDry(input.DryRun);
        const sealed = ring.encrypt(key, input.Plaintext, input.EncryptionContext);
        return {
          CiphertextBlob: sealed.toString('base64'),
          KeyId: ring.keyArn(key),
          EncryptionAlgorithm: ALGORITHM,
        };
      },
    ),
    Decrypt: operation(
      z.object({
        KeyId: keyId.optional(),
        CiphertextBlob: blob,
        EncryptionContext: context,
        DryRun: dryRun,
      }),
      (input) => {
        const { key, plaintext } = ring.decrypt(
          input.CiphertextBlob,
          input.EncryptionContext,
          input.KeyId,
        );
        stopIfDry(input.DryRun);
        return {
          KeyId: ring.keyArn(key),
          Plaintext: plaintext.toString('base64'),
          EncryptionAlgorithm: ALGORITHM,
        };
      },
    ),
    ReEncrypt: operation(reEncryptInput, (input) => reEncrypt(ring, input)),
  };
}

export function dataKeyOperations(ring: KeyRing): Readonly<Record<string, Operation>> {
  return {
    GenerateDataKey: operation(dataKeyInput, (input) => generateDataKey(ring, input)),
    GenerateDataKeyWithoutPlaintext: operation(dataKeyInput, (input) => {
      const { Plaintext: _withheld, ...rest } = generateDataKey(ring, input);
      return rest;
    }),
    GenerateRandom: operation(
      z.object({ NumberOfBytes: z.int().min(1).max(MAX_DATA_KEY_BYTES) }),
      (input) => ({
        Plaintext: ring.random.bytes(input.NumberOfBytes).toString('base64'),
      }),
    ),
  };
}

function reEncrypt(ring: KeyRing, input: z.output<typeof reEncryptInput>) {
  const { CiphertextBlob, SourceEncryptionContext, SourceKeyId, DestinationKeyId } = input;
  const source = ring.decrypt(CiphertextBlob, SourceEncryptionContext, SourceKeyId);
  const destination = ring.usable(DestinationKeyId);
  stopIfDry(input.DryRun);
  const sealed = ring.encrypt(destination, source.plaintext, input.DestinationEncryptionContext);
  return {
    CiphertextBlob: sealed.toString('base64'),
    SourceKeyId: ring.keyArn(source.key),
    KeyId: ring.keyArn(destination),
    SourceEncryptionAlgorithm: ALGORITHM,
    DestinationEncryptionAlgorithm: ALGORITHM,
  };
}

function generateDataKey(ring: KeyRing, input: z.output<typeof dataKeyInput>) {
  const { KeySpec, NumberOfBytes } = input;
  if ((KeySpec === undefined) === (NumberOfBytes === undefined)) {
    throw new AwsError('ValidationException', 'Please specify either number of bytes or key spec.');
  }
  const key = ring.usable(input.KeyId);
  stopIfDry(input.DryRun);
  const bytes = KeySpec === undefined ? (NumberOfBytes ?? 0) : DATA_KEY_BYTES[KeySpec];
  const plaintext = ring.random.bytes(bytes);
  return {
    KeyId: ring.keyArn(key),
    Plaintext: plaintext.toString('base64'),
    CiphertextBlob: ring.encrypt(key, plaintext, input.EncryptionContext).toString('base64'),
  };
}

/** A dry run that would have succeeded says so by this error. */
function stopIfDry(dry: boolean): void {
  if (dry) {
    throw new AwsError(
      'DryRunOperationException',
      'The request would have succeeded, but the DryRun option is set.',
      412,
    );
  }
}
