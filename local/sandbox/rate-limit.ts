/** The sandbox provider's rate limit: so many calls per fixed window, said in headers. */

export interface RateLimitVerdict {
  readonly isLimited: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

export function createRateLimit(limit: number, windowMs: number): () => RateLimitVerdict {
  let windowEndsAtMs = 0;
  let used = 0;
  return () => {
    const nowMs = Date.now();
    if (nowMs >= windowEndsAtMs) {
      windowEndsAtMs = nowMs + windowMs;
      used = 0;
    }
    used += 1;
    const isLimited = used > limit;
    const headers: Record<string, string> = {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(Math.max(0, limit - used)),
      'x-ratelimit-reset': String(Math.ceil(windowEndsAtMs / 1_000)),
    };
    if (isLimited) headers['retry-after'] = String(Math.ceil((windowEndsAtMs - nowMs) / 1_000));
    return { isLimited, headers };
  };
}
