/**
 * What a failure of KMS means for whoever needs the key.
 *
 * Source  AWS KMS API reference, "Common errors" and the errors of Decrypt and GenerateDataKey
 */
import { EnvelopeTamperedError, KeyRevokedError, KeyUnavailableError } from './key-ring.ts';

/** The key is there no more, or not for us. Fails closed. */
const REVOKED = new Set([
  'DisabledException',
  'KMSInvalidStateException',
  'NotFoundException',
  'AccessDeniedException',
]);
/** The wrapped key was changed, or belongs to another context. */
const TAMPERED = new Set(['InvalidCiphertextException', 'IncorrectKeyException']);

/** A failure to throw instead of `error`, which some call to KMS threw. */
export function fromKmsError(error: unknown): Error {
  const name = error instanceof Error ? error.name : '';
  if (REVOKED.has(name)) {
    return new KeyRevokedError('the key is revoked', { reason: name }, { cause: error });
  }
  if (TAMPERED.has(name)) {
    return new EnvelopeTamperedError(
      'a wrapped key does not open',
      { reason: name },
      { cause: error },
    );
  }
  // Throttles, time-outs, outages, lost connections: nothing says that the key is bad.
  return new KeyUnavailableError('the key service is not available', { cause: error });
}
