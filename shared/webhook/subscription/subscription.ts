/**
 * A webhook subscription: who wants which events, where, and in what health the receiver is.
 *
 * Health  the first failure starts a clock that any success stops; a receiver that has failed for
 *         {@link DISABLE_AFTER_MS} and at least {@link DISABLE_AFTER_FAILURES} times is disabled
 *         (one slow night of a quiet receiver must not end it), and one that answers 410 at once.
 * Errors  {@link InsecureUrlError}
 * Source  Standard Webhooks 1.0.0 "410 Gone"
 */
import * as z from 'zod';
import { checkUrl } from '../../http/egress-guard.ts';
import { ForbiddenAddressError } from '../../http/network-errors.ts';
import { CallerError, type Fault } from '../../kernel/errors.ts';
import type { EnvironmentId, SubscriptionId } from '../../kernel/id.ts';
import { eventPattern, matchesAny } from './event-pattern.ts';

export const DISABLE_AFTER_MS = 24 * 3_600_000;
export const DISABLE_AFTER_FAILURES = 5;

export type DisabledReason = 'gone' | 'failing' | 'requested';

export interface Subscription {
  readonly id: SubscriptionId;
  readonly environmentId: EnvironmentId;
  readonly url: string;
  readonly events: readonly string[];
  readonly description?: string;
  readonly status: 'enabled' | 'disabled';
  readonly disabledReason?: DisabledReason;
  /** Set while nothing but failures came back. */
  readonly firstFailureAtMs?: number;
  readonly failures: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Rises by one with every change that a caller made; the ETag. */
  readonly version: number;
}

/** The target is not public HTTPS. */
export class InsecureUrlError extends CallerError {
  override readonly name = 'InsecureUrlError';
  readonly code = 'insecure_url';
  readonly status = 422;
  override readonly faults: readonly Fault[];

  constructor(message: string, faults: readonly Fault[]) {
    super(message);
    this.faults = faults;
  }
}

/** Body of POST /v1/webhook-subscriptions. */
export const newSubscription = z.strictObject({
  url: z.string().min(1).max(2_048),
  events: z.array(eventPattern).min(1).max(50),
  description: z.string().max(500).optional(),
});
export type NewSubscription = z.output<typeof newSubscription>;

/** Body of PATCH after the merge: what a caller may change. */
export const subscriptionChange = z.strictObject({
  url: z.string().min(1).max(2_048).optional(),
  events: z.array(eventPattern).min(1).max(50).optional(),
  description: z.string().max(500).nullable().optional(),
});
export type SubscriptionChange = z.output<typeof subscriptionChange>;

/**
 * Public HTTPS, judged by the URL's text. What its name resolves to is judged at every connect.
 *
 * @throws InsecureUrlError
 */
export function checkTargetUrl(text: string, allowLoopback: boolean): URL {
  const fault = (message: string) =>
    new InsecureUrlError('the target is not public https', [{ path: 'url', message }]);
  if (!URL.canParse(text)) throw fault('must be an absolute URL');
  const url = new URL(text);
  try {
    checkUrl(url, { allowLoopback });
  } catch (error) {
    if (!(error instanceof ForbiddenAddressError)) throw error;
    throw fault('must be https:// to a public host, without user name or password');
  }
  return url;
}

/** Whether this failure, on top of those before, is the one that disables the receiver. */
export function isExhausted(subscription: Subscription, nowMs: number): boolean {
  const { firstFailureAtMs, failures } = subscription;
  return (
    firstFailureAtMs !== undefined &&
    nowMs - firstFailureAtMs >= DISABLE_AFTER_MS &&
    failures >= DISABLE_AFTER_FAILURES
  );
}

export function wants(subscription: Subscription, eventType: string): boolean {
  return subscription.status === 'enabled' && matchesAny(subscription.events, eventType);
}
