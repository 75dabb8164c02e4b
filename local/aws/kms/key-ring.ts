/**
 * Finding keys, in the states and under the names that KMS knows, and using them.
 *
 * Errors  AwsError NotFoundException, DisabledException, KMSInvalidStateException,
 *         InvalidCiphertextException, IncorrectKeyException
 */
import type { Clock } from '#shared/kernel/clock.ts';
import type { Random } from '#shared/kernel/random.ts';
import { AwsError } from '../aws-message.ts';
import {
  authenticatedData,
  decodeCiphertext,
  type EncryptionContext,
  encodeCiphertext,
  open,
  seal,
} from './ciphertext.ts';
import type { Key, KeyStore } from './key-store.ts';

const DAY_MS = 86_400_000;
const KEY_BYTES = 32;

export interface KmsPlace {
  readonly region: string;
  readonly accountId: string;
}

export class KeyRing {
  readonly store: KeyStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly #prefix: string;

  constructor(store: KeyStore, clock: Clock, random: Random, place: KmsPlace) {
    this.store = store;
    this.clock = clock;
    this.random = random;
    this.#prefix = `arn:aws:kms:${place.region}:${place.accountId}:`;
  }

  /** `resource` is `key/<id>` or `alias/<name>`. */
  arn(resource: string): string {
    return this.#prefix + resource;
  }

  keyArn(key: Key): string {
    return this.arn(`key/${key.keyId}`);
  }

  /** @param name an id, a key ARN, an alias or an alias ARN */
  find(name: string): Key {
    const local = name.startsWith('arn:') ? name.split(':').slice(5).join(':') : name;
    if (name.startsWith('arn:') && !name.startsWith(this.#prefix)) throw this.#missing(name);
    const id = local.startsWith('alias/')
      ? this.store.aliases.get(local)
      : local.replace(/^key\//, '');
    const key = this.#living(id ?? '');
    if (!key)
      throw this.#missing(local.startsWith('alias/') ? this.arn(local) : this.arn(`key/${id}`));
    return key;
  }

  /** The key of `name`, provided that it may be used now. */
  usable(name: string): Key {
    const key = this.find(name);
    assertEnabled(key, this.keyArn(key));
    return key;
  }

  encrypt(key: Key, plaintext: Buffer, context: EncryptionContext): Buffer {
    this.#rotateIfDue(key);
    const materialNumber = key.material.length - 1;
    const sealed = seal(
      materialOf(key, materialNumber),
      plaintext,
      authenticatedData(context),
      this.random,
    );
    return encodeCiphertext({ keyId: key.keyId, materialNumber, sealed });
  }

  /** @param expected the key that the caller says it is; refused if it is another */
  decrypt(
    blob: Buffer,
    context: EncryptionContext,
    expected?: string,
  ): { key: Key; plaintext: Buffer } {
    const header = decodeCiphertext(blob);
    const key = header && this.#living(header.keyId);
    if (!header || !key) throw invalidCiphertext();
    if (expected !== undefined && this.find(expected) !== key) {
      throw new AwsError(
        'IncorrectKeyException',
        'The key ID in the request does not identify a CMK that can perform this operation.',
      );
    }
    assertEnabled(key, this.keyArn(key));
    try {
      const material = materialOf(key, header.materialNumber);
      return { key, plaintext: open(material, header.sealed, authenticatedData(context)) };
    } catch {
      throw invalidCiphertext();
    }
  }

  /** The ARN of the key that sealed `blob`, for policies that name keys; undefined if it is none of ours. */
  sealedBy(blob: Buffer): string | undefined {
    const key = this.#living(decodeCiphertext(blob)?.keyId ?? '');
    return key && this.keyArn(key);
  }

  rotate(key: Key): void {
    key.material.push(this.random.bytes(KEY_BYTES));
    key.rotatedAtMs = this.clock.now();
    this.store.save();
  }

  /** A key whose waiting period is over is destroyed, with all that it sealed. */
  #living(keyId: string): Key | undefined {
    const key = this.store.keys.get(keyId);
    if (key?.deletionAtMs === undefined || this.clock.now() < key.deletionAtMs) return key;
    this.store.keys.delete(keyId);
    for (const [alias, target] of this.store.aliases) {
      if (target === keyId) this.store.aliases.delete(alias);
    }
    this.store.save();
    return undefined;
  }

  #rotateIfDue(key: Key): void {
    if (key.rotationDays === undefined) return;
    if (this.clock.now() - key.rotatedAtMs >= key.rotationDays * DAY_MS) this.rotate(key);
  }

  #missing(arn: string): AwsError {
    const what = arn.includes(':alias/')
      ? `Alias ${arn} is not found.`
      : `Key '${arn}' does not exist`;
    return new AwsError('NotFoundException', what);
  }
}

function assertEnabled(key: Key, arn: string): void {
  if (key.state === 'Disabled') throw new AwsError('DisabledException', `${arn} is disabled.`);
  if (key.state === 'PendingDeletion') {
    throw new AwsError('KMSInvalidStateException', `${arn} is pending deletion.`);
  }
}

function materialOf(key: Key, number: number): Buffer {
  const material = key.material[number];
  if (!material) throw invalidCiphertext();
  return material;
}

/** KMS gives no message here, so that nothing is learnt from trying. */
function invalidCiphertext(): AwsError {
  return new AwsError('InvalidCiphertextException', '');
}
