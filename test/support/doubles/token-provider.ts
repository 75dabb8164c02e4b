/**
 * A provider's token endpoint on a virtual clock: every refresh token works once, and using one
 * twice kills the grant, as the strictest providers do.
 */
import { type Credential, createCredential } from '#shared/account/credential.ts';
import { ProviderTimeoutError } from '#shared/http/network-errors.ts';
import type { RefreshToken } from '#shared/oauth/token/refresh-token.ts';
import { RefreshRefusedError } from '#shared/oauth/token/token-response.ts';
import type { VirtualClock } from './virtual-clock.ts';

export const TOKEN_LIFETIME_MS = 3_600_000;

/** How one call goes. `lost`: the provider acts and its answer never arrives. */
export type CallFate = 'answered' | 'lost' | 'never_sent';

export class TokenProvider {
  readonly #clock: VirtualClock;
  /** Tokens given out so far; the newest has this number. */
  generation = 1;
  exchanges = 0;
  reuses = 0;
  #revoked = false;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** The grant as the end user gave it. */
  first(): Credential {
    return this.#credential(this.generation);
  }

  accepts(accessToken: string | undefined): boolean {
    return !this.#revoked && accessToken === `at${this.generation}`;
  }

  /** The end user connects again. */
  reconnect(): Credential {
    this.#revoked = false;
    this.generation += 1;
    return this.first();
  }

  /** The token endpoint as one process sees it. */
  endpoint(latencyMs: () => number, fate: () => CallFate = () => 'answered'): RefreshToken {
    return async (_, current) => {
      const happens = fate();
      if (happens === 'never_sent') {
        await this.#clock.sleep(15_000);
        throw timeout();
      }
      await this.#clock.sleep(latencyMs());
      const renewed = this.#exchange(current.fields.reveal()['refresh_token']);
      if (happens === 'lost') {
        await this.#clock.sleep(15_000);
        throw timeout();
      }
      await this.#clock.sleep(latencyMs());
      if (!renewed) throw new RefreshRefusedError('refused', { reason: 'invalid_grant' });
      return renewed;
    };
  }

  #exchange(refreshToken: string | undefined): Credential | undefined {
    if (this.#revoked) return undefined;
    if (refreshToken !== `rt${this.generation}`) {
      this.reuses += 1;
      this.#revoked = true;
      return undefined;
    }
    this.exchanges += 1;
    this.generation += 1;
    return this.#credential(this.generation);
  }

  #credential(generation: number): Credential {
    return createCredential(
      { access_token: `at${generation}`, refresh_token: `rt${generation}` },
      this.#clock.now() + TOKEN_LIFETIME_MS,
    );
  }
}

function timeout(): ProviderTimeoutError {
  return new ProviderTimeoutError('the call timed out', {}, { retry: { afterMs: 1 } });
}
