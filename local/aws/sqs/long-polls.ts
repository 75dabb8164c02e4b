/** Receivers that wait for a message to come or to become visible. */
export class LongPolls {
  readonly #waiting = new Map<string, Set<() => void>>();

  /** Resolves after `ms`, on the next {@link notify} of the queue, or when the caller hangs up. */
  wait(queue: string, ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(queue) ?? new Set();
      this.#waiting.set(queue, waiting);
      const wake = (): void => {
        clearTimeout(timer);
        waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  /** All of them look again; those that find nothing go on waiting. */
  notify(queue: string): void {
    for (const wake of [...(this.#waiting.get(queue) ?? [])]) wake();
  }
}
