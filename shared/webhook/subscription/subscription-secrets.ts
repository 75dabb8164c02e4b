/**
 * A subscription's signing secrets: sealed at rest, opened to sign, several while one takes over
 * from another.
 */
import { OPERATOR, type SealContext, type Sealer } from '../../encryption/sealer.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';
import { Transient } from '../../kernel/transient.ts';
import { makeSecret } from './sign.ts';
import type { Subscription } from './subscription.ts';
import type { SealedSecret, StoredSubscription } from './subscription-item.ts';

/** Secrets that sign at one time; a rotation beyond it ends the oldest. */
const MAX_LIVE_SECRETS = 5;

export interface SubscriptionSecrets {
  make(
    subscription: Subscription,
  ): Promise<{ readonly secret: Transient<string>; readonly sealed: SealedSecret }>;
  /** Those that sign now, newest first. */
  open(stored: StoredSubscription): Promise<readonly Transient<string>[]>;
}

export function createSubscriptionSecrets(deps: {
  readonly sealer: Sealer;
  readonly random: Random;
  readonly clock: Clock;
}): SubscriptionSecrets {
  return {
    async make(subscription) {
      const secret = makeSecret(deps.random);
      const sealed = await deps.sealer.seal(
        Buffer.from(secret.reveal()),
        sealContext(subscription),
      );
      return { secret, sealed: { sealed, createdAtMs: deps.clock.now() } };
    },
    open({ subscription, secrets }) {
      const opened = live(secrets, deps.clock.now()).map(async ({ sealed }) => {
        const bytes = await deps.sealer.open(sealed, sealContext(subscription));
        return Transient.of(bytes.toString());
      });
      return Promise.all(opened);
    },
  };
}

/** The secrets after `newest` took over: those before sign on until `nowMs + overlapMs`. */
export function rotated(
  secrets: readonly SealedSecret[],
  newest: SealedSecret,
  nowMs: number,
  overlapMs: number,
): readonly SealedSecret[] {
  const old = live(secrets, nowMs)
    .map((secret) => ({
      ...secret,
      expiresAtMs: Math.min(secret.expiresAtMs ?? Number.POSITIVE_INFINITY, nowMs + overlapMs),
    }))
    .filter(({ expiresAtMs }) => expiresAtMs > nowMs);
  return [newest, ...old].slice(0, MAX_LIVE_SECRETS);
}

function live(secrets: readonly SealedSecret[], nowMs: number): readonly SealedSecret[] {
  return secrets.filter(({ expiresAtMs }) => expiresAtMs === undefined || expiresAtMs > nowMs);
}

function sealContext({ environmentId, id }: Subscription): SealContext {
  return { environmentId, ownerId: OPERATOR, purpose: 'webhook_secret', subject: id };
}
