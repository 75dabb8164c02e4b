/**
 * Who calls, and whether they may: `Authorization: Bearer <api key>` against a route's scopes.
 *
 * Errors  {@link UnauthenticatedError}, {@link ForbiddenError}
 */
import type { ApiKeyScope } from '../../access/api-key.ts';
import type { Authenticate, Principal } from '../../access/authenticate.ts';
import { CallerError } from '../../kernel/errors.ts';

export class UnauthenticatedError extends CallerError {
  override readonly name = 'UnauthenticatedError';
  readonly code = 'unauthenticated';
  readonly status = 401;
}

export class ForbiddenError extends CallerError {
  override readonly name = 'ForbiddenError';
  readonly code = 'forbidden';
  readonly status = 403;
}

/** RFC 6750 §2.1; the scheme's name is case-insensitive (RFC 9110 §11.1). */
const BEARER = /^bearer +([A-Za-z0-9._~+/=-]{1,512})$/i;

/** @throws UnauthenticatedError, ForbiddenError */
export async function authorize(
  headers: Readonly<Record<string, string>>,
  scopes: readonly ApiKeyScope[],
  authenticate: Authenticate,
): Promise<Principal | undefined> {
  if (scopes.length === 0) return undefined;
  const apiKey = BEARER.exec(headers['authorization'] ?? '')?.[1];
  const caller = apiKey === undefined ? undefined : await authenticate(apiKey);
  if (!caller) throw new UnauthenticatedError('a valid api key is needed');
  if (!scopes.some((scope) => caller.scopes.includes(scope))) {
    throw new ForbiddenError('the api key lacks the scope that this route needs');
  }
  return caller;
}
