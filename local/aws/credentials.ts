/** Key pairs, one per caller, made by chance and kept in memory only. */
import { randomBytes } from 'node:crypto';
import type { Caller } from './guarded-services.ts';

/** A key pair as `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` carry it. Valid until stop(). */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface KnownCredential extends AwsCredentials {
  readonly caller: Caller;
}

export class Credentials {
  readonly #byCaller = new Map<string, KnownCredential>();
  readonly #byId = new Map<string, KnownCredential>();

  /** The same pair for the same caller. */
  issue(caller: Caller): AwsCredentials {
    const name = caller.kind === 'admin' ? caller.kind : caller.arn;
    const known = this.#byCaller.get(name) ?? {
      accessKeyId: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
      secretAccessKey: randomBytes(30).toString('base64url'),
      caller,
    };
    this.#byCaller.set(name, known);
    this.#byId.set(known.accessKeyId, known);
    return { accessKeyId: known.accessKeyId, secretAccessKey: known.secretAccessKey };
  }

  find(accessKeyId: string): KnownCredential | undefined {
    return this.#byId.get(accessKeyId);
  }
}
