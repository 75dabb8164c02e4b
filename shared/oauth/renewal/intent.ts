/**
 * What is known of earlier calls with the refresh token at hand: the decision table of renew.ts.
 */
import { createHash } from 'node:crypto';
import type { RefreshIntent } from '../../account/credential-vault.ts';

export interface PlannedCall {
  readonly kind: 'call';
  /** To write down before the call; absent where a lost answer costs nothing. */
  readonly intent?: RefreshIntent;
  /** An earlier call with this token may have spent it, and its answer was lost. */
  readonly doubtful: boolean;
}

/** `lost`: an attempt crashed, and so did its retry; the token is given up. */
export type NextIntent = { readonly kind: 'lost' } | PlannedCall;

/** A refresh token is long and random: its hash tells nothing. */
export function hashOf(refreshToken: string): string {
  return createHash('sha256').update(refreshToken).digest('base64url');
}

export function nextIntent(
  found: RefreshIntent | undefined,
  tokenHash: string,
  nowMs: number,
): NextIntent {
  const call = { tokenHash, startedAtMs: nowMs, state: 'calling' } as const;
  if (found?.tokenHash !== tokenHash) {
    return { kind: 'call', intent: { ...call, retry: false }, doubtful: false };
  }
  if (found.state === 'unanswered') {
    return { kind: 'call', intent: { ...call, retry: false }, doubtful: true };
  }
  if (found.retry) return { kind: 'lost' };
  return { kind: 'call', intent: { ...call, retry: true }, doubtful: true };
}
