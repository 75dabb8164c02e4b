/**
 * The times of a renewal, and the inequality that makes it safe.
 *
 * No provider checks a fence, so the lease must outlive everything that its owner may still do:
 * the call's hard limit, the storing of its result, and the difference between two clocks.
 *
 * Units   milliseconds
 */

/** A credential that ends sooner than this is renewed before use. */
export const PREFLIGHT_MS = 30_000;
/** Hard limit of the call to the token endpoint. */
export const CALL_MS = 15_000;
/** Hard limit of storing what it answered. */
export const PERSIST_MS = 10_000;
/** How far two clocks of the platform may differ. */
const SKEW_MS = 5_000;
/** Longer than CALL + PERSIST + SKEW = 30 s. */
export const LEASE_MS = 45_000;
/** With less left of the lease than this, the call is not begun. */
export const NEEDED_MS = CALL_MS + PERSIST_MS + SKEW_MS;
/** How long a caller waits for another's renewal. */
export const WAIT_MS = 12_000;
/** Between two looks at another's renewal, spread so that waiters do not look together. */
export const POLL_MS = { minimum: 100, maximum: 500 } as const;
