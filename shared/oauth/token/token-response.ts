/**
 * What a token endpoint answers, for better or worse.
 *
 * Stricter than its providers where it is about safety (size, types), laxer where RFC 6749 is
 * often not kept: media type, `token_type`, `expires_in` as a string, an error under status 200.
 *
 * Errors  {@link RefreshRefusedError}, {@link TokenEndpointError}
 * Source  RFC 6749 §5.1, §5.2
 */
import type { CredentialFields } from '../../account/credential.ts';
import type { OAuth } from '../../integration/auth/plan.ts';
import { AppError, type ErrorOrigin, type Retry, UpstreamError } from '../../kernel/errors.ts';
import { isJsonObject } from '../../kernel/json.ts';
import { lifetimeMs } from './expiry.ts';
import { evaluateOn, type TokenAnswer } from './token-answer.ts';

export interface RenewedTokens {
  /** `access_token`, and `refresh_token` where the provider rotates it. */
  readonly fields: CredentialFields;
  /** Life of the access token; absent where it is not known. */
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
const TERMINAL_CODES = ['invalid_grant', 'invalid_client'];
const TERMINAL_STATUSES = [401, 403];
export const RETRY = { retry: { afterMs: 5_000 } } as const;

type TokenRules = Pick<OAuth, 'response' | 'expires' | 'terminalErrors'>;

/** @throws RefreshRefusedError, TokenEndpointError */
export function readTokens(rules: TokenRules, answer: TokenAnswer, nowMs: number): RenewedTokens {
  const { response, expires, terminalErrors } = rules;
  const access = evaluated(response.accessToken, answer, 'access_token');
  if (!isSuccess(answer) || !isToken(access)) {
    throw failureOf(answer, errorCodeOf(answer), terminalErrors);
  }
  const refresh = evaluated(response.refreshToken, answer, 'refresh_token');
  const expiresIn = evaluated(response.expiresIn, answer, 'expires_in');
  const lifetime = lifetimeMs(expires, expiresIn, answer, nowMs);
  return {
    fields: { access_token: access, ...(isToken(refresh) ? { refresh_token: refresh } : {}) },
    ...(lifetime === undefined ? {} : { lifetimeMs: lifetime }),
  };
}

/** Whether only somebody else can help, or a later try. The reason is a code, never more. */
export function failureOf(
  { status }: TokenAnswer,
  code: string | undefined,
  terminalErrors: readonly string[],
): RefreshRefusedError | TokenEndpointError {
  const sentence = 'the provider refuses to renew the token';
  if (code !== undefined && (TERMINAL_CODES.includes(code) || terminalErrors.includes(code))) {
    return new RefreshRefusedError(sentence, { reason: code });
  }
  if (TERMINAL_STATUSES.includes(status)) {
    return new RefreshRefusedError(sentence, { reason: `token_endpoint_${status}` });
  }
  return new TokenEndpointError('the token endpoint gave no token', { status }, RETRY);
}

/** RFC 6749 §5.2: `error`; some servers nest the code within it. */
export function errorCodeOf({ body }: TokenAnswer): string | undefined {
  const error = isJsonObject(body) ? body['error'] : undefined;
  return codeText(isJsonObject(error) ? error['code'] : error);
}

/** What looks like a code, and like nothing else. */
export function codeText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && /^[\w.:-]{1,100}$/.test(value) ? value : undefined;
}

export function isSuccess({ status }: TokenAnswer): boolean {
  return status >= 200 && status < 300;
}

function evaluated(
  expression: TokenRules['response']['accessToken'],
  answer: TokenAnswer,
  member: string,
): unknown {
  if (expression) return evaluateOn(expression, answer);
  return isJsonObject(answer.body) ? answer.body[member] : undefined;
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
