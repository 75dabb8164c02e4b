/**
 * Plaintext key-encryption keys in this process's memory, for at most a minute.
 *
 * The minute bounds how long a revoked key still works. It counts from before the key service
 * was asked. Concurrent callers share one load; a failed load is forgotten at once. A key that
 * leaves the cache is overwritten with zeroes; that happens at the next use of the cache, since
 * a timer would not run in a frozen process.
 *
 * Units   milliseconds
 */
import type { Clock } from '../kernel/clock.ts';

export const KEK_TTL_MS = 60_000;
const MAX_KEYS = 1_000;

export interface Kek {
  readonly keyId: string;
  readonly key: Buffer;
}

interface Entry extends Kek {
  readonly expiresAtMs: number;
}

export class KekCache {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #loading = new Map<string, Promise<void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `work` with the owner's key, loaded if need be. `work` must not keep the key. */
  async use<Result>(
    owner: string,
    load: () => Promise<Kek>,
    work: (kek: Kek) => Result,
  ): Promise<Result> {
    for (;;) {
      this.#evictExpired();
      const entry = this.#entries.get(owner);
      // No await between the look and the work: nobody zeroes the key in between.
      if (entry) return work(entry);
      await this.#loadOnce(owner, load);
    }
  }

  /** Drops the owner's key before its time. */
  forget(owner: string): void {
    this.#entries.get(owner)?.key.fill(0);
    this.#entries.delete(owner);
  }

  #loadOnce(owner: string, load: () => Promise<Kek>): Promise<void> {
    const running = this.#loading.get(owner);
    if (running !== undefined) return running;
    const started = this.#load(owner, load).finally(() => this.#loading.delete(owner));
    this.#loading.set(owner, started);
    return started;
  }

  async #load(owner: string, load: () => Promise<Kek>): Promise<void> {
    const expiresAtMs = this.#clock.now() + KEK_TTL_MS;
    const kek = await load();
    this.forget(owner);
    this.#makeRoom();
    this.#entries.set(owner, { ...kek, expiresAtMs });
  }

  #evictExpired(): void {
    const nowMs = this.#clock.now();
    for (const [owner, { expiresAtMs }] of this.#entries) {
      if (expiresAtMs <= nowMs) this.forget(owner);
    }
  }

  /** The first in is the first out: they all live equally long. */
  #makeRoom(): void {
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined && this.#entries.size >= MAX_KEYS) this.forget(oldest);
  }
}
