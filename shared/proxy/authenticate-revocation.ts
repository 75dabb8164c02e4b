/** Puts an account's credential on the call that revokes it, as on any other call. */
import type { Clock } from '../kernel/clock.ts';
import type { Random } from '../kernel/random.ts';
import type { RevokeGrantDeps } from '../oauth/revoke-grant.ts';
import { authenticate } from './authenticate.ts';

export function createAuthenticateRevocation(deps: {
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
}): RevokeGrantDeps['authenticate'] {
  return async (request, auth, { credential }, account) => {
    const { urlTemplate, body, ...rest } = request;
    const outgoing = { ...rest, ...(body ? { body } : {}) };
    const instant = { nowMs: deps.clock.now(), random: deps.random };
    const sent = await authenticate(outgoing, auth, credential, account, instant);
    return { ...sent, urlTemplate };
  };
}
