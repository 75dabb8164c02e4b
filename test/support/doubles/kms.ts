/**
 * KMS in this process, under the real client: AES-256-GCM with the encryption context as
 * authenticated data, key states, and a log of every call. Nothing opens under another context.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { KMSClient } from '@aws-sdk/client-kms';

export const TEST_KEK_ARN = 'arn:aws:kms:us-east-1:000000000000:key/platform';

export interface KmsCall {
  readonly operation: string;
  readonly encryptionContext: Readonly<Record<string, string>>;
}

interface KmsRequest {
  readonly KeyId?: string;
  readonly NumberOfBytes?: number;
  readonly CiphertextBlob?: string;
  readonly EncryptionContext?: Readonly<Record<string, string>>;
}

export class TestKms {
  readonly calls: KmsCall[] = [];
  /** The next calls fail with this error type; `undefined` ends it. */
  failure: string | undefined;
  readonly client: KMSClient;
  readonly #keys = new Map([[TEST_KEK_ARN, randomBytes(32)]]);

  constructor() {
    this.client = new KMSClient({
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
      requestHandler: {
        handle: (request: { headers: object; body: Uint8Array }) => this.#handle(request),
      },
    } as never);
  }

  async #handle(request: { headers: object; body: Uint8Array }) {
    const target = String((request.headers as Record<string, string>)['x-amz-target']);
    const operation = target.split('.')[1] ?? '';
    const input = JSON.parse(new TextDecoder().decode(request.body)) as KmsRequest;
    this.calls.push({ operation, encryptionContext: input.EncryptionContext ?? {} });
    try {
      if (this.failure !== undefined) throw new KmsFault(this.failure);
      return answer(200, this.#run(operation, input));
    } catch (error) {
      if (!(error instanceof KmsFault)) throw error;
      return answer(400, { __type: error.type, message: 'refused by the double' });
    }
  }

  #run(operation: string, input: KmsRequest): object {
    const key = this.#keys.get(input.KeyId ?? '');
    if (!key) throw new KmsFault('NotFoundException');
    const aad = Buffer.from(JSON.stringify(Object.entries(input.EncryptionContext ?? {}).sort()));
    if (operation === 'GenerateDataKey') {
      const plaintext = randomBytes(input.NumberOfBytes ?? 32);
      return {
        KeyId: input.KeyId,
        Plaintext: plaintext.toString('base64'),
        CiphertextBlob: sealUnder(key, plaintext, aad).toString('base64'),
      };
    }
    if (operation === 'Decrypt') {
      const plaintext = openUnder(key, Buffer.from(input.CiphertextBlob ?? '', 'base64'), aad);
      return { KeyId: input.KeyId, Plaintext: plaintext.toString('base64') };
    }
    throw new KmsFault('UnknownOperationException');
  }
}

class KmsFault extends Error {
  readonly type: string;

  constructor(type: string) {
    super(type);
    this.type = type;
  }
}

function sealUnder(key: Buffer, plaintext: Buffer, aad: Buffer): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(aad);
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

function openUnder(key: Buffer, blob: Buffer, aad: Buffer): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, blob.subarray(0, 12)).setAAD(aad);
    decipher.setAuthTag(blob.subarray(12, 28));
    return Buffer.concat([decipher.update(blob.subarray(28)), decipher.final()]);
  } catch {
    throw new KmsFault('InvalidCiphertextException');
  }
}

function answer(statusCode: number, body: object) {
  return {
    response: {
      statusCode,
      headers: { 'content-type': 'application/x-amz-json-1.1' },
      body: Readable.from([Buffer.from(JSON.stringify(body))]),
    },
  };
}
