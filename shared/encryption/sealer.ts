/** The encryption that domains see: bytes in, a storable envelope out, bound to its context. */
import type { EnvironmentId } from '../kernel/id.ts';

/** Owner of what belongs to the operator; no tenant may be called so. Never changes: keys are stored by it. */
export const OPERATOR = 'environment';

export interface SealContext {
  readonly environmentId: EnvironmentId;
  /** Whose key: the tenant's id, or {@link OPERATOR}. */
  readonly ownerId: string;
  readonly purpose: 'credential' | 'cursor' | 'webhook_secret' | 'app_secret';
  /** What is sealed: an account id, a run id, a subscription id. */
  readonly subject: string;
}

/** Goes into an item as a map. `wrappedDek` and `keyId` are outside the authenticated data, so that a re-wrap changes them alone. */
export interface SealedEnvelope {
  readonly [member: string]: string | number | Uint8Array;
  readonly v: 1;
  readonly keyId: string;
  readonly wrappedDek: Uint8Array;
  readonly iv: Uint8Array;
  readonly tag: Uint8Array;
  readonly commitment: Uint8Array;
  readonly ciphertext: Uint8Array;
}

export interface Sealer {
  /** @throws KeyRevokedError, KeyUnavailableError */
  seal(plaintext: Uint8Array, context: SealContext): Promise<SealedEnvelope>;
  /** @throws EnvelopeTamperedError, KeyRevokedError, KeyUnavailableError */
  open(sealed: unknown, context: SealContext): Promise<Buffer>;
}
