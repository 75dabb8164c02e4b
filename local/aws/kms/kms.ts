/**
 * AWS KMS for symmetric keys, spoken as JSON 1.1, durable in one folder.
 *
 * Not here: grants, asymmetric and MAC keys, imported material, custom key stores.
 * Source  https://docs.aws.amazon.com/kms/latest/APIReference/API_Operations.html
 */
import type { Clock } from '#shared/kernel/clock.ts';
import { type Random, systemRandom } from '#shared/kernel/random.ts';
import {
  AwsError,
  type Backend,
  jsonAnswer,
  jsonRefusal,
  operationOf,
  parseJsonBody,
} from '../aws-message.ts';
import { aliasOperations } from './aliases.ts';
import { dataKeyOperations, encryptionOperations } from './cryptography.ts';
import { keyOperations, keyPropertyOperations } from './key-management.ts';
import { KeyRing, type KmsPlace } from './key-ring.ts';
import { KeyStore } from './key-store.ts';

const PROTOCOL = 'application/x-amz-json-1.1';

export interface Kms {
  readonly handle: Backend;
  readonly ring: KeyRing;
}

export interface KmsOptions extends KmsPlace {
  readonly folder: string;
  readonly clock: Clock;
  readonly random?: Random;
}

export function openKms(options: KmsOptions): Kms {
  const random = options.random ?? systemRandom;
  const ring = new KeyRing(new KeyStore(options.folder, random), options.clock, random, options);
  const operations = {
    ...keyOperations(ring, options.accountId),
    ...keyPropertyOperations(ring, options.accountId),
    ...aliasOperations(ring),
    ...encryptionOperations(ring),
    ...dataKeyOperations(ring),
  };
  const handle: Backend = async (request) => {
    try {
      const name = operationOf(request);
      const run = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!run)
        throw new AwsError('UnknownOperationException', `The local KMS has no operation ${name}.`);
      return jsonAnswer(PROTOCOL, run(parseJsonBody(request)));
    } catch (error) {
      if (error instanceof AwsError) return jsonRefusal(PROTOCOL, error);
      throw error;
    }
  };
  return { handle, ring };
}
