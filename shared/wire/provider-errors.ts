/**
 * What a provider's answer can mean when it is not what was asked for.
 *
 * Messages are extracted by the integration's error expressions; a body never gets in here.
 */
import type { ErrorAction, ErrorClass } from '../integration/limits/plan.ts';
import {
  CallerError,
  type ErrorDetail,
  type ErrorOrigin,
  UpstreamError,
} from '../kernel/errors.ts';

/** The `provider` member of the API's error shape. */
export interface ProviderAnswer {
  readonly status: number;
  readonly code?: string;
  readonly message?: string;
  /** Names of the fields that it refuses. */
  readonly fields?: readonly string[];
  readonly requestId?: string;
}

export class ProviderError extends UpstreamError {
  override readonly name: string = 'ProviderError';
  readonly code: string = 'provider_error';
  /** 4xx other than 401, 403 and 429 keep the provider's status; the rest is 502. */
  override readonly status: number;
  readonly class: ErrorClass;
  readonly provider: ProviderAnswer;
  /** Normalised rate-limit headers, for the answer to our caller. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the integration wants done about it. */
  readonly action: ErrorAction | undefined;

  constructor(
    message: string,
    errorClass: ErrorClass,
    provider: ProviderAnswer,
    detail: ErrorDetail = {},
    headers: Readonly<Record<string, string>> = {},
    action: ErrorAction | undefined = undefined,
  ) {
    super(message, detail, { retry: errorClass === 'transient' ? { afterMs: 5_000 } : 'never' });
    this.headers = headers;
    this.class = errorClass;
    this.action = action;
    this.provider = provider;
    const keeps =
      provider.status >= 400 && provider.status < 500 && ![401, 403, 429].includes(provider.status);
    this.status = keeps ? provider.status : 502;
  }
}

export class RateLimitedError extends UpstreamError {
  override readonly name = 'RateLimitedError';
  readonly code = 'rate_limited';
  override readonly status = 429;
  /** Absent where the provider was not asked: its own limits say that it would refuse. */
  readonly provider: ProviderAnswer | undefined;
  /** When the provider says to come back; absent where it does not say. */
  readonly resumeAtMs: number | undefined;
  /** Normalised rate-limit headers, for the answer to our caller. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    provider: ProviderAnswer | undefined,
    resumeAtMs: number | undefined,
    nowMs: number,
    detail: ErrorDetail = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super('the provider limits the rate of calls', detail, {
      retry: { afterMs: resumeAtMs === undefined ? 1_000 : Math.max(0, resumeAtMs - nowMs) },
    });
    this.provider = provider;
    this.resumeAtMs = resumeAtMs;
    this.headers = headers;
  }
}

/** The credential is dead; only the end user can put it right. */
export class NeedsReauthError extends CallerError {
  override readonly name = 'NeedsReauthError';
  readonly code = 'needs_reauth';
  readonly status = 424;
  override readonly origin: ErrorOrigin = 'provider';
}
