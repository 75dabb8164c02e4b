/**
 * What a token endpoint answers, for better or worse.
 *
 * Stricter than its providers where it is about safety (size, types), laxer where RFC 6749 is
 * often not kept: media type, `token_type`, `expires_in` as a string, an error under status 200.
 *
 * Errors  {@link RefreshRefusedError}, {@link TokenEndpointError}
 * Source  RFC 6749 §5.1, §5.2
 */
import * as z from 'zod';
import type { CredentialFields } from '../account/credential.ts';
import { AppError, type ErrorOrigin, type Retry, UpstreamError } from '../kernel/errors.ts';

export interface RenewedTokens {
  /** `access_token`, and `refresh_token` where the provider rotates it. */
  readonly fields: CredentialFields;
  /** Life of the access token; absent where the provider does not say. */
  readonly lifetimeMs?: number;
}

/** The provider says that this grant is dead. Never leaves the credential source. */
export class RefreshRefusedError extends AppError {
  override readonly name = 'RefreshRefusedError';
  readonly code = 'needs_reauth';
  readonly status = 424;
  readonly origin: ErrorOrigin = 'provider';
  readonly retry: Retry = 'never';
}

/** The token endpoint answered, but with no token and no verdict. */
export class TokenEndpointError extends UpstreamError {
  override readonly name = 'TokenEndpointError';
  readonly code = 'provider_error';
}

/** Codes that only the end user, or a new client secret, can put right. */
const TERMINAL_CODES = new Set(['invalid_grant', 'invalid_client']);
const TERMINAL_STATUSES = new Set([401, 403]);
const RETRY = { retry: { afterMs: 5_000 } } as const;

/** Ten years; a longer life is not believed, and would not fit a date. */
const MAX_LIFETIME_S = 315_360_000;

const granted = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  expires_in: z.coerce.number().positive().max(MAX_LIFETIME_S).nullish().catch(undefined),
});
const refused = z.object({ error: z.string().max(100) });

/** @throws RefreshRefusedError, TokenEndpointError */
export function readTokenResponse(status: number, text: string): RenewedTokens {
  const body = parseJson(text);
  const tokens = granted.safeParse(body);
  if (status >= 200 && status < 300 && tokens.success) return renewed(tokens.data);

  const code = refused.safeParse(body).data?.error ?? '';
  if (TERMINAL_CODES.has(code)) {
    throw new RefreshRefusedError('the provider refuses to renew the token', { reason: code });
  }
  if (TERMINAL_STATUSES.has(status)) {
    throw new RefreshRefusedError('the provider refuses to renew the token', {
      reason: `token_endpoint_${status}`,
    });
  }
  throw new TokenEndpointError('the token endpoint gave no token', { status }, RETRY);
}

function renewed(tokens: z.output<typeof granted>): RenewedTokens {
  const { access_token, refresh_token, expires_in } = tokens;
  return {
    fields: { access_token, ...(refresh_token ? { refresh_token } : {}) },
    ...(expires_in ? { lifetimeMs: Math.floor(expires_in * 1_000) } : {}),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // An HTML page of some proxy: neither token nor verdict.
    return undefined;
  }
}
