/**
 * The sandbox provider's OAuth 2.0 server: short access tokens, rotating refresh tokens.
 *
 * Errors  as RFC 6749 §5.2: 400 with `{ error }`
 */
import { randomBytes } from 'node:crypto';

export const SANDBOX_CLIENT = { id: 'sandbox-client', secret: 'sandbox-client-secret' } as const;

export interface TokenAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, string | number>>;
}

export interface TokenIssuer {
  /** Answers `POST /oauth/token`. */
  exchange(form: URLSearchParams): TokenAnswer;
  /** A first pair, as the authorization code flow would have given it. */
  grant(): {
    readonly accessToken: string;
    readonly refreshToken: string;
    readonly expiresInS: number;
  };
  isValid(accessToken: string): boolean;
}

/** @param accessTokenMs life of an access token */
export function createTokenIssuer(accessTokenMs: number, apiToken: string): TokenIssuer {
  const accessTokens = new Map<string, number>();
  const refreshTokens = new Set<string>();
  const expiresInS = Math.floor(accessTokenMs / 1_000);

  const grant = () => {
    const accessToken = `sat_${randomBytes(18).toString('base64url')}`;
    const refreshToken = `srt_${randomBytes(18).toString('base64url')}`;
    accessTokens.set(accessToken, Date.now() + accessTokenMs);
    refreshTokens.add(refreshToken);
    return { accessToken, refreshToken, expiresInS };
  };

  const answer = (): TokenAnswer => {
    const { accessToken, refreshToken } = grant();
    return {
      status: 200,
      body: {
        access_token: accessToken,
        refresh_token: refreshToken,
        token_type: 'Bearer',
        expires_in: expiresInS,
      },
    };
  };

  return {
    grant,
    isValid: (token) => token === apiToken || (accessTokens.get(token) ?? 0) > Date.now(),
    exchange(form) {
      const isClient =
        form.get('client_id') === SANDBOX_CLIENT.id &&
        form.get('client_secret') === SANDBOX_CLIENT.secret;
      if (!isClient) return { status: 401, body: { error: 'invalid_client' } };
      if (form.get('grant_type') === 'client_credentials') return answer();
      if (form.get('grant_type') !== 'refresh_token') {
        return { status: 400, body: { error: 'unsupported_grant_type' } };
      }
      // Rotation: a refresh token works once.
      if (!refreshTokens.delete(form.get('refresh_token') ?? '')) {
        return { status: 400, body: { error: 'invalid_grant' } };
      }
      return answer();
    },
  };
}
