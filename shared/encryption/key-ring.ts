/**
 * Who holds the keys: gives out data keys, each wrapped under its owner's key-encryption key.
 *
 * A sealer knows only this port. A ring over another tier of keys (the customer's own KMS key)
 * is another implementation, told apart by the `keyId` of what it wrapped.
 *
 * Errors  {@link KeyRevokedError}, {@link KeyUnavailableError}, {@link EnvelopeTamperedError}
 */
import {
  AppError,
  CallerError,
  type ErrorOrigin,
  type Retry,
  UpstreamError,
} from '../kernel/errors.ts';
import type { SealContext } from './sealer.ts';

/** Length of every symmetric key of ours: AES-256. */
export const KEY_BYTES = 32;

export interface WrappedDek {
  /** Which key-encryption key wrapped it. */
  readonly keyId: string;
  readonly wrappedDek: Uint8Array;
}

export interface KeyRing {
  /** A new data key and its wrapping. Whoever asks zeroes `dek` after use. */
  createDek(context: SealContext): Promise<WrappedDek & { readonly dek: Buffer }>;
  /** The data key. Whoever asks zeroes it after use. */
  openDek(wrapped: WrappedDek, context: SealContext): Promise<Buffer>;
}

/** The owner's key is disabled, denied or gone: what it sealed cannot be read. */
export class KeyRevokedError extends CallerError {
  override readonly name = 'KeyRevokedError';
  readonly code = 'key_revoked';
  readonly status = 424;
  override readonly origin: ErrorOrigin = 'tenant_key';
}

/** The key service cannot be reached now. */
export class KeyUnavailableError extends UpstreamError {
  override readonly name = 'KeyUnavailableError';
  readonly code = 'key_unavailable';
  override readonly status = 503;
  override readonly origin: ErrorOrigin = 'tenant_key';

  constructor(message: string, options?: ErrorOptions) {
    super(message, {}, { ...options, retry: { afterMs: 5_000 } });
  }
}

/** A sealed value was changed, or moved to where it does not belong. Alarms; is never retried. */
export class EnvelopeTamperedError extends AppError {
  override readonly name = 'EnvelopeTamperedError';
  readonly code = 'envelope_tampered';
  readonly status = 500;
  readonly origin: ErrorOrigin = 'platform';
  readonly retry: Retry = 'never';
}
